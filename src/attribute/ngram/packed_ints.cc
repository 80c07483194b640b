#include "ngram/packed_ints.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::ngram {

uint32_t bits_below(uint64_t end) {
  CHECK(end > 0);
  return std::max(1U, static_cast<uint32_t>(std::bit_width(end - 1)));
}

void IntPacker::append(uint64_t value) {
  CHECK(value >> bits_ == 0);
  constexpr uint32_t kWordBits = 64;
  word_ |= value << used_;
  used_ += bits_;
  if (used_ >= kWordBits) {
    append_le64(bytes_, word_);
    used_ -= kWordBits;
    word_ = used_ == 0 ? 0 : value >> (bits_ - used_);
  }
  ++count_;
}

std::string IntPacker::take_words() { return std::exchange(bytes_, {}); }

std::string IntPacker::finish() && {
  if (used_ > 0) append_le64(bytes_, word_);
  return std::move(bytes_);
}

}  // namespace tribute::ngram
