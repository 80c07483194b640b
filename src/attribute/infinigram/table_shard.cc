#include "infinigram/table_shard.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ngram/partition.h"

namespace tribute::infinigram {
namespace {

// What follows a run where the file ends; a token or separator is its key and 1.
constexpr uint64_t kEndOfFile = 0;

// So many suffixes are read together: about as many misses as a processor has in flight.
constexpr size_t kSuffixesAtOnce = 32;

}  // namespace

TableShard::TableShard(std::unique_ptr<TableFiles> files, std::unique_ptr<Directory> directory, uint64_t first_id)
    : files_(std::move(files)),
      directory_(std::move(directory)),
      search_(*files_, directory_.get()),
      first_id_(first_id) {}

Result<std::unique_ptr<TableShard>> TableShard::open(io::FileSystem& files, const std::string& folder,
                                                     const std::string& name, const Options& options) {
  std::unique_ptr<TableFiles> table = TRY(TableFiles::open(files, folder, name, options.type));
  std::unique_ptr<Directory> directory;
  const std::string path = directory_path(folder, name);
  if (options.use_directory && TRY(files.exists(path))) directory = TRY(Directory::open(files, path, *table));
  return std::unique_ptr<TableShard>(new TableShard(std::move(table), std::move(directory), options.first_id));
}

std::vector<uint32_t> TableShard::keys_of(std::span<const TokenId> tokens) const {
  std::vector<uint32_t> keys;
  keys.reserve(tokens.size());
  for (const TokenId token : tokens) {
    if (token.value() >= vocabulary_size()) break;
    keys.push_back(files_->key_of(token.value()));
  }
  return keys;
}

std::vector<ngram::RankRange> TableShard::find(std::span<const std::span<const TokenId>> runs) const {
  std::vector<ngram::RankRange> ranges(runs.size());
  std::vector<std::vector<uint32_t>> keys;
  std::vector<size_t> places;
  for (size_t i = 0; i < runs.size(); ++i) {
    CHECK(!runs[i].empty());
    keys.push_back(keys_of(runs[i]));
    places.push_back(i);
    if (keys.back().size() == runs[i].size()) continue;
    keys.pop_back();
    places.pop_back();
  }
  const std::vector<std::span<const uint32_t>> searched(keys.begin(), keys.end());
  const std::vector<ngram::RankRange> found = search_.find(searched);
  for (size_t i = 0; i < found.size(); ++i) ranges[places[i]] = found[i];
  return ranges;
}

std::vector<uint32_t> TableShard::longest_matches(std::span<const TokenId> text) const {
  std::vector<std::span<const uint32_t>> searched;
  searched.reserve(text.size());
  std::vector<std::vector<uint32_t>> pieces;  // of the text, between tokens that no document can hold
  for (size_t begin = 0; begin < text.size();) {
    const std::vector<uint32_t>& piece = pieces.emplace_back(keys_of(text.subspan(begin)));
    for (size_t i = 0; i < piece.size(); ++i) searched.push_back(std::span(piece).subspan(i));
    begin += piece.size();
    if (begin == text.size()) break;
    searched.emplace_back();
    ++begin;
  }
  return search_.longest_matches(searched);
}

// In loops of their own, so that what one suffix waits for does not hold up the next. `keys` holds their
// positions meanwhile.
void TableShard::keys_after(std::span<const uint64_t> ranks, uint64_t length, std::span<uint64_t> keys) const {
  const uint64_t end = files_->suffix_count();
  for (const uint64_t rank : ranks) files_->fetch_suffix(rank);
  for (size_t i = 0; i < ranks.size(); ++i) {
    keys[i] = files_->position_of(ranks[i]) + length;
    files_->fetch_tokens(std::min(keys[i], end - 1));
  }
  for (uint64_t& key : keys) key = key < end ? files_->key_at(key) + uint64_t{1} : kEndOfFile;
}

std::vector<ngram::Tail> TableShard::tails(ngram::RankRange range, std::span<const TokenId> text,
                                           uint32_t length) const {
  std::vector<ngram::Tail> tails;
  tails.reserve(range.size());
  std::vector<uint64_t> ends;  // of what stands at some ranks
  for (uint64_t rank = range.begin; rank < range.end; rank += ends.size()) {
    ends.resize(std::min<uint64_t>(kSuffixesAtOnce, range.end - rank));
    for (uint64_t i = 0; i < ends.size(); ++i) files_->fetch_suffix(rank + i);
    for (uint64_t i = 0; i < ends.size(); ++i) {
      const uint64_t position = files_->position_of(rank + i);
      ends[i] = std::min(position + length, position_end());
      files_->fetch_tokens(position - std::min<uint64_t>(position, 1));
      files_->fetch_tokens(std::min(ends[i], position_end() - 1));
    }
    for (const uint64_t end : ends) {
      ngram::Tail& tail = tails.emplace_back();
      const auto most = static_cast<uint32_t>(std::min<uint64_t>(text.size(), end));
      // A separator's key is no token's.
      tail.length = length;
      while (tail.length < most) {
        const TokenId token = text[text.size() - tail.length - 1];
        if (token.value() >= vocabulary_size() ||
            files_->key_at(end - tail.length - 1) != files_->key_of(token.value()))
          break;
        ++tail.length;
      }
      const uint32_t key = end < position_end() ? files_->key_at(end) : files_->separator_key();
      if (key != files_->separator_key()) tail.next = TokenId{files_->token_of(key)};
    }
  }
  return tails;
}

ngram::Continuations TableShard::continuations(ngram::RankRange range, uint64_t length) const {
  const auto keys_of_ranks = [&](std::span<const uint64_t> ranks, std::span<uint64_t> keys) {
    for (size_t i = 0; i < ranks.size(); i += kSuffixesAtOnce) {
      const size_t count = std::min(kSuffixesAtOnce, ranks.size() - i);
      keys_after(ranks.subspan(i, count), length, keys.subspan(i, count));
    }
  };
  ngram::Continuations continuations;
  for (const auto& [key, part] : ngram::partition(range, keys_of_ranks)) {
    if (key == kEndOfFile || key == files_->separator_key() + uint64_t{1}) {
      continuations.end_count += part.size();
    } else {
      const TokenId token{files_->token_of(static_cast<uint32_t>(key - 1))};
      continuations.tokens.push_back({token, part.size()});
    }
  }
  ngram::tidy(continuations);
  return continuations;
}

void TableShard::positions(ngram::RankRange range, std::span<uint64_t> positions) const {
  CHECK(positions.size() == range.size());
  for (uint64_t i = 0; i < positions.size(); ++i) positions[i] = files_->position_of(range.begin + i);
}

ngram::ShardDocument TableShard::document(uint64_t index) const {
  CHECK(index < document_count());
  const uint64_t begin = files_->separator_of(index) + 1;
  return {.index = index,
          .id = first_id_ + index,
          .begin = begin,
          .end = std::max(begin, files_->separator_of(index + 1)),
          .is_live = true};
}

ngram::ShardDocument TableShard::document_at(uint64_t position) const {
  CHECK(position < position_end());
  uint64_t low = 0;  // its separator is not after the position: the first document's is at 0
  for (uint64_t high = document_count(); high - low > 1;) {
    const uint64_t middle = low + (high - low) / 2;
    if (files_->separator_of(middle) <= position) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return document(low);
}

std::optional<uint64_t> TableShard::find_document(uint64_t id) const {
  if (id < first_id_ || id - first_id_ >= document_count()) return std::nullopt;
  return id - first_id_;
}

std::vector<TokenId> TableShard::tokens(uint64_t position, uint64_t count) const {
  std::vector<TokenId> tokens;
  const uint64_t document_end = document_at(position).end;
  if (position >= document_end) return tokens;
  const uint64_t end = position + std::min(count, document_end - position);
  tokens.reserve(end - position);
  for (uint64_t at = position; at < end; ++at) tokens.emplace_back(files_->token_of(files_->key_at(at)));
  return tokens;
}

}  // namespace tribute::infinigram
