#include "ngram/segment_merge.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "suffix/suffix_sort.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kTier = 2;
// Leaves room for the separators of as many documents as tokens.
constexpr uint64_t kMostTokens = suffix::kMaxSortedSymbols / 2;

}  // namespace

std::vector<size_t> segments_to_merge(std::span<const SegmentLoad> loads, uint64_t new_tokens) {
  std::vector<size_t> order(loads.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, {}, [&](size_t i) { return loads[i].live_tokens; });
  // How many of the smallest are merged.
  size_t count = 0;
  uint64_t smaller = new_tokens;
  for (size_t i = 0; i < order.size(); ++i) {
    const uint64_t live = loads[order[i]].live_tokens;
    if (live <= kTier * smaller && smaller + live <= kMostTokens) count = i + 1;
    smaller += live;
  }
  std::vector<size_t> merged(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  const auto load_of = [&](uint64_t sum, size_t i) { return sum + loads[i].live_tokens; };
  uint64_t tokens = std::accumulate(merged.begin(), merged.end(), new_tokens, load_of);
  for (size_t i = count; i < order.size(); ++i) {
    const SegmentLoad& load = loads[order[i]];
    if (load.dead_tokens <= load.live_tokens || tokens + load.live_tokens > kMostTokens) continue;
    merged.push_back(order[i]);
    tokens += load.live_tokens;
  }
  // One segment alone, as it is, would become itself.
  if (new_tokens == 0 && merged.size() == 1 && loads[merged.front()].dead_tokens == 0) merged.clear();
  std::ranges::sort(merged);
  return merged;
}

SegmentMerge::SegmentMerge(std::span<const Segment* const> segments, std::vector<EntryIndex> dropped) {
  std::ranges::sort(dropped);
  for (const Segment* const segment : segments) {
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      const EntryIndex entry = segment->row(DocId{i}).entry;
      if (!std::ranges::binary_search(dropped, entry)) documents_.push_back({entry, segment, DocId{i}});
    }
  }
  std::ranges::sort(documents_, {}, &Source::entry);
  CHECK(std::ranges::adjacent_find(documents_, {}, &Source::entry) == documents_.end());
}

Result<void> SegmentMerge::add_below(EntryIndex end, SegmentWriter& writer) {
  for (; next_ < documents_.size() && documents_[next_].entry < end; ++next_) {
    const auto& [entry, segment, document] = documents_[next_];
    TRY(writer.add(entry, segment->row(document).contributor, TRY(segment->tokens(document))));
  }
  return {};
}

Result<void> SegmentMerge::add_rest(SegmentWriter& writer) {
  return add_below(EntryIndex{std::numeric_limits<uint64_t>::max()}, writer);
}

}  // namespace tribute::ngram
