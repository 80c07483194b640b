// What neighbours in the order of suffixes share.
#pragma once

#include <cstdint>
#include <span>

#include "base/workers.h"

namespace tribute::suffix {

// For each suffix the number of symbols that it shares with the one before it in the order, up to its separator;
// 0 for the first one and for separators. `text` and `suffixes` as of sort_suffixes(), without the separators at the
// order's begin. `shared`: text.size() values by position, overwritten.
//
// In the order of the text, where what is shared falls by one at most from one position to the next (Kärkkäinen,
// Manzini, Puglisi: Permuted Longest-Common-Prefix Array, 2009). O(text.size() + threads · the most that two share), no
// memory besides.
void share_with_previous(std::span<const uint16_t> text, std::span<const uint32_t> suffixes, std::span<uint32_t> shared,
                         Workers& workers);
void share_with_previous(std::span<const uint32_t> text, std::span<const uint32_t> suffixes, std::span<uint32_t> shared,
                         Workers& workers);

}  // namespace tribute::suffix
