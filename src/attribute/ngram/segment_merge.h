// Merging segments, and when to.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/segment.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {

// What one segment holds, as far as its merging goes.
struct SegmentLoad {
  uint64_t live_tokens = 0;
  uint64_t dead_tokens = 0;  // of tombstoned documents
};

// Which of a DataNet's segments shall go into one new segment together with `new_tokens` tokens of new
// documents: indexes into `loads`, ascending.
//
// Size-tiered: the largest segment that has at most twice the live tokens of all that is smaller, new
// documents among it, is merged with all of that. So afterwards each segment has more than twice the
// tokens of all smaller ones together: there are at most log3(tokens) + 1, and a token is sorted again at
// most log1.5(tokens) times. A segment that is dead for more than half is rewritten in any case. What
// would pass the limit of a segment is not merged.
std::vector<size_t> segments_to_merge(std::span<const SegmentLoad> loads, uint64_t new_tokens);

// Gives the documents of several segments to a writer, in ascending order of their entries. Not
// thread-safe; the segments must outlive it.
class SegmentMerge {
 public:
  // Of documents in `dropped`, in any order, nothing is given. No entry stands in two of the segments.
  SegmentMerge(std::span<const Segment* const> segments, std::vector<EntryIndex> dropped);

  // Adds the documents that are left whose entries are below `end`; all that are left.
  // Errors: those of SegmentWriter::add() and Segment::tokens().
  Result<void> add_below(EntryIndex end, SegmentWriter& writer);
  Result<void> add_rest(SegmentWriter& writer);

 private:
  struct Source {
    EntryIndex entry;
    const Segment* segment = nullptr;
    DocId document;
  };

  std::vector<Source> documents_;  // by ascending entry
  size_t next_ = 0;
};

}  // namespace tribute::ngram
