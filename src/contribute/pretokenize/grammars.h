// The scanners of the common families. Each stands for one regular expression, is as its leftmost match by the
// first alternative that matches, and is compared with PCRE2's in the tests. Inside the module.
//
// All are linear: a run of characters is read at most three times (to find its end, backwards for its last
// line break, and once more for what the match left of it).
#pragma once

#include <cstdint>

#include "pretokenize/runs.h"

namespace tribute::pretokenize {

// Four kinds of characters decide which alternative matches.
enum class Kind : uint8_t { letter, number, space, other };

inline Kind kind_of(Properties properties) {
  if (kLetters.contains(properties)) return Kind::letter;
  if (kNumbers.contains(properties)) return Kind::number;
  return properties.is_space() ? Kind::space : Kind::other;
}

inline bool is_line_break(uint8_t byte) { return byte == '\n' || byte == '\r'; }

// The end of 's, 't, 're, 've, 'm, 'll or 'd at `position`; `position` if there is none.
inline uint32_t contraction_end(const Scanned& text, uint32_t position) {
  if (text.byte_or_zero(position) != '\'') return position;
  const uint8_t first = text.byte_or_zero(position + 1);
  const uint8_t second = text.byte_or_zero(position + 2);
  switch (first) {
    case 's':
    case 't':
    case 'm':
    case 'd': return position + 2;
    case 'r':
    case 'v': return second == 'e' ? position + 3 : position;
    case 'l': return second == 'l' ? position + 3 : position;
    default: return position;
  }
}

// The same whatever the case: an s is also S and U+017F, the long s, by Unicode's case folding.
inline uint32_t folded_contraction_end(const Scanned& text, uint32_t position) {
  if (text.byte_or_zero(position) != '\'') return position;
  const uint8_t first = text.byte_or_zero(position + 1);
  const uint8_t second = text.byte_or_zero(position + 2);
  switch (first | 0x20) {
    case 's':
    case 't':
    case 'm':
    case 'd': return position + 2;
    case 'r':
    case 'v': return (second | 0x20) == 'e' ? position + 3 : position;
    case 'l': return (second | 0x20) == 'l' ? position + 3 : position;
    default: return first == 0xc5 && second == 0xbf ? position + 3 : position;
  }
}

// \s+(?!\S)|\s+ where the run of white space [position, run_end) is not empty: its last character is left to
// what follows, unless it is alone or the text ends there.
inline uint32_t spaces_end(const Scanned& text, uint32_t position, uint32_t run_end) {
  if (run_end == text.end()) return run_end;
  const uint32_t last = text.previous(run_end);
  return last > position ? last : run_end;
}

// \s*[\r\n]+|\s+(?!\S)|\s+ likewise: up to the last line break, if there is one.
inline uint32_t spaces_or_lines_end(const Scanned& text, uint32_t position, uint32_t run_end) {
  for (uint32_t i = run_end; i > position; --i) {
    if (is_line_break(text.byte(i - 1))) return i;
  }
  return spaces_end(text, position, run_end);
}

// The end of \p{N}{1,most} whose first character ends at `position`.
inline uint32_t numbers_end(const Scanned& text, uint32_t position, uint32_t most) {
  for (uint32_t i = 1; i < most && position < text.end(); ++i) {
    const Character character = text.character(position);
    if (!NumberClass::contains(text.properties(character))) break;
    position += character.size;
  }
  return position;
}

// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
struct Gpt2Grammar {
  uint32_t piece_end(const Scanned& text, uint32_t position) const {
    const uint8_t first = text.byte(position);
    if (first == '\'') {
      const uint32_t end = contraction_end(text, position);
      if (end > position) return end;
    }
    const uint32_t start = first == ' ' ? position + 1 : position;
    if (start == text.end()) return start;
    const Character character = text.character(start);
    const uint32_t next = start + character.size;
    switch (kind_of(text.properties(character))) {
      case Kind::letter: return text.run_end<LetterClass>(next);
      case Kind::number: return text.run_end<NumberClass>(next);
      case Kind::other: return text.run_end<OtherClass>(next);
      case Kind::space: break;
    }
    return spaces_end(text, position, text.run_end<SpaceClass>(next));
  }
};

// (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
struct Cl100kGrammar {
  uint32_t most_digits = 3;
  // With \s++$ before \s*[\r\n]+: white space that ends the text is one piece.
  bool whole_last_spaces = false;

  uint32_t piece_end(const Scanned& text, uint32_t position) const {
    const uint8_t first = text.byte(position);
    if (first == '\'') {
      const uint32_t end = folded_contraction_end(text, position);
      if (end > position) return end;
    }
    const Character character = text.character(position);
    const uint32_t next = position + character.size;
    const Kind kind = kind_of(text.properties(character));
    if (kind == Kind::letter) return text.run_end<LetterClass>(next);
    if (kind == Kind::number) return numbers_end(text, next, most_digits);
    if (next < text.end() && !is_line_break(first)) {
      const Character second = text.character(next);
      const Kind second_kind = kind_of(text.properties(second));
      if (second_kind == Kind::letter) return text.run_end<LetterClass>(next + second.size);
      if (first == ' ' && second_kind == Kind::other) return others_end(text, next + second.size);
    }
    if (kind == Kind::other) return others_end(text, next);
    const uint32_t run_end = text.run_end<SpaceClass>(next);
    if (whole_last_spaces && run_end == text.end()) return run_end;
    return spaces_or_lines_end(text, position, run_end);
  }

 private:
  static uint32_t others_end(const Scanned& text, uint32_t position) {
    position = text.run_end<OtherClass>(position);
    while (is_line_break(text.byte_or_zero(position))) ++position;
    return position;
  }
};

}  // namespace tribute::pretokenize
