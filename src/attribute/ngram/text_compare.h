// How many tokens a run and a text share: the innermost loop of every search, by processor.
#pragma once

#include <cstdint>
#include <span>

namespace tribute::ngram {

// The greatest n ≤ `reach` such that symbols[known..n) equal the packed symbols [position + known, position +
// n) of `text`; `known` ≤ `reach` are taken for equal. Reads what packed_at() reads.
struct TextComparison {
  const char* text = nullptr;
  uint64_t position = 0;
  const uint32_t* symbols = nullptr;
  uint32_t known = 0;
  uint32_t reach = 0;
};
using SharedSymbols = uint32_t (*)(const TextComparison& comparison, uint32_t bits);

// For symbols of any width.
uint32_t shared_symbols_plain(const TextComparison& comparison, uint32_t bits);

// The fastest that this processor has for symbols of `bits` bits. Thread-safe.
SharedSymbols shared_symbols_for(uint32_t bits);

// All that this processor has for symbols of `bits` bits, to compare them with each other.
std::span<const SharedSymbols> all_shared_symbols_for(uint32_t bits);

}  // namespace tribute::ngram
