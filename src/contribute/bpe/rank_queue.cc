#include "bpe/rank_queue.h"

namespace tribute::bpe {

void RankQueue::push(uint32_t rank, uint32_t place) {
  uint32_t& index = bucket_of_rank_[rank];
  if (index == kNone) {
    index = static_cast<uint32_t>(buckets_.size());
    buckets_.emplace_back();
    met_.push_back(rank);
  }
  Bucket& bucket = buckets_[index];
  if (bucket.empty()) {
    ranks_.push(rank);
    bucket.run.clear();
    bucket.front = 0;
  }
  if (bucket.run.empty() || bucket.run.back() <= place) {
    bucket.run.push_back(place);
  } else {
    bucket.late.push(place);
  }
}

bool RankQueue::pop(uint32_t& rank, uint32_t& place) {
  if (ranks_.empty()) {
    clear();
    return false;
  }
  rank = ranks_.top();
  Bucket& bucket = buckets_[bucket_of_rank_[rank]];
  const bool from_run =
      bucket.front < bucket.run.size() && (bucket.late.empty() || bucket.run[bucket.front] <= bucket.late.top());
  if (from_run) {
    place = bucket.run[bucket.front++];
  } else {
    place = bucket.late.top();
    bucket.late.pop();
  }
  if (bucket.empty()) ranks_.pop();
  return true;
}

void RankQueue::clear() {
  for (const uint32_t rank : met_) bucket_of_rank_[rank] = kNone;
  met_.clear();
  buckets_.clear();
}

}  // namespace tribute::bpe
