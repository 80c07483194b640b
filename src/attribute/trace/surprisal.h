// Surprisal: how unlikely a token is, in integer millibits that every machine computes alike.
#pragma once

#include <cstdint>
#include <vector>

#include "ngram/span_source.h"

namespace tribute::trace {

// The largest integer m with 2^m · count^1000 ≤ token_count^1000, that is floor(1000 · log2(N / c)),
// for a token that occurs `count` times among `token_count`. A count of 0 stands for 1; 0 if there are
// no tokens at all. At most 64,000. `count` must not exceed `token_count` unless that is 0 (CHECK).
//
// By floating point with an error bound, and by big integers only next to an integer: exact always.
uint64_t surprisal_millibits(uint64_t count, uint64_t token_count);

// The surprisals of one answer's tokens, and of its runs in O(1).
class Surprisals {
 public:
  // The next token's.
  void append(uint64_t millibits) { sums_.push_back(sums_.back() + millibits); }
  uint32_t token_count() const { return static_cast<uint32_t>(sums_.size() - 1); }

  uint64_t of_token(uint32_t i) const { return sums_[i + size_t{1}] - sums_[i]; }
  uint64_t of(ngram::Run run) const { return sums_[run.end] - sums_[run.begin]; }
  uint64_t total() const { return sums_.back(); }

 private:
  std::vector<uint64_t> sums_ = {0};  // of the first i tokens
};

}  // namespace tribute::trace
