#include "ngram/bit_search.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include <bit>
#include <cstring>

namespace tribute::ngram {

uint32_t skip_above_plain(std::span<const uint8_t> shared, uint32_t i, uint32_t bits) {
  while (i < shared.size() && shared[i] > bits) ++i;
  return i;
}

uint32_t skip_above(std::span<const uint8_t> shared, uint32_t i, uint32_t bits) {
#ifdef __SSE2__
  const __m128i most = _mm_set1_epi8(static_cast<char>(bits));
  for (; i + sizeof(__m128i) <= shared.size(); i += sizeof(__m128i)) {
    __m128i some;
    std::memcpy(&some, shared.data() + i, sizeof(some));
    const int above = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(some, most), some));
    if (above != 0) return i + static_cast<uint32_t>(std::countr_zero(static_cast<uint32_t>(above)));
  }
#endif
  return skip_above_plain(shared, i, bits);
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
      i = skip_above(shared, i, bit);
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
