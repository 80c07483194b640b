// What two neighbours in the order of suffixes share, to the bit: what the pages of the disk layout keep.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace tribute::ngram {

// More is not told apart: 15 whole symbols of 16 bits.
inline constexpr uint32_t kMostSharedBits = 255;

// Suffixes as strings of bits: of each symbol, its separator among them, `symbol_bits` from the highest one on. Two
// share `shared` symbols and then have `before` and `after`: both are separators where the suffixes are equal.
constexpr uint32_t shared_bits(uint32_t shared, uint32_t before, uint32_t after, uint32_t symbol_bits) {
  if (shared >= kMostSharedBits) return kMostSharedBits;
  const auto in_symbol = static_cast<uint32_t>(std::countl_zero(before ^ after)) - (32 - symbol_bits);
  return std::min(kMostSharedBits, shared * symbol_bits + in_symbol);
}

}  // namespace tribute::ngram
