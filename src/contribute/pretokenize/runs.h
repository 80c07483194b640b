// Runs of characters of one class in a text: the inner loops of the scanners. Inside the module.
//
// A class has `static bool contains(Properties)` and, where there is SSE2, `static __m128i ascii(__m128i)`:
// 0xff for each byte that is one of its ASCII characters, 0 for all others, those above 0x7f too.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <bit>
#include <cstdint>

#include "pretokenize/stage.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {

// A part of a text as the scanners read it.
class Scanned {
 public:
  Scanned(const TextPart& text, const CharacterTable& table)
      : data_(text.whole.data()), end_(text.end), loadable_(static_cast<uint32_t>(text.whole.size())), table_(&table) {}

  uint32_t end() const { return end_; }
  uint8_t byte(uint32_t position) const { return static_cast<uint8_t>(data_[position]); }
  // The byte at `position`, or 0 at the end and after it.
  uint8_t byte_or_zero(uint32_t position) const { return position < end_ ? byte(position) : uint8_t{0}; }
  Character character(uint32_t position) const { return decode(data_ + position, data_ + end_); }
  Properties properties(Character character) const {
    return character.is_well_formed() ? (*table_)[character.code] : Properties();
  }
  Properties ascii_properties(uint8_t byte) const { return (*table_)[byte]; }

  // The end of the run of characters of Class that begins at `position`; `position` where there is none.
  template <typename Class>
  uint32_t run_end(uint32_t position) const {
    while (position < end_) {
#if defined(__SSE2__)
      while (loadable_ - position >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data_ + position));
        const auto outside = static_cast<uint32_t>(_mm_movemask_epi8(Class::ascii(bytes))) ^ 0xffffU;
        if (outside != 0) {
          position += static_cast<uint32_t>(std::countr_zero(outside));
          break;
        }
        position += 16;
        if (position >= end_) return end_;
      }
      if (position >= end_) return end_;
#endif
      const uint8_t first = byte(position);
      if (first < 0x80) {
        if (!Class::contains(ascii_properties(first))) return position;
        ++position;
        continue;
      }
      // Above ASCII, one character after another, without a vector load for each.
      do {
        const Character next = character(position);
        if (!Class::contains(properties(next))) return position;
        position += next.size;
      } while (position < end_ && byte(position) >= 0x80);
    }
    return end_;
  }

  // The begin of the character before `position`, which is well-formed.
  uint32_t previous(uint32_t position) const {
    --position;
    while ((byte(position) & 0xc0) == 0x80) --position;
    return position;
  }

 private:
  const char* data_;
  uint32_t end_;
  uint32_t loadable_;
  const CharacterTable* table_;
};

#if defined(__SSE2__)
// 0xff where first ≤ byte ≤ last.
template <uint8_t first, uint8_t last>
__m128i bytes_between(__m128i bytes) {
  // Subtracting moves the interval to the lowest signed values, where one comparison is enough.
  const __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(0x80 - first)));
  return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(0x80 + (last - first + 1))));
}
inline __m128i ascii_letters(__m128i bytes) {
  return bytes_between<'a', 'z'>(_mm_or_si128(bytes, _mm_set1_epi8(0x20)));
}
inline __m128i ascii_digits(__m128i bytes) { return bytes_between<'0', '9'>(bytes); }
inline __m128i ascii_spaces(__m128i bytes) {
  return _mm_or_si128(bytes_between<'\t', '\r'>(bytes), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
}
#endif

struct LetterClass {
  static bool contains(Properties properties) { return kLetters.contains(properties); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) { return ascii_letters(bytes); }
#endif
};

struct NumberClass {
  static bool contains(Properties properties) { return kNumbers.contains(properties); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) { return ascii_digits(bytes); }
#endif
};

struct SpaceClass {
  static bool contains(Properties properties) { return properties.is_space(); }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) { return ascii_spaces(bytes); }
#endif
};

// [^\s\p{L}\p{N}]
struct OtherClass {
  static bool contains(Properties properties) {
    return !properties.is_space() && !(kLetters | kNumbers).contains(properties);
  }
#if defined(__SSE2__)
  static __m128i ascii(__m128i bytes) {
    const __m128i not_other =
        _mm_or_si128(_mm_or_si128(ascii_letters(bytes), ascii_digits(bytes)), ascii_spaces(bytes));
    const __m128i is_ascii = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(-1));
    return _mm_andnot_si128(not_other, is_ascii);
  }
#endif
};

}  // namespace tribute::pretokenize
