#include "ngram/index_shards.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tribute::ngram {

Result<IndexShards> IndexShards::open(std::vector<Index> indexes, std::span<const EntryIndex> withdrawn) {
  IndexShards opened(std::move(indexes));
  std::vector<const Segment*> segments;
  for (const Index& index : opened.indexes_) {
    for (const Segment& segment : index.segments()) {
      segments.push_back(&segment);
      auto dead = std::make_unique<DocumentSet>(segment.document_count());
      for (const std::span<const EntryIndex> entries : {std::span(index.manifest().tombstones), withdrawn}) {
        for (const EntryIndex entry : entries) {
          if (const auto document = segment.find(entry)) dead->insert(*document);
        }
      }
      const bool has_dead = dead->size() > 0;
      opened.shards_.push_back(std::make_unique<SegmentShard>(segment, has_dead ? dead.get() : nullptr));
      if (has_dead) opened.dead_.push_back(std::move(dead));
      TRY(segment.status());
    }
  }
  if (const auto shared = find_shared_entry(segments)) {
    return fail(ErrorCode::invalid_argument,
                "entry " + std::to_string(shared->value()) + " stands in two segments; name each index once");
  }
  return opened;
}

Result<IndexShards> IndexShards::open(Index index, std::span<const EntryIndex> withdrawn) {
  std::vector<Index> indexes;
  indexes.push_back(std::move(index));
  return open(std::move(indexes), withdrawn);
}

std::vector<const Shard*> IndexShards::pointers() const {
  std::vector<const Shard*> pointers;
  for (const auto& shard : shards_) pointers.push_back(shard.get());
  return pointers;
}

}  // namespace tribute::ngram
