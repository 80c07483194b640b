#include "ngram/segment_merge.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "base/check.h"
#include "suffix/suffix_sort.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kTier = 2;
// Leaves room for the separators of as many documents as tokens.
constexpr uint64_t kMostTokens = suffix::kMaxSortedSymbols / 2;

}  // namespace

std::vector<SegmentLoad> segment_loads(std::span<const Segment> segments, std::span<const EntryIndex> dead) {
  std::vector<SegmentLoad> loads;
  for (const Segment& segment : segments) {
    SegmentLoad& load = loads.emplace_back();
    load.live_tokens = segment.token_count();
    for (const EntryIndex entry : dead) {
      const auto document = segment.find(entry);
      if (!document) continue;
      load.dead_tokens += segment.row(*document).token_count;
      load.live_tokens -= segment.row(*document).token_count;
    }
  }
  return loads;
}

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

Result<void> SegmentMerge::add_rest(SegmentWriter& writer, SegmentProgress& progress) {
  const auto tokens_of = [](uint64_t sum, const Source& source) {
    return sum + source.segment->row(source.document).token_count;
  };
  progress.begin("reading", std::accumulate(documents_.begin(), documents_.end(), uint64_t{0}, tokens_of));
  while (next_ < documents_.size()) {
    if (progress.stop_requested()) return fail(ErrorCode::cancelled, "stopped; the index is as it was");
    TRY(add_below(EntryIndex{documents_[next_].entry.value() + 1}, writer));
    progress.advance(writer.token_count());
  }
  return {};
}

std::optional<DueMerge> DueMerge::of(Index index) {
  const std::vector<Segment>& segments = index.segments();
  std::vector<const Segment*> merged;
  for (const size_t i : segments_to_merge(segment_loads(segments, index.manifest().tombstones), 0)) {
    merged.push_back(&segments[i]);
  }
  if (merged.empty()) return std::nullopt;
  return DueMerge(std::move(index), std::move(merged));
}

// A moved vector keeps its elements where they are, so that pointers to the index's segments stay right.
DueMerge::DueMerge(Index index, std::vector<const Segment*> merged)
    : index_(std::move(index)), merged_(std::move(merged)) {
  for (const EntryIndex tombstone : index_.manifest().tombstones) {
    const auto has = [tombstone](const Segment* segment) { return segment->find(tombstone).has_value(); };
    if (std::ranges::any_of(merged_, has)) dropped_.push_back(tombstone);
  }
}

BuildSize DueMerge::size() const {
  BuildSize size{.vocabulary_size = index_.manifest().vocabulary_size};
  for (const Segment* const segment : merged_) {
    size.document_count += segment->document_count();
    size.token_count += segment->token_count();
    for (uint32_t i = 0; i < segment->document_count(); ++i) {
      size.longest_document = std::max(size.longest_document, segment->row(DocId{i}).token_count);
    }
  }
  return size;
}

PageLayout DueMerge::page_layout() const {
  const auto last_entry = [](const Segment* segment) {
    const uint32_t count = segment->document_count();
    return count == 0 ? EntryIndex{} : segment->entry_of(DocId{count - 1});
  };
  return (*std::ranges::max_element(merged_, {}, last_entry))->layout().shape().page_layout;
}

std::vector<Hash256> DueMerge::merged() const {
  std::vector<Hash256> names;
  for (const Segment* const segment : merged_) names.push_back(segment->name());
  return names;
}

Result<void> DueMerge::write(SegmentWriter writer, io::FileSystem& files, const std::string& folder,
                             SegmentProgress& progress) {
  TRY(SegmentMerge(merged_, dropped_).add_rest(writer, progress));
  if (writer.document_count() > 0) segment_ = TRY(std::move(writer).write(files, folder, progress));
  return {};
}

std::optional<DueMerge::Outcome> DueMerge::onto(const Manifest& newest) const {
  std::vector<Hash256> gone = merged();
  std::ranges::sort(gone);
  Outcome outcome;
  std::ranges::set_difference(newest.segments, gone, std::back_inserter(outcome.segments));
  if (outcome.segments.size() + gone.size() != newest.segments.size()) return std::nullopt;
  if (segment_) outcome.segments.push_back(*segment_);
  std::ranges::set_difference(newest.tombstones, dropped_, std::back_inserter(outcome.tombstones));
  if (outcome.tombstones.size() + dropped_.size() != newest.tombstones.size()) return std::nullopt;
  return outcome;
}

}  // namespace tribute::ngram
