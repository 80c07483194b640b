// The scanner of DeepSeek-V3's last stage. Inside the module.
#pragma once

#include <cstdint>

#include "pretokenize/grammars.h"
#include "pretokenize/runs.h"

namespace tribute::pretokenize {

// [\p{L}\p{M}]
struct LetterOrMarkClass {
  static bool contains(Properties properties) { return (kLetters | kMarks).contains(properties); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) { return ascii_letters(bytes); }
#endif
};

// [\p{P}\p{S}]
struct PunctuationOrSymbolClass {
  static bool contains(Properties properties) { return (kPunctuation | kSymbols).contains(properties); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) {
    const __m128i visible = bytes_between<'!', '~'>(bytes);
    return _mm_andnot_si128(_mm_or_si128(ascii_letters(bytes), ascii_digits(bytes)), visible);
  }
#endif
};

// [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|
// \s*[\r\n]+|\s+(?!\S)|\s+
// What none of it matches (digits and controls before no word) is a piece as a whole.
struct DeepseekV3Grammar {
  uint32_t piece_end(const Scanned& text, uint32_t position) const {
    uint32_t end = match_end(text, position);
    if (end > position) return end;
    do {
      end += text.character(end).size;
    } while (end < text.end() && match_end(text, end) == end);
    return end;
  }

 private:
  static uint32_t match_end(const Scanned& text, uint32_t position) {
    const uint8_t first = text.byte(position);
    const Character character = text.character(position);
    const uint32_t next = position + character.size;
    const Properties properties = text.properties(character);
    const uint8_t second_byte = text.byte_or_zero(next);
    if (PunctuationOrSymbolClass::contains(properties)) {
      if (first < 0x80 && is_ascii_letter(second_byte)) return ascii_letters_end(text, next);
      return marks_end(text, next);
    }
    if (LetterOrMarkClass::contains(properties)) return text.run_end<LetterOrMarkClass>(next);
    if (next < text.end() && !is_line_break(first)) {
      const Character second = text.character(next);
      const Properties second_properties = text.properties(second);
      if (LetterOrMarkClass::contains(second_properties)) return text.run_end<LetterOrMarkClass>(next + second.size);
      if (first == ' ' && PunctuationOrSymbolClass::contains(second_properties)) {
        return marks_end(text, next + second.size);
      }
    }
    if (!properties.is_space()) return position;
    return spaces_or_lines_end(text, position, text.run_end<SpaceClass>(next));
  }

  static bool is_ascii_letter(uint8_t byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }
  static uint32_t ascii_letters_end(const Scanned& text, uint32_t position) {
    while (is_ascii_letter(text.byte_or_zero(position))) ++position;
    return position;
  }
  static uint32_t marks_end(const Scanned& text, uint32_t position) {
    position = text.run_end<PunctuationOrSymbolClass>(position);
    while (is_line_break(text.byte_or_zero(position))) ++position;
    return position;
  }
};

}  // namespace tribute::pretokenize
