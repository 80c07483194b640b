// Search among suffixes by the bits that neighbours share, without their texts (Ferguson: Bit-Tree: A Data Structure
// for Fast File Processing, 1992).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "ngram/shared_bits.h"

namespace tribute::ngram {

// A run's first kMostSharedBits bits, each symbol from its highest bit on; 0 behind its end.
class RunBits {
 public:
  RunBits() = default;
  RunBits(std::span<const uint32_t> run, uint32_t symbol_bits);

  bool at(uint32_t bit) const { return (words_[bit / 64] >> bit % 64 & 1) != 0; }

 private:
  std::array<uint64_t, (kMostSharedBits + 64) / 64> words_{};
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

}  // namespace tribute::ngram
