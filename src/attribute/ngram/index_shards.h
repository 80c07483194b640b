// IndexShards: the segments of some manifests as shards, less what is not live.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/document_set.h"
#include "ngram/index.h"
#include "ngram/segment_shard.h"
#include "ngram/shard.h"

namespace tribute::ngram {

// A SegmentShard for each segment of each index, in the order of the indexes and of their manifests, in which
// the tombstoned and withdrawn documents are dead: together the documents of live_documents() of the same.
// Immutable; thread-safe; movable, and the shards stay where they are.
class IndexShards {
 public:
  // `withdrawn`: entries that are not live though the manifests say so, in any order; those that stand in no
  // segment are ignored. O(documents) where a segment has dead ones.
  // Errors: invalid_argument if an entry stands in two segments; data_loss naming a segment that is damaged.
  static Result<IndexShards> open(std::vector<Index> indexes, std::span<const EntryIndex> withdrawn = {});
  // Of one index.
  static Result<IndexShards> open(Index index, std::span<const EntryIndex> withdrawn = {});

  const std::vector<Index>& indexes() const { return indexes_; }
  // As long as this lives.
  std::vector<const Shard*> pointers() const;

 private:
  explicit IndexShards(std::vector<Index> indexes) : indexes_(std::move(indexes)) {}

  std::vector<Index> indexes_;  // moving it moves no segment
  std::vector<std::unique_ptr<DocumentSet>> dead_;
  std::vector<std::unique_ptr<SegmentShard>> shards_;
};

}  // namespace tribute::ngram
