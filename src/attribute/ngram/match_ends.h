// Which positions of a text are searched for their longest matches, and which follow from these.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tribute::ngram {

// What begins later never ends earlier, so that between two positions whose matches end at the same place no search is
// needed. Positions are searched in rounds: every sixteenth, then those halfway between two that end apart, down to
// all.
class MatchEnds {
 public:
  explicit MatchEnds(uint32_t size) : ends_(size) {}

  // The positions of the next round, ascending; none if all are known. Each must be told before the next call.
  std::span<const uint32_t> next_round();
  void tell(uint32_t begin, uint32_t length) { ends_[begin] = begin + length; }
  // The length of each match, when all are known.
  std::vector<uint32_t> lengths() &&;

 private:
  static constexpr uint32_t kFirstStride = 16;

  std::vector<uint32_t> ends_;  // by position, where it is known
  std::vector<uint32_t> round_;
  uint32_t stride_ = 0;  // between the positions that are known; 0 before the first round
};

}  // namespace tribute::ngram
