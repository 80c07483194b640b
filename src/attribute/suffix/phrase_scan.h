// Finding the phrases of a text.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "suffix/suffix_sort.h"

namespace tribute::suffix {

struct Phrase {
  uint32_t position;
  uint32_t length;
  uint64_t hash;
};

inline constexpr uint32_t kPhrasesAtOnce = 512;

inline uint64_t mix_symbol(uint64_t hash, uint64_t symbol) {
  hash = (hash ^ symbol) * 0x9E37'79B9'7F4A'7C15;
  return hash ^ hash >> 32;
}

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

// Calls visit(phrases) for the phrases that begin in [begin, end), by descending positions, some hundreds at
// a time. `end` is below the text's size. Only if `kHashed` do they have hashes.
template <bool kHashed, typename Symbol, typename Visit>
void scan_phrases(std::span<const Symbol> text, uint32_t begin, uint32_t end, Visit visit) {
  std::array<Phrase, kPhrasesAtOnce> found;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  uint32_t phrase_end = next_boundary(text, end);
  uint32_t next = text[phrase_end];
  uint64_t hash = mix_symbol(1, next);
  uint32_t next_is_s = 1;
  const uint32_t last = std::max(begin, uint32_t{1});
  // Without branches, since no one can foretell where a phrase ends.
  for (uint32_t i = phrase_end; i > last;) {
    uint32_t count = 0;
    for (const uint32_t stop = i - last > kPhrasesAtOnce ? i - kPhrasesAtOnce : last; i > stop;) {
      --i;
      const uint32_t symbol = text[i];
      next_is_s = symbol < next + next_is_s ? 1 : 0;
      const bool is_separator = symbol == kSeparator;
      const bool is_seed = next_is_s != 0 && text[i - 1] > symbol && !is_separator;
      if constexpr (kHashed) hash = mix_symbol(hash, symbol);
      found[count] = {i, phrase_end - i + 1, hash};
      count += is_seed ? 1 : 0;
      const bool is_boundary = is_seed || is_separator;
      phrase_end = is_boundary ? i : phrase_end;
      if constexpr (kHashed) hash = is_boundary ? mix_symbol(1, symbol) : hash;
      next = symbol;
    }
    visit(std::span<const Phrase>(found.data(), count));
  }
}

template <typename Symbol>
bool ends_document(std::span<const Symbol> text, const Phrase& phrase) {
  return text[phrase.position + phrase.length - 1] == kSeparator;
}

}  // namespace tribute::suffix
