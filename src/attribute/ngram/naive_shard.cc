#include "ngram/naive_shard.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"

namespace tribute::ngram {
namespace {

bool begins_with(std::span<const TokenId> tokens, std::span<const TokenId> run) {
  return tokens.size() >= run.size() && std::ranges::equal(tokens.first(run.size()), run);
}

}  // namespace

NaiveShard::NaiveShard(std::vector<NaiveDocument> documents, uint32_t vocabulary_size)
    : documents_(std::move(documents)), vocabulary_size_(vocabulary_size) {
  uint64_t position = 0;
  for (size_t i = 0; i < documents_.size(); ++i) {
    const std::span<const TokenId> tokens = documents_[i].tokens;
    for (size_t at = 0; at < tokens.size(); ++at) suffixes_.push_back({position++, i, tokens.subspan(at)});
    ++position;
  }
  std::ranges::stable_sort(suffixes_, [](const Suffix& a, const Suffix& b) {
    return std::ranges::lexicographical_compare(a.tokens, b.tokens);
  });
}

LiveCounts NaiveShard::live() const {
  LiveCounts live;
  for (const NaiveDocument& document : documents_) {
    if (!document.is_live) continue;
    live.documents += 1;
    live.tokens += document.tokens.size();
  }
  return live;
}

std::vector<RankRange> NaiveShard::find(std::span<const std::span<const TokenId>> runs) const {
  std::vector<RankRange> ranges;
  for (const auto run : runs) {
    const auto begins = [&](const Suffix& suffix) { return begins_with(suffix.tokens, run); };
    const auto first = std::ranges::find_if(suffixes_, begins);
    const auto last = std::find_if_not(first, suffixes_.end(), begins);
    ranges.push_back(
        {static_cast<uint64_t>(first - suffixes_.begin()), static_cast<uint64_t>(last - suffixes_.begin())});
  }
  return ranges;
}

std::vector<uint32_t> NaiveShard::longest_matches(std::span<const TokenId> text) const {
  std::vector<uint32_t> longest;
  for (size_t i = 0; i < text.size(); ++i) longest.push_back(longest_match(text.subspan(i)));
  return longest;
}

uint32_t NaiveShard::longest_match(std::span<const TokenId> text) const {
  uint32_t longest = 0;
  for (const Suffix& suffix : suffixes_) {
    if (!documents_[suffix.document].is_live) continue;
    const auto shared = std::ranges::mismatch(text, suffix.tokens).in1 - text.begin();
    longest = std::max(longest, static_cast<uint32_t>(shared));
  }
  return longest;
}

uint64_t NaiveShard::count(RankRange range) const {
  uint64_t count = 0;
  for (uint64_t rank = range.begin; rank < range.end; ++rank) {
    if (documents_[suffixes_[rank].document].is_live) ++count;
  }
  return count;
}

std::vector<Tail> NaiveShard::tails(RankRange range, std::span<const TokenId> text, uint32_t length) const {
  std::vector<Tail> tails;
  for (uint64_t rank = range.begin; rank < range.end; ++rank) {
    const Suffix& suffix = suffixes_[rank];
    const NaiveDocument& document = documents_[suffix.document];
    if (!document.is_live) continue;
    const std::span<const TokenId> all = document.tokens;
    const std::span<const TokenId> up_to = all.first(all.size() - suffix.tokens.size() + length);
    const auto shared = std::mismatch(text.rbegin(), text.rend(), up_to.rbegin(), up_to.rend()).first - text.rbegin();
    Tail& tail = tails.emplace_back();
    tail.length = static_cast<uint32_t>(shared);
    if (suffix.tokens.size() > length) tail.next = suffix.tokens[length];
  }
  return tails;
}

Continuations NaiveShard::continuations(RankRange range, uint64_t length) const {
  Continuations continuations;
  std::map<TokenId, uint64_t> counts;
  for (uint64_t rank = range.begin; rank < range.end; ++rank) {
    const Suffix& suffix = suffixes_[rank];
    if (!documents_[suffix.document].is_live) continue;
    if (suffix.tokens.size() == length) {
      ++continuations.end_count;
    } else {
      ++counts[suffix.tokens[length]];
    }
  }
  for (const auto& [token, count] : counts) continuations.tokens.push_back({token, count});
  return continuations;
}

void NaiveShard::positions(RankRange range, std::span<uint64_t> positions) const {
  CHECK(positions.size() == range.size());
  for (uint64_t i = 0; i < positions.size(); ++i) positions[i] = suffixes_[range.begin + i].position;
}

ShardDocument NaiveShard::document(uint64_t index) const {
  CHECK(index < documents_.size());
  uint64_t begin = 0;
  for (uint64_t i = 0; i < index; ++i) begin += documents_[i].tokens.size() + 1;
  const NaiveDocument& document = documents_[index];
  return {index, document.id, begin, begin + document.tokens.size(), document.is_live};
}

ShardDocument NaiveShard::document_at(uint64_t position) const {
  uint64_t index = 0;
  while (document(index).end < position) ++index;
  return document(index);
}

std::optional<uint64_t> NaiveShard::find_document(uint64_t id) const {
  const auto found = std::ranges::find(documents_, id, &NaiveDocument::id);
  if (found == documents_.end()) return std::nullopt;
  return static_cast<uint64_t>(found - documents_.begin());
}

std::vector<TokenId> NaiveShard::tokens(uint64_t position, uint64_t count) const {
  const ShardDocument document = document_at(position);
  const std::vector<TokenId>& all = documents_[document.index].tokens;
  const auto begin = all.begin() + static_cast<ptrdiff_t>(position - document.begin);
  return {begin, begin + static_cast<ptrdiff_t>(std::min(count, document.end - position))};
}

}  // namespace tribute::ngram
