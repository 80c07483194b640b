// Finding the phrases of a text.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "suffix/suffix_sort.h"

namespace tribute::suffix {

struct Phrase {
  uint32_t position;
  uint32_t length;
};

inline constexpr uint32_t kPhrasesAtOnce = 512;

// The first seed or separator at or after `position`. O(steps to it and through the next phrase).
template <typename Symbol>
uint32_t next_boundary(std::span<const Symbol> text, uint32_t position) {
  if (text[position] == kSeparator) return position;
  bool has_seed = position > 0 && text[position - 1] > text[position];
  uint32_t seed = position;
  for (uint32_t i = position;; ++i) {
    if (text[i + 1] == kSeparator) return i + 1;
    if (text[i] < text[i + 1] && has_seed) return seed;
    if (text[i] > text[i + 1]) {
      has_seed = true;
      seed = i + 1;
    }
  }
}

// Where the seeds and the separators of up to 64 symbols are; the last symbol is bit 0.
struct Boundaries {
  uint64_t seeds;
  uint64_t separators;
};

// Of the symbols [begin, end). `next_is_s`: whether the suffix at `end` is of type S; then whether that at `begin` is.
template <typename Symbol>
Boundaries find_boundaries(std::span<const Symbol> text, uint32_t begin, uint32_t end, bool& next_is_s) {
  uint64_t less = 0;
  uint64_t equal = 0;
  uint64_t separators = 0;
  for (uint32_t i = begin; i < end; ++i) {
    less = less << 1 | static_cast<uint64_t>(text[i] < text[i + 1]);
    equal = equal << 1 | static_cast<uint64_t>(text[i] == text[i + 1]);
    separators = separators << 1 | static_cast<uint64_t>(text[i] == kSeparator);
  }
  // What is less than the next is of type S, and what is equal to it is if that is: as an addition carries.
  const uint64_t sum = (less | equal) + less + (next_is_s ? 1 : 0);
  const uint64_t is_s = less | (equal & ~sum);
  const bool first_is_after_greater = begin > 0 && text[begin - 1] > text[begin];
  const uint32_t top = end - begin - 1;
  const uint64_t after_greater =
      ((~(less | equal) >> 1) & ((uint64_t{1} << top) - 1)) | static_cast<uint64_t>(first_is_after_greater) << top;
  next_is_s = (is_s >> top & 1) != 0;
  return {.seeds = is_s & after_greater & ~separators, .separators = separators};
}

// Calls visit(phrases) for the phrases that begin in [begin, end), by descending positions, some hundreds at
// a time. `end` is below the text's size.
template <typename Symbol, typename Visit>
void scan_phrases(std::span<const Symbol> text, uint32_t begin, uint32_t end, Visit visit) {
  constexpr uint32_t kSymbols = 64;
  std::array<Phrase, kPhrasesAtOnce> found;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  uint32_t count = 0;
  uint32_t phrase_end = next_boundary(text, end);
  bool next_is_s = true;
  for (uint32_t i = phrase_end; i > begin;) {
    const uint32_t first = i - begin > kSymbols ? i - kSymbols : begin;
    const auto [seeds, separators] = find_boundaries(text, first, i, next_is_s);
    for (uint64_t rest = seeds | separators; rest != 0; rest &= rest - 1) {
      const uint32_t position = i - 1 - static_cast<uint32_t>(std::countr_zero(rest));
      found[count] = {position, phrase_end - position + 1};
      count += (rest & (~rest + 1) & seeds) != 0 ? 1 : 0;
      phrase_end = position;
    }
    i = first;
    if (count + kSymbols > kPhrasesAtOnce || i == begin) {
      visit(std::span<const Phrase>(found.data(), count));
      count = 0;
    }
  }
}

template <typename Symbol>
bool ends_document(std::span<const Symbol> text, const Phrase& phrase) {
  return text[phrase.position + phrase.length - 1] == kSeparator;
}

}  // namespace tribute::suffix
