#include "ngram/packed_tokens.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::ngram {
namespace {

constexpr uint32_t kWordBits = 64;
constexpr uint64_t kWordBytes = 8;

}  // namespace

uint32_t token_bits(uint32_t vocabulary_size) {
  CHECK(vocabulary_size > 0);
  return std::max(1U, static_cast<uint32_t>(std::bit_width(vocabulary_size - 1)));
}

uint64_t packed_size(uint64_t count, uint32_t bits) { return (count * bits + kWordBits - 1) / kWordBits * kWordBytes; }

void TokenPacker::append(TokenId token) {
  const uint64_t value = token.value();
  CHECK(value >> bits_ == 0);
  word_ |= value << used_;
  used_ += bits_;
  if (used_ >= kWordBits) {
    append_le64(bytes_, word_);
    used_ -= kWordBits;
    word_ = value >> (bits_ - used_);
  }
  ++count_;
}

std::string TokenPacker::finish() && {
  if (used_ > 0) append_le64(bytes_, word_);
  return std::move(bytes_);
}

PackedTokens::PackedTokens(std::string_view bytes, uint64_t count, uint32_t bits)
    : bytes_(bytes), count_(count), bits_(bits) {
  CHECK(bytes.size() == packed_size(count, bits));
}

uint64_t PackedTokens::word(uint64_t i) const { return load_le64(bytes_.substr(i * kWordBytes)); }

TokenId PackedTokens::operator[](uint64_t i) const {
  CHECK(i < count_);
  const uint64_t bit = i * bits_;
  const auto shift = static_cast<uint32_t>(bit % kWordBits);
  uint64_t value = word(bit / kWordBits) >> shift;
  if (shift + bits_ > kWordBits) value |= word(bit / kWordBits + 1) << (kWordBits - shift);
  return TokenId{static_cast<uint32_t>(value & ((uint64_t{1} << bits_) - 1))};
}

bool PackedTokens::tail_is_zero() const {
  const uint64_t bit = count_ * bits_;
  const auto shift = static_cast<uint32_t>(bit % kWordBits);
  return shift == 0 || word(bit / kWordBits) >> shift == 0;
}

}  // namespace tribute::ngram
