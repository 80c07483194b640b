// Runs of a text by their tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

// The runs of different tokens among many, in their order, and which of them each of the many is equal to. Keeps
// what it is given by reference. O(tokens of the runs).
class DistinctRuns {
 public:
  DistinctRuns(std::span<const TokenId> text, std::span<const Run> runs);

  // What was given.
  std::span<const Run> all() const { return all_; }
  std::span<const Run> distinct() const { return distinct_; }
  // Of a run by its index in all(): the index in distinct().
  uint32_t of(size_t i) const { return of_[i]; }

 private:
  std::span<const Run> all_;
  std::vector<Run> distinct_;
  std::vector<uint32_t> of_;
};

}  // namespace tribute::ngram
