#include "ngram/segment.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/segment_writer.h"

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

// Of an ascending column of u64 the first row that is not below `value`.
uint64_t lower_bound(std::string_view column, uint64_t value) {
  uint64_t begin = 0;
  for (uint64_t end = column.size() / 8; begin < end;) {
    const uint64_t middle = begin + (end - begin) / 2;
    if (u64_at(column, middle) < value) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

// The header, by its name if there is one.
Result<SegmentHeader> read_header(std::string_view file, const Hash256* expected_name) {
  const std::string_view block = file.substr(0, std::min<size_t>(file.size(), kBlockBytes));
  const bool has_name = expected_name == nullptr || sha256(block) == *expected_name;
  auto header = parse_header(block);
  // Another version may be named by another hash: version 1 was by that of the whole file.
  const bool is_of_other_version = !header && header.error().code == ErrorCode::failed_precondition;
  if (!has_name && !(is_of_other_version && sha256(file) == *expected_name)) {
    return damaged("its header does not hash to its name");
  }
  return header;
}

}  // namespace

std::string segment_path(std::string_view folder, const Hash256& name) {
  return io::join(folder, name.hex() + ".segment");
}

Result<Segment> Segment::open(io::FileSystem& files, const std::string& folder, const Hash256& name,
                              io::Residence residence) {
  const std::string path = segment_path(folder, name);
  return read(TRY(io::map_file(files, path, residence)), path, &name);
}

Result<Segment> Segment::open_columns(io::FileSystem& files, const std::string& folder, const Hash256& name) {
  const std::string path = segment_path(folder, name);
  const auto file = TRY(files.open(path, io::OpenMode::read));
  const auto header = read_header(TRY(file->read_at(0, kBlockBytes)), &name);
  if (!header) return std::unexpected(at_file(path, header.error()));
  const SegmentLayout layout(header->shape);
  // Whole blocks, since these are what is verified.
  const auto block_of = [](uint64_t byte) { return byte / kBlockBytes * kBlockBytes; };
  const std::array<io::FilePart, 3> parts = {
      io::FilePart{0, kBlockBytes},
      io::FilePart{layout.of(Section::suffixes).end(), block_of(layout.of(Section::text).begin) + kBlockBytes},
      io::FilePart{block_of(layout.of(Section::token_begins).begin), layout.file_bytes()}};
  return read(TRY(io::copy_parts(files, path, parts)), path, &name);
}

Result<Segment> Segment::open_file(io::FileSystem& files, const std::string& path) {
  return read(TRY(files.map(path)), path, nullptr);
}

Segment::Segment(std::unique_ptr<io::FileMap> map, const SegmentHeader& header, const Hash256& name,
                 const std::string& path)
    : header_(header),
      layout_(header.shape),
      file_(std::make_unique<VerifiedFile>(std::move(map), layout_, header.checksums_root, "segment " + path)),
      path_(path),
      name_(name),
      entries_(file_->view(layout_.of(Section::entries))),
      contributors_(file_->view(layout_.of(Section::contributors))),
      token_begins_(file_->view(layout_.of(Section::token_begins))),
      document_notes_(file_->view(layout_.of(Section::document_notes))),
      token_hashes_(file_->view(layout_.of(Section::token_hashes))),
      unigrams_(file_->view(layout_.of(Section::unigrams))),
      text_(file_->bytes().data() + layout_.of(Section::text).begin),
      directory_(reinterpret_cast<const DirectoryNode*>(file_->bytes().data() + layout_.of(Section::directory).begin)),
      text_begin_(layout_.of(Section::text).begin),
      symbol_count_(layout_.symbol_count()),
      suffixes_per_page_(layout_.suffixes_per_page()),
      page_header_bytes_(layout_.page_header_bytes()),
      position_bits_(layout_.position_bits()),
      symbol_bits_(layout_.symbol_bits()) {}

Result<Segment> Segment::read(std::unique_ptr<io::FileMap> map, const std::string& path, const Hash256* expected_name) {
  const std::string_view bytes = map->bytes();
  const auto header = read_header(bytes, expected_name);
  if (!header) return std::unexpected(at_file(path, header.error()));
  const uint64_t file_bytes = SegmentLayout(header->shape).file_bytes();
  if (bytes.size() != file_bytes) {
    return std::unexpected(
        at_file(path, {ErrorCode::data_loss, "it has " + std::to_string(bytes.size()) +
                                                 " bytes, by its header they are " + std::to_string(file_bytes)}));
  }
  const Hash256 name = sha256(bytes.substr(0, kBlockBytes));
  Segment segment(std::move(map), *header, name, path);
  TRY(segment.status());
  if (auto checked = segment.check_columns(); !checked) return std::unexpected(at_file(path, checked.error()));
  if (auto checked = segment.check_unigrams(); !checked) return std::unexpected(at_file(path, checked.error()));
  TRY(segment.status());
  return segment;
}

Result<void> Segment::check_columns() const {
  for (uint32_t i = 0; i < document_count(); ++i) {
    const uint64_t entry = u64_at(entries_, i);
    if (i > 0 && entry <= u64_at(entries_, i - 1)) return damaged("entries do not ascend");
    if (entry >= kEndOfIds || u64_at(contributors_, i) >= kEndOfIds) return damaged("an entry index is over 2^63");
    if (begin_of(i) > begin_of(uint64_t{i} + 1)) return damaged("token begins do not ascend");
  }
  if (begin_of(0) != 0 || begin_of(document_count()) != token_count()) {
    return damaged("the documents do not tile the tokens");
  }
  return {};
}

Result<void> Segment::check_unigrams() const {
  uint64_t left = token_count();
  for (size_t i = 0; i < unigrams_.size() / kUnigramSize; ++i) {
    const uint64_t token = u64_at(unigrams_, 2 * i);
    const uint64_t count = u64_at(unigrams_, 2 * i + 1);
    if (token >= vocabulary_size() || (i > 0 && token <= u64_at(unigrams_, 2 * i - 2)) || count == 0 || count > left) {
      return damaged("the unigram counts are wrong");
    }
    left -= count;
  }
  if (left != 0) return damaged("the unigram counts do not add up to the tokens");
  return {};
}

uint64_t Segment::report_position() const {
  file_->report("a suffix begins beyond the text");
  return 0;
}

DocumentRow Segment::row(DocId document) const {
  const uint32_t i = document.value();
  CHECK(i < document_count());
  const uint64_t begin = begin_of(i);
  return {.entry = EntryIndex{u64_at(entries_, i)},
          .contributor = EntryIndex{u64_at(contributors_, i)},
          .tokens_sha256 = hash_from_bytes(token_hashes_.substr(i * kHashSize, kHashSize)).value(),
          .token_begin = begin,
          .token_count = begin_of(uint64_t{i} + 1) - begin};
}

EntryIndex Segment::entry_of(DocId document) const { return EntryIndex{u64_at(entries_, document.value())}; }

EntryIndex Segment::contributor_of(DocId document) const { return EntryIndex{u64_at(contributors_, document.value())}; }

Result<std::vector<TokenId>> Segment::tokens(DocId document) const {
  const DocumentRow columns = row(document);
  std::vector<TokenId> tokens;
  if (columns.token_count == 0) return tokens;
  tokens.reserve(columns.token_count);
  const uint64_t begin = text_begin(document);
  const char* const text = text_at(begin, columns.token_count);
  for (uint64_t i = begin; i < begin + columns.token_count; ++i) {
    const uint64_t symbol = packed_at(text, i, symbol_bits_);
    if (symbol == 0 || symbol > vocabulary_size()) {
      file_->report("a separator or none of the vocabulary stands within a document");
      break;
    }
    tokens.emplace_back(static_cast<uint32_t>(symbol - 1));
  }
  TRY(status());
  return tokens;
}

std::optional<DocId> Segment::find(EntryIndex entry) const {
  const uint64_t row = lower_bound(entries_, entry.value());
  if (row == document_count() || u64_at(entries_, row) != entry.value()) return std::nullopt;
  return DocId{static_cast<uint32_t>(row)};
}

std::vector<TokenCount> Segment::unigrams() const {
  std::vector<TokenCount> counts(unigrams_.size() / kUnigramSize);
  for (size_t i = 0; i < counts.size(); ++i) {
    counts[i] = {TokenId{static_cast<uint32_t>(u64_at(unigrams_, 2 * i))}, u64_at(unigrams_, 2 * i + 1)};
  }
  return counts;
}

void Segment::positions_in(const char* page, uint64_t place, std::span<uint64_t> positions) const {
  const char* const packed = page + page_header_bytes_;
  const uint64_t end = symbol_count_;
  bool are_inside = true;
  for (uint64_t& position : positions) {
    position = packed_at(packed, place++, position_bits_);
    are_inside = are_inside & (position < end);
  }
  if (are_inside) [[likely]]
    return;
  for (uint64_t& position : positions) {
    if (position >= end) position = report_position();
  }
}

void Segment::positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions) const {
  CHECK(ranks.size() == positions.size());
  for (const uint64_t rank : ranks) fetch_page(rank / suffixes_per_page_, rank % suffixes_per_page_);
  for (size_t i = 0; i < ranks.size(); ++i) positions[i] = position_of(ranks[i]);
}

// Whatever the notes hold, the range is among the documents.
Segment::DocumentRange Segment::noted_at(uint64_t position) const {
  const char* const note = document_notes_.data() + position / kSymbolsPerNote * 4;
  const uint32_t last = document_count() - 1;
  return {.low = std::min(load_le32({note, 4}), last), .high = std::min(load_le32({note + 4, 4}), last)};
}

DocId Segment::document_in(DocumentRange range, uint64_t position) const {
  auto [low, high] = range;
  while (high > low + 1) {
    const uint32_t middle = high - (high - low) / 2;
    if (text_begin(DocId{middle}) <= position) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  // Mostly one document begins between two notes, or none, and which is hard to foresee: no branch depends on it.
  const auto is_high = static_cast<uint32_t>(high > low) & static_cast<uint32_t>(text_begin(DocId{high}) <= position);
  return DocId{low + is_high};
}

DocId Segment::document_at(uint64_t position) const { return document_in(noted_at(position), position); }

void Segment::documents_at(std::span<const uint64_t> positions, std::span<DocId> documents) const {
  CHECK(positions.size() == documents.size() && positions.size() <= kLookupsAtOnce);
  std::array<DocumentRange, kLookupsAtOnce> noted;
  for (size_t i = 0; i < positions.size(); ++i) noted[i] = noted_at(positions[i]);
  for (size_t i = 0; i < positions.size(); ++i) documents[i] = document_in(noted[i], positions[i]);
}

uint64_t Segment::minimum(uint64_t i) const { return packed_in(Section::minima, i); }

uint64_t Segment::first_position(uint64_t page) const { return packed_in(Section::first_positions, page); }

// A position of a section of them.
uint64_t Segment::packed_in(Section section, uint64_t i) const {
  const uint64_t begin = layout_.of(section).begin;
  const uint64_t first = i * position_bits_ / 8;
  const uint64_t last = ((i + 1) * position_bits_ - 1) / 8;
  file_->at(begin + first, last - first + 1);
  return packed_at(file_->bytes().data() + begin, i, position_bits_);
}

Result<void> Segment::verify() const {
  TRY(check_blocks());
  const uint64_t content_end = layout_.of(Section::checksums).begin;
  if (sha256(file_->bytes().substr(kBlockBytes, content_end - kBlockBytes)) != header_.content_sha256) {
    return std::unexpected(at_file(path_, {ErrorCode::data_loss, "its content does not hash to what its header says"}));
  }
  SegmentWriter writer(vocabulary_size(), layout_.shape().page_layout);
  for (uint32_t i = 0; i < document_count(); ++i) {
    const DocumentRow columns = row(DocId{i});
    const std::vector<TokenId> document = TRY(tokens(DocId{i}));
    if (tokens_hash(document) != columns.tokens_sha256) {
      return std::unexpected(
          at_file(path_, {ErrorCode::data_loss, "the tokens of entry " + std::to_string(columns.entry.value()) +
                                                    " do not hash to its tokens_sha256"}));
    }
    if (auto added = writer.add(columns.entry, columns.contributor, document); !added) {
      return std::unexpected(at_file(path_, {ErrorCode::data_loss, added.error().message}));
    }
  }
  if (std::move(writer).name() != name_) {
    return std::unexpected(at_file(path_, {ErrorCode::data_loss, "it is not the segment that its documents make"}));
  }
  return status();
}

}  // namespace tribute::ngram
