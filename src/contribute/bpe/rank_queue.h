// RankQueue: places of a piece by the rank of the merge that waits there.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "bpe/tables.h"

namespace tribute::bpe {

// Gives places back by (rank, place), lowest first. A rank's places come almost always in ascending
// order, so each rank has a bucket, which is a run that is read from its front, and a heap for those
// that come out of order; a heap holds the ranks that have places. O(1) a place where they come in order,
// O(log n) where not, and O(log of the number of ranks) a rank. Not thread-safe.
class RankQueue {
 public:
  // `rank_count`: ranks are below.
  explicit RankQueue(uint32_t rank_count) : bucket_of_rank_(rank_count, kNone) {}

  void push(uint32_t rank, uint32_t place);
  // False if it is empty; it then is as new.
  bool pop(uint32_t& rank, uint32_t& place);

 private:
  using Lowest = std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>>;

  struct Bucket {
    std::vector<uint32_t> run;  // ascending
    size_t front = 0;           // what stands before it was taken
    Lowest late;

    bool empty() const { return front == run.size() && late.empty(); }
  };

  void clear();

  std::vector<uint32_t> bucket_of_rank_;  // the index in buckets_; kNone: the rank was not met
  std::vector<uint32_t> met_;             // the ranks that were
  std::vector<Bucket> buckets_;
  Lowest ranks_;  // those whose bucket is not empty
};

}  // namespace tribute::bpe
