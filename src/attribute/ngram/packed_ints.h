// Tokens at the vocabulary's exact bit width, packed into 64-bit words.
//
// Token i of width w takes the bits [i * w, (i + 1) * w) of one long little-endian bit string: bit b
// is bit b % 64 of word b / 64, and words are little-endian. The bits after the last token are zero.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace tribute::ngram {

// The width that holds every token below `vocabulary_size` (at least 1): 1 to 32 bits.
uint32_t token_bits(uint32_t vocabulary_size);

// The bytes that `count` tokens of `bits` take: whole words.
uint64_t packed_size(uint64_t count, uint32_t bits);

// Packs tokens one after another. Not thread-safe.
class TokenPacker {
 public:
  explicit TokenPacker(uint32_t bits) : bits_(bits) {}

  // `token` must be below 2^bits (CHECK).
  void append(TokenId token);
  uint64_t count() const { return count_; }
  // packed_size() bytes. The packer must not be used afterwards.
  std::string finish() &&;

 private:
  uint32_t bits_;
  uint64_t count_ = 0;
  uint64_t word_ = 0;  // the bits that do not fill a word yet
  uint32_t used_ = 0;  // how many, below 64
  std::string bytes_;
};

// Reads packed tokens. Does not own `bytes`, which must be packed_size() long (CHECK). Thread-safe.
class PackedTokens {
 public:
  PackedTokens() = default;
  PackedTokens(std::string_view bytes, uint64_t count, uint32_t bits);

  uint64_t size() const { return count_; }
  // `i` must be below size() (CHECK).
  TokenId operator[](uint64_t i) const;
  // True if every bit after the last token is zero.
  bool tail_is_zero() const;

 private:
  uint64_t word(uint64_t i) const;

  std::string_view bytes_;
  uint64_t count_ = 0;
  uint32_t bits_ = 1;
};

}  // namespace tribute::ngram
