#include "ngram/match_ends.h"

#include <utility>

namespace tribute::ngram {

std::span<const uint32_t> MatchEnds::next_round() {
  const auto size = static_cast<uint32_t>(ends_.size());
  round_.clear();
  if (stride_ == 0) {
    stride_ = kFirstStride;
    for (uint32_t i = 0; i < size; i += stride_) round_.push_back(i);
  }
  for (; round_.empty() && stride_ > 1; stride_ /= 2) {
    for (uint32_t before = 0; before + stride_ / 2 < size; before += stride_) {
      const uint32_t after = before + stride_;
      const uint32_t end_after = after < size ? ends_[after] : size;
      const uint32_t between = before + stride_ / 2;
      if (ends_[before] == end_after) {
        ends_[between] = end_after;
      } else {
        round_.push_back(between);
      }
    }
  }
  return round_;
}

std::vector<uint32_t> MatchEnds::lengths() && {
  for (uint32_t i = 0; i < ends_.size(); ++i) ends_[i] -= i;
  return std::move(ends_);
}

}  // namespace tribute::ngram
