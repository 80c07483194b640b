#include <algorithm>

#include "ngram/search.h"

namespace tribute::ngram {

// Below are searches for the least position whose document counts. `minimum` is the least so far: what is
// not below it is left out.

void SegmentSearch::lower(std::optional<uint64_t>& minimum, RankRange range) const {
  uint64_t least = minimum.value_or(UINT64_MAX);
  for_each_positions(range, [&](std::span<const uint64_t> positions) {
    if (dead_ == nullptr) {
      for (const uint64_t position : positions) least = std::min(least, position);
    } else {
      for (const uint64_t position : positions) {
        if (position < least && counts(segment_.document_at(position))) least = position;
      }
    }
    return true;
  });
  if (least != UINT64_MAX) minimum = least;
}

// Below one entry of a level of the minima.
void SegmentSearch::lower_below(std::optional<uint64_t>& minimum, size_t level, uint64_t entry) const {
  const auto& levels = segment_.layout().minima_levels();
  const uint64_t position = std::min(segment_.minimum(levels[level] + entry), segment_.layout().symbol_count() - 1);
  if (minimum && position >= *minimum) return;
  if (counts(segment_.document_at(position))) {
    minimum = position;
  } else if (level == 0) {
    const uint64_t per_page = segment_.layout().suffixes_per_page();
    lower(minimum, {entry * per_page, std::min(segment_.token_count(), (entry + 1) * per_page)});
  } else {
    const uint64_t level_size = levels[level] - levels[level - 1];
    lower_by_minima(minimum, level - 1, entry * kMinimaFanOut, std::min(level_size, (entry + 1) * kMinimaFanOut));
  }
}

// Over the entries [begin, end) of a level: the whole groups among them by the level above.
void SegmentSearch::lower_by_minima(std::optional<uint64_t>& minimum, size_t level, uint64_t begin,
                                    uint64_t end) const {
  const bool has_above = level + 2 < segment_.layout().minima_levels().size();
  const uint64_t first_group = (begin + kMinimaFanOut - 1) / kMinimaFanOut;
  const uint64_t last_group = end / kMinimaFanOut;
  if (has_above && first_group + 1 < last_group) {
    for (uint64_t entry = begin; entry < first_group * kMinimaFanOut; ++entry) lower_below(minimum, level, entry);
    lower_by_minima(minimum, level + 1, first_group, last_group);
    begin = last_group * kMinimaFanOut;
  }
  for (uint64_t entry = begin; entry < end; ++entry) lower_below(minimum, level, entry);
}

std::optional<uint64_t> SegmentSearch::first_position(RankRange range) const {
  std::optional<uint64_t> minimum;
  const uint64_t per_page = segment_.layout().suffixes_per_page();
  const uint64_t first_page = (range.begin + per_page - 1) / per_page;
  const uint64_t last_page = range.end / per_page;
  if (first_page >= last_page) {
    lower(minimum, range);
  } else {
    lower_by_minima(minimum, 0, first_page, last_page);
    lower(minimum, {range.begin, first_page * per_page});
    lower(minimum, {last_page * per_page, range.end});
  }
  return minimum;
}

}  // namespace tribute::ngram
