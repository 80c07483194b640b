#include "ngram/bit_search.h"

#include <algorithm>

namespace tribute::ngram {

RunBits::RunBits(std::span<const uint32_t> run, uint32_t symbol_bits) {
  uint32_t bit = 0;
  for (const uint32_t symbol : run) {
    for (uint32_t left = symbol_bits; left-- > 0; ++bit) {
      if (bit == kMostSharedBits) return;
      words_[bit / 64] |= uint64_t{symbol >> left & 1} << bit % 64;
    }
  }
}

// From left to right: where the run has a 1 at the bit in which two neighbours differ, it stands right of that place.
// Else it stands left of it, and so of all that share that bit with what is right of it.
uint32_t find_nearest(std::span<const uint8_t> shared, const RunBits& run) {
  uint32_t nearest = 0;
  for (uint32_t i = 0; i < shared.size();) {
    const uint32_t bit = shared[i];
    ++i;
    if (bit < kMostSharedBits && run.at(bit)) {
      nearest = i;
    } else {
      while (i < shared.size() && shared[i] > bit) ++i;
    }
  }
  return nearest;
}

SuffixesAround sharing_around(std::span<const uint8_t> shared, uint32_t of, uint32_t least) {
  SuffixesAround around{.begin = of, .end = of + 1};
  while (around.begin > 0 && shared[around.begin - 1] >= least) --around.begin;
  while (around.end <= shared.size() && shared[around.end - 1] >= least) ++around.end;
  return around;
}

}  // namespace tribute::ngram
