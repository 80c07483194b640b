// The hash tables that an encoder probes, as they lie in memory and in a file: little-endian words in
// lines of 64 bytes, so that a probe touches one cache line.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "base/checked.h"

namespace tribute::bpe {

static_assert(std::endian::native == std::endian::little, "tables are used where they are mapped");

inline constexpr size_t kLineBytes = 64;
inline constexpr uint32_t kNone = UINT32_MAX;
// Who goes through many keys asks for the line of the one so many ahead, so that reads overlap.
inline constexpr uint32_t kPrefetchAhead = 16;

// A string of at most 15 bytes as two words: its bytes, zeros, and its length in the last byte.
struct ShortKey {
  static constexpr size_t kMaxBytes = 15;

  uint64_t low = 0;
  uint64_t high = 0;

  friend bool operator==(const ShortKey&, const ShortKey&) = default;
};

inline uint64_t load_word(const char* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

inline constexpr auto kLowMasks = [] {
  std::array<uint64_t, 16> masks{};
  for (size_t n = 0; n < 16; ++n) masks[n] = n >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * n)) - 1;
  return masks;
}();
inline constexpr auto kHighMasks = [] {
  std::array<uint64_t, 16> masks{};
  for (size_t n = 0; n < 16; ++n) masks[n] = n <= 8 ? 0 : (uint64_t{1} << (8 * (n - 8))) - 1;
  return masks;
}();

// `bytes` has `size` bytes, 1 to 15, and at least 16 may be read there.
inline ShortKey wide_short_key(const char* bytes, size_t size) {
  return {load_word(bytes) & kLowMasks[size], (load_word(bytes + 8) & kHighMasks[size]) | uint64_t{size} << 56};
}

inline ShortKey short_key(std::string_view bytes) {
  std::array<char, 16> wide{};
  std::memcpy(wide.data(), bytes.data(), bytes.size());
  return wide_short_key(wide.data(), bytes.size());
}

// The two halves of the full product, folded (as in wyhash).
inline uint64_t mix(uint64_t a, uint64_t b) {
  const uint128_t product = uint128_t{a} * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t hash_of(const ShortKey& key) {
  return mix(key.low ^ 0x9E37'79B9'7F4A'7C15, key.high ^ 0xD1B5'4A32'D192'ED03);
}
uint64_t hash_of_long(std::string_view bytes);

// The pair of parts as one word below 2^36.
inline uint64_t pair_key(uint32_t left, uint32_t right) { return uint64_t{left} << 18 | right; }
inline uint64_t hash_of_pair(uint64_t key) { return mix(key ^ 0x9E37'79B9'7F4A'7C15, 0xD1B5'4A32'D192'ED03); }

// Which of `count` lines a hash belongs to.
inline uint32_t line_of(uint64_t hash, uint32_t count) { return static_cast<uint32_t>((hash >> 32) * count >> 32); }
inline uint32_t next_line(uint32_t line, uint32_t count) { return line + 1 == count ? 0 : line + 1; }

// Short text entries. A slot whose key has length 0 is empty, and so are those after it.
struct EntryLine {
  static constexpr size_t kSlots = 3;
  // Set in an id if the entry's own symbols merge into it.
  static constexpr uint32_t kWhole = uint32_t{1} << 31;

  std::array<ShortKey, kSlots> keys;
  std::array<uint32_t, kSlots> ids;
  uint32_t zero;
};
static_assert(sizeof(EntryLine) == kLineBytes);

// Long text entries, found by their hash and compared with the entry's bytes. Open addressing by one.
struct LongSlot {
  uint32_t tag;  // the hash's low half
  uint32_t id;   // kNone: the slot is empty; EntryLine::kWhole as there
};

// Merges: a word is left << 46 | right << 28 | result << 10 | 1; a word of 0 is empty, and so are those after it.
struct MergeLine {
  static constexpr size_t kSlots = 5;
  static uint64_t word(uint32_t left, uint32_t right, uint32_t result) {
    return pair_key(left, right) << 28 | uint64_t{result} << 10 | 1;
  }
  static uint32_t result(uint64_t word) { return static_cast<uint32_t>(word >> 10) & ((uint32_t{1} << 18) - 1); }

  std::array<uint64_t, kSlots> words;
  std::array<uint32_t, kSlots> ranks;
  uint32_t zero;
};
static_assert(sizeof(MergeLine) == kLineBytes);

// What two parts become, and how soon.
struct Joined {
  uint32_t rank = kNone;  // kNone: they do not merge
  uint32_t result = 0;
};

inline uint32_t merge_home(std::span<const MergeLine> lines, uint32_t left, uint32_t right) {
  return line_of(hash_of_pair(pair_key(left, right)), static_cast<uint32_t>(lines.size()));
}

// Begins to read the line that find_merge() will.
inline void prefetch_merge(std::span<const MergeLine> lines, uint32_t left, uint32_t right) {
  __builtin_prefetch(&lines[merge_home(lines, left, right)]);
}

inline Joined find_merge(std::span<const MergeLine> lines, uint32_t left, uint32_t right) {
  const uint64_t key = pair_key(left, right);
  const auto count = static_cast<uint32_t>(lines.size());
  uint32_t at = merge_home(lines, left, right);
  // A line that is not full ends the search; a damaged table without one ends it after all lines.
  for (uint32_t probe = 0; probe < count; ++probe, at = next_line(at, count)) {
    const MergeLine& line = lines[at];
    for (size_t i = 0; i < MergeLine::kSlots; ++i) {
      if (line.words[i] >> 28 == key && line.words[i] != 0) return {line.ranks[i], MergeLine::result(line.words[i])};
    }
    if (line.words[MergeLine::kSlots - 1] == 0) return {};
  }
  return {};
}

// The id, with kWhole, of the short text entry; kNone if there is none.
inline uint32_t find_short(std::span<const EntryLine> lines, const ShortKey& key, uint32_t at) {
  const auto count = static_cast<uint32_t>(lines.size());
  for (uint32_t probe = 0; probe < count; ++probe, at = next_line(at, count)) {
    const EntryLine& line = lines[at];
    for (size_t i = 0; i < EntryLine::kSlots; ++i) {
      if (line.keys[i] == key) return line.ids[i];
    }
    if (line.keys[EntryLine::kSlots - 1].high == 0) return kNone;
  }
  return kNone;
}

}  // namespace tribute::bpe
