#include "ngram/segment.h"

#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/segment_format.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kEndOfIds = uint64_t{1} << 63;
constexpr size_t kUnigramSize = 16;
constexpr size_t kHashSize = 32;

uint64_t u64_at(std::string_view column, uint64_t row) { return load_le64(column.substr(row * 8)); }

std::unexpected<Error> damaged(const std::string& what) { return fail(ErrorCode::data_loss, what); }

Error at_file(const std::string& path, Error error) {
  if (error.code == ErrorCode::data_loss) {
    error.message += "; restore the file from a backup or build the index again";
  }
  return std::move(fail_within("segment " + path, std::move(error)).error());
}

}  // namespace

std::string segment_path(std::string_view folder, const Hash256& name) {
  return io::join(folder, name.hex() + ".segment");
}

Result<Segment> Segment::open(io::FileSystem& files, const std::string& folder, const Hash256& name) {
  const std::string path = segment_path(folder, name);
  auto map = TRY(files.map(path));
  if (sha256(map->bytes()) != name) {
    return std::unexpected(at_file(path, {ErrorCode::data_loss, "its bytes do not hash to its name"}));
  }
  return read(std::move(map), path, name);
}

Result<Segment> Segment::open_file(io::FileSystem& files, const std::string& path) {
  auto map = TRY(files.map(path));
  const Hash256 name = sha256(map->bytes());
  return read(std::move(map), path, name);
}

Result<Segment> Segment::read(std::unique_ptr<io::FileMap> map, const std::string& path, const Hash256& name) {
  auto parsed = parse_segment(map->bytes());
  if (!parsed) return std::unexpected(at_file(path, std::move(parsed.error())));
  Segment segment;
  segment.map_ = std::move(map);
  segment.path_ = path;
  segment.name_ = name;
  segment.vocabulary_size_ = parsed->shape.vocabulary_size;
  segment.document_count_ = static_cast<uint32_t>(parsed->shape.document_count);
  segment.entries_ = section_of(parsed->sections, Section::entries);
  segment.contributors_ = section_of(parsed->sections, Section::contributors);
  segment.token_begins_ = section_of(parsed->sections, Section::token_begins);
  segment.token_hashes_ = section_of(parsed->sections, Section::token_hashes);
  segment.unigrams_ = section_of(parsed->sections, Section::unigrams);
  segment.tokens_ = PackedTokens(section_of(parsed->sections, Section::tokens), parsed->shape.token_count,
                                 token_bits(segment.vocabulary_size_));
  if (auto checked = segment.check_columns(); !checked) return std::unexpected(at_file(path, checked.error()));
  if (auto checked = segment.check_tokens(); !checked) return std::unexpected(at_file(path, checked.error()));
  return segment;
}

Result<void> Segment::check_columns() const {
  for (uint32_t i = 0; i < document_count_; ++i) {
    const uint64_t entry = u64_at(entries_, i);
    if (i > 0 && entry <= u64_at(entries_, i - 1)) return damaged("entries do not ascend");
    if (entry >= kEndOfIds || u64_at(contributors_, i) >= kEndOfIds) return damaged("an entry index is over 2^63");
    if (u64_at(token_begins_, i) > u64_at(token_begins_, i + 1)) return damaged("token begins do not ascend");
  }
  if (u64_at(token_begins_, 0) != 0 || u64_at(token_begins_, document_count_) != tokens_.size()) {
    return damaged("the documents do not tile the tokens");
  }
  return {};
}

Result<void> Segment::check_tokens() const {
  if (!tokens_.tail_is_zero()) return damaged("there are bits after the last token");
  for (uint64_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].value() >= vocabulary_size_) return damaged("a token is outside the vocabulary");
  }
  uint64_t left = tokens_.size();
  for (size_t i = 0; i < unigrams_.size() / kUnigramSize; ++i) {
    const uint64_t token = u64_at(unigrams_, 2 * i);
    const uint64_t count = u64_at(unigrams_, 2 * i + 1);
    if (token >= vocabulary_size_ || (i > 0 && token <= u64_at(unigrams_, 2 * i - 2)) || count == 0 || count > left) {
      return damaged("the unigram counts are wrong");
    }
    left -= count;
  }
  if (left != 0) return damaged("the unigram counts do not add up to the tokens");
  return {};
}

DocumentRow Segment::row(DocId document) const {
  const uint32_t i = document.value();
  CHECK(i < document_count_);
  const uint64_t begin = u64_at(token_begins_, i);
  return {.entry = EntryIndex{u64_at(entries_, i)},
          .contributor = EntryIndex{u64_at(contributors_, i)},
          .tokens_sha256 = hash_from_bytes(token_hashes_.substr(i * kHashSize, kHashSize)).value(),
          .token_begin = begin,
          .token_count = u64_at(token_begins_, uint64_t{i} + 1) - begin};
}

std::vector<TokenId> Segment::tokens(DocId document) const {
  const DocumentRow columns = row(document);
  std::vector<TokenId> tokens;
  tokens.reserve(columns.token_count);
  for (uint64_t i = 0; i < columns.token_count; ++i) tokens.push_back(tokens_[columns.token_begin + i]);
  return tokens;
}

std::optional<DocId> Segment::find(EntryIndex entry) const {
  uint32_t begin = 0;
  uint32_t end = document_count_;
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (u64_at(entries_, middle) < entry.value()) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == document_count_ || u64_at(entries_, begin) != entry.value()) return std::nullopt;
  return DocId{begin};
}

std::vector<TokenCount> Segment::unigrams() const {
  std::vector<TokenCount> counts(unigrams_.size() / kUnigramSize);
  for (size_t i = 0; i < counts.size(); ++i) {
    counts[i] = {TokenId{static_cast<uint32_t>(u64_at(unigrams_, 2 * i))}, u64_at(unigrams_, 2 * i + 1)};
  }
  return counts;
}

Result<void> Segment::verify() const {
  std::map<TokenId, uint64_t> recount;
  for (uint32_t i = 0; i < document_count_; ++i) {
    const DocumentRow columns = row(DocId{i});
    const std::vector<TokenId> document = tokens(DocId{i});
    if (tokens_hash(document) != columns.tokens_sha256) {
      return std::unexpected(
          at_file(path_, {ErrorCode::data_loss, "the tokens of entry " + std::to_string(columns.entry.value()) +
                                                    " do not hash to its tokens_sha256"}));
    }
    for (const TokenId token : document) ++recount[token];
  }
  for (const auto& [token, count] : unigrams()) {
    if (recount[token] != count) {
      return std::unexpected(
          at_file(path_, {ErrorCode::data_loss, "the count of token " + std::to_string(token.value()) + " is wrong"}));
    }
  }
  return {};
}

}  // namespace tribute::ngram
