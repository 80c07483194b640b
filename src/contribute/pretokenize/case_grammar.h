// The scanners of the o200k family, whose words begin with capitals and end in small letters. Inside the module.
#pragma once

#include <cstdint>

#include "pretokenize/grammars.h"
#include "pretokenize/runs.h"

namespace tribute::pretokenize {

inline constexpr Categories kCapitals = {Category::lu, Category::lt};
// Letters and marks without case count as both.
inline constexpr Categories kCaseless = Categories{Category::lm, Category::lo} | kMarks;
inline constexpr Categories kSmall = {Category::ll};

// [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
struct UpperClass {
  static bool contains(Properties properties) { return (kCapitals | kCaseless).contains(properties); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) { return bytes_between<'A', 'Z'>(bytes); }
#endif
};

// [\p{Ll}\p{Lm}\p{Lo}\p{M}]
struct LowerClass {
  static bool contains(Properties properties) { return (kSmall | kCaseless).contains(properties); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) { return bytes_between<'a', 'z'>(bytes); }
#endif
};

// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|
// \p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
struct O200kGrammar {
  uint32_t most_digits = 3;
  bool with_contractions = true;  // after a word

  uint32_t piece_end(const Scanned& text, uint32_t position) const {
    const uint8_t first = text.byte(position);
    const Character character = text.character(position);
    const uint32_t next = position + character.size;
    const Properties properties = text.properties(character);
    const Kind kind = kind_of(properties);
    if (kind == Kind::number) return numbers_end(text, next, most_digits);
    // A mark is of a word, whether or not it is taken for the character before one.
    if (kind == Kind::letter || kMarks.contains(properties)) return with_contraction(text, word_end(text, position));
    if (!is_line_break(first)) {
      const uint32_t end = word_end(text, next);
      if (end > next) return with_contraction(text, end);
    }
    if (kind == Kind::other) return others_end(text, next);
    if (first == ' ' && next < text.end()) {
      const Character second = text.character(next);
      if (kind_of(text.properties(second)) == Kind::other) return others_end(text, next + second.size);
    }
    return spaces_or_lines_end(text, position, text.run_end<SpaceClass>(next));
  }

 private:
  // The end of U*W+, else of U+, at `begin` (U, W: the classes above); `begin` where neither is.
  static uint32_t word_end(const Scanned& text, uint32_t begin) {
    const uint32_t uppers_end = text.run_end<UpperClass>(begin);
    const uint32_t end = text.run_end<LowerClass>(uppers_end);
    if (end > uppers_end) return end;
    // The run of U has to give back characters until the last of them is in W; if none is, it has capitals alone.
    for (uint32_t i = uppers_end; i > begin; i = text.previous(i)) {
      const uint8_t last = text.byte(i - 1);
      if (last >= 0x80 && LowerClass::contains(text.properties(text.character(text.previous(i))))) return i;
    }
    return uppers_end;
  }

  uint32_t with_contraction(const Scanned& text, uint32_t end) const {
    return with_contractions ? folded_contraction_end(text, end) : end;
  }
  static uint32_t others_end(const Scanned& text, uint32_t position) {
    position = text.run_end<OtherClass>(position);
    while (is_line_break(text.byte_or_zero(position)) || text.byte_or_zero(position) == '/') ++position;
    return position;
  }
};

}  // namespace tribute::pretokenize
