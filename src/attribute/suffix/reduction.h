// The sort by reduction to a text that is at most half as long.
#pragma once

#include <cstdint>
#include <span>

#include "suffix/level.h"

namespace tribute::suffix {

// sort_suffixes() without its checks: `text` ends in a separator, `order` is as long.
void sort_level(std::span<const uint16_t> text, uint32_t symbol_count, std::span<uint32_t> order, Workers& workers,
                const Tuning& tuning);
void sort_level(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order, Workers& workers,
                const Tuning& tuning);

}  // namespace tribute::suffix
