// Integers at their exact bit width, packed into 64-bit words: tokens, positions.
//
// Integer i of width w takes the bits [i * w, (i + 1) * w) of one long little-endian bit string: bit b
// is bit b % 64 of word b / 64, and words are little-endian. The bits after the last one are zero.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

namespace tribute::ngram {

static_assert(std::endian::native == std::endian::little, "packed integers are read where they lie");

// So that an integer lies within 8 bytes from the one where it begins.
inline constexpr uint32_t kMaxPackedBits = 57;

// The width that holds every integer below `end` (at least 1): 1 for 1 and 2.
uint32_t bits_below(uint64_t end);

// The bytes that `count` integers of `bits` take: whole words.
constexpr uint64_t packed_size(uint64_t count, uint32_t bits) { return (count * bits + 63) / 64 * 8; }

// Integer `i` of those packed at `bytes`. Reads 8 bytes from the one where it begins, up to 7 of them
// beyond packed_size(): there must be that many. `bits` is at most kMaxPackedBits.
inline uint64_t packed_at(const char* bytes, uint64_t i, uint32_t bits) {
  const uint64_t bit = i * bits;
  uint64_t word = 0;
  std::memcpy(&word, bytes + bit / 8, sizeof(word));
  return word >> bit % 8 & ((uint64_t{1} << bits) - 1);
}

// Packs integers one after another. Not thread-safe.
class IntPacker {
 public:
  explicit IntPacker(uint32_t bits) : bits_(bits) {}

  // `value` must be below 2^bits (CHECK).
  void append(uint64_t value);
  uint64_t count() const { return count_; }
  // The whole words so far, which the packer forgets: to write them while packing.
  std::string take_words();
  // The rest: with what was taken before, packed_size() bytes. The packer must not be used afterwards.
  std::string finish() &&;

 private:
  uint32_t bits_;
  uint64_t count_ = 0;
  uint64_t word_ = 0;  // the bits that do not fill a word yet
  uint32_t used_ = 0;  // how many, below 64
  std::string bytes_;
};

}  // namespace tribute::ngram
