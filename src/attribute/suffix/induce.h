// The order of all suffixes from the order of some.
#pragma once

#include "suffix/level.h"

namespace tribute::suffix {

// What inducing leaves in the order: all suffixes, or the seeds alone, the other entries being 0.
enum class Leave : uint8_t { seeds, all };

// Every suffix of type L follows from the greater one behind it, every one of type S from the smaller.
// `level.order`: in each bucket from `buckets.seeds` to its end the seeds in order. The other entries are 0,
// or, if the level is by buckets, anything. If the seeds are ordered by their first symbols alone, what is left of
// them is ordered by their phrases. O(n).
template <Leave kLeave, typename Symbol>
void induce(Level<Symbol>& level);

// The two ways: for few and large buckets, with the workers; and for many small ones.
template <Leave kLeave, typename Symbol>
void induce_by_buckets(Level<Symbol>& level);
template <Leave kLeave, typename Symbol>
void induce_by_entries(Level<Symbol>& level);

}  // namespace tribute::suffix
