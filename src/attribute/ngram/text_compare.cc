#include "ngram/text_compare.h"

#include <array>
#include <bit>
#include <cstring>

#include "ngram/packed_ints.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace tribute::ngram {
namespace {

constexpr uint32_t kHalfWord = 16;

// Symbols of 16 bits lie at whole bytes.
uint32_t shared_symbols_16(const TextComparison& comparison, uint32_t /*bits*/) {
  const char* const at = comparison.text + comparison.position * sizeof(uint16_t);
  uint32_t length = comparison.known;
  for (; length < comparison.reach; ++length) {
    uint16_t symbol = 0;
    std::memcpy(&symbol, at + length * sizeof(symbol), sizeof(symbol));
    if (symbol != comparison.symbols[length]) break;
  }
  return length;
}

#ifdef __x86_64__
// Eight at once: nearly all comparisons end within the first eight.
__attribute__((target("avx2"))) uint32_t shared_symbols_16_avx2(const TextComparison& comparison, uint32_t bits) {
  constexpr uint32_t kAtOnce = 8;
  const char* const at = comparison.text + comparison.position * sizeof(uint16_t);
  uint32_t length = comparison.known;
  while (length + kAtOnce <= comparison.reach) {
    const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + length * sizeof(uint16_t)));
    const __m256i symbols = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(comparison.symbols + length));
    const __m256i equal = _mm256_cmpeq_epi32(_mm256_cvtepu16_epi32(halves), symbols);
    const auto mask = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(equal)));
    if (mask != 0xFF) return length + static_cast<uint32_t>(std::countr_one(mask));
    length += kAtOnce;
  }
  TextComparison rest = comparison;
  rest.known = length;
  return shared_symbols_16(rest, bits);
}

const bool kHasAvx2 = __builtin_cpu_supports("avx2") != 0;
#endif

}  // namespace

uint32_t shared_symbols_plain(const TextComparison& comparison, uint32_t bits) {
  uint32_t length = comparison.known;
  while (length < comparison.reach &&
         packed_at(comparison.text, comparison.position + length, bits) == comparison.symbols[length]) {
    ++length;
  }
  return length;
}

std::span<const SharedSymbols> all_shared_symbols_for(uint32_t bits) {
  static constexpr std::array<SharedSymbols, 1> kAny = {shared_symbols_plain};
  if (bits != kHalfWord) return kAny;
#ifdef __x86_64__
  static constexpr std::array<SharedSymbols, 3> kWithAvx2 = {shared_symbols_plain, shared_symbols_16,
                                                             shared_symbols_16_avx2};
  if (kHasAvx2) return kWithAvx2;
#endif
  static constexpr std::array<SharedSymbols, 2> kHalfWords = {shared_symbols_plain, shared_symbols_16};
  return kHalfWords;
}

SharedSymbols shared_symbols_for(uint32_t bits) { return all_shared_symbols_for(bits).back(); }

}  // namespace tribute::ngram
