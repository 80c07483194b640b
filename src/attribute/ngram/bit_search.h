// Search among suffixes by the bits that neighbours share, without their texts (Ferguson: Bit-Tree: A Data Structure
// for Fast File Processing, 1992).
#pragma once

#include <cstdint>
#include <span>

#include "ngram/shared_bits.h"

namespace tribute::ngram {

// A run as bits, each symbol from its highest bit on; 0 behind its end. The run must outlive it.
class RunBits {
 public:
  RunBits() = default;
  RunBits(std::span<const uint32_t> run, uint32_t symbol_bits) : run_(run), symbol_bits_(symbol_bits) {}

  bool at(uint32_t bit) const {
    // Most vocabularies have symbols of 16 bits: no division for these.
    const uint32_t symbol = symbol_bits_ == 16 ? bit / 16 : bit / symbol_bits_;
    if (symbol >= run_.size()) return false;
    return (run_[symbol] >> (symbol_bits_ - 1 - (bit - symbol * symbol_bits_)) & 1) != 0;
  }

 private:
  std::span<const uint32_t> run_;
  uint32_t symbol_bits_ = 1;
};

// Of n + 1 suffixes in their order, n of which share `shared[i]` bits with the next one (shared_bits.h), one that
// shares the most with the run, as far as kMostSharedBits; of those that share so many with it the first one where they
// are not told apart. It may be any where the suffixes are not in order. O(n).
uint32_t find_nearest(std::span<const uint8_t> shared, const RunBits& run);

// The suffixes [begin, end) around number `of` of which each shares `least` bits or more with the next.
struct SuffixesAround {
  uint32_t begin = 0;
  uint32_t end = 0;
};
SuffixesAround sharing_around(std::span<const uint8_t> shared, uint32_t of, uint32_t least);

// The first number from `i` on, or the size, whose bits are at most `bits`: sixteen at a time where the processor can,
// and one by one, for find_nearest().
uint32_t skip_above(std::span<const uint8_t> shared, uint32_t i, uint32_t bits);
uint32_t skip_above_plain(std::span<const uint8_t> shared, uint32_t i, uint32_t bits);

}  // namespace tribute::ngram
