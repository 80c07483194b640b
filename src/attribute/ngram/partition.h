// Cutting a range of ranks into the parts that have one key each.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ngram/search.h"
#include "ngram/shard.h"

namespace tribute::ngram {

// Ranks with one key.
struct KeyedRange {
  uint64_t key = 0;
  RankRange range;

  friend bool operator==(const KeyedRange&, const KeyedRange&) = default;
};

// Writes the key of each of some ranks.
using KeyReader = std::function<void(std::span<const uint64_t> ranks, std::span<uint64_t> keys)>;

// The parts of `range` by key, where keys never fall from rank to rank. Parts are not empty, ascend and
// tile the range. A small range is read whole; in a large one every stretch between two known ranks with
// different keys is halved until they are neighbours, all stretches at once, so that the reads of a round
// can overlap: O(parts · log(range / parts)) keys, at most one for each rank.
// Where keys do fall (a damaged file), the parts still tile the range and may repeat keys.
std::vector<KeyedRange> partition(RankRange range, const KeyReader& keys_of);

// Adds up counts of equal tokens and sorts them.
void tidy(Continuations& continuations);

}  // namespace tribute::ngram
