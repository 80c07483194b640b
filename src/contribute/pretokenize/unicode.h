// Characters of UTF-8 text and their properties, as of Unicode 15.0.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <initializer_list>

namespace tribute::pretokenize {

// General categories, in the order of unicode_ranges.cc. `none` is that of a byte outside well-formed UTF-8.
enum class Category : uint8_t {
  cn,
  lu,
  ll,
  lt,
  lm,
  lo,
  mn,
  mc,
  me,
  nd,
  nl,
  no,
  pc,
  pd,
  ps,
  pe,
  pi,
  pf,
  po,
  sm,
  sc,
  sk,
  so,
  zs,
  zl,
  zp,
  cc,
  cf,
  cs,
  co,
  none = 31,
};

// What is known of a character: its category, whether it is White_Space, and whether it is a word character
// (\w of Unicode Technical Standard 18: Alphabetic, M, Nd, Pc, Join_Control).
class Properties {
 public:
  constexpr Properties() = default;
  constexpr explicit Properties(uint8_t bits) : bits_(bits) {}

  constexpr Category category() const { return static_cast<Category>(bits_ & 31); }
  constexpr bool is_space() const { return (bits_ & 32) != 0; }
  constexpr bool is_word() const { return (bits_ & 64) != 0; }
  constexpr uint8_t bits() const { return bits_; }

 private:
  uint8_t bits_ = static_cast<uint8_t>(Category::none);
};

// A set of general categories.
class Categories {
 public:
  constexpr Categories() = default;
  constexpr Categories(std::initializer_list<Category> categories) {
    for (const Category category : categories) bits_ |= uint32_t{1} << static_cast<uint8_t>(category);
  }
  constexpr bool contains(Properties properties) const { return (bits_ >> (properties.bits() & 31) & 1) != 0; }
  constexpr Categories operator|(Categories other) const {
    other.bits_ |= bits_;
    return other;
  }

 private:
  uint32_t bits_ = 0;
};

inline constexpr Categories kLetters = {Category::lu, Category::ll, Category::lt, Category::lm, Category::lo};
inline constexpr Categories kMarks = {Category::mn, Category::mc, Category::me};
inline constexpr Categories kNumbers = {Category::nd, Category::nl, Category::no};
inline constexpr Categories kPunctuation = {Category::pc, Category::pd, Category::ps, Category::pe,
                                            Category::pi, Category::pf, Category::po};
inline constexpr Categories kSymbols = {Category::sm, Category::sc, Category::sk, Category::so};

inline constexpr uint32_t kCodePoints = 0x110000;

// The properties of every code point. Immutable; thread-safe; made at first use in some 50 µs.
class CharacterTable {
 public:
  static const CharacterTable& get();

  // `code` below kCodePoints.
  Properties operator[](uint32_t code) const {
    return code < low_.size() ? Properties(low_[code]) : high(code);  // NOLINT: the index is checked right here
  }

 private:
  CharacterTable();
  Properties high(uint32_t code) const;

  std::array<uint8_t, 0x20000> low_{};  // planes 0 and 1; there is little else but ideographs above
};

// A character of a text: a well-formed UTF-8 sequence, or one byte that belongs to none.
struct Character {
  uint32_t code = kCodePoints;  // kCodePoints for such a byte
  uint32_t size = 1;            // in bytes

  bool is_well_formed() const { return code != kCodePoints; }
};

// The character at `at`, where one begins; at < end. O(1).
inline Character decode(const char* at, const char* end) {
  const auto byte = [at](uint32_t i) { return uint32_t{static_cast<uint8_t>(at[i])}; };
  const uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  const auto left = end - at;
  const auto continues = [&byte](uint32_t i) { return (byte(i) & 0xc0) == 0x80; };
  if (first >= 0xe0 && first < 0xf0) {
    if (left < 3 || !continues(1) || !continues(2)) return {};
    const uint32_t code = (first & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
    // Neither an overlong form nor a surrogate.
    return code >= 0x800 && (code < 0xd800 || code >= 0xe000) ? Character{code, 3} : Character{};
  }
  if (first < 0xe0) {
    if (first < 0xc2 || left < 2 || !continues(1)) return {};
    return {(first & 31) << 6 | (byte(1) & 63), 2};
  }
  if (first > 0xf4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return {};
  const uint32_t code = (first & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
  return code >= 0x10000 && code < kCodePoints ? Character{code, 4} : Character{};
}

// The begin of the character that the byte at `at` belongs to; of a text that begins at `begin` and ends at `end`, with
// begin ≤ at < end. O(1).
inline const char* character_begin(const char* begin, const char* at, const char* end) {
  for (int back = 1; back < 4 && back <= at - begin; ++back) {
    if (at - back + decode(at - back, end).size > at) return at - back;
  }
  return at;
}

// Which normalization forms may change a character or its neighbours.
class NormalizationTable {
 public:
  static const NormalizationTable& get();

  // Bit f is set if a text of this character need not be in Form f: its quick check is not "yes" or its
  // canonical combining class is not 0. `code` below kCodePoints.
  uint8_t operator[](uint32_t code) const {
    return code < low_.size() ? low_[code] : high(code);  // NOLINT: the index is checked right here
  }

 private:
  NormalizationTable();
  uint8_t high(uint32_t code) const;

  std::array<uint8_t, 0x20000> low_{};
};

}  // namespace tribute::pretokenize
