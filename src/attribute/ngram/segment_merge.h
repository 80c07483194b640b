// Merging segments, and when to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/build_memory.h"
#include "ngram/index.h"
#include "ngram/segment.h"
#include "ngram/segment_output.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {

// What one segment holds, as far as its merging goes.
struct SegmentLoad {
  uint64_t live_tokens = 0;
  uint64_t dead_tokens = 0;  // of tombstoned documents
};

// The loads of the segments, in their order, where the documents of `dead`, in any order, are tombstoned.
// O(segments · dead · log documents).
std::vector<SegmentLoad> segment_loads(std::span<const Segment> segments, std::span<const EntryIndex> dead);

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
  // The same; `progress` is told of a stage "reading". Errors: cancelled where it stops it.
  Result<void> add_rest(SegmentWriter& writer, SegmentProgress& progress);

 private:
  struct Source {
    EntryIndex entry;
    const Segment* segment = nullptr;
    DocId document;
  };

  std::vector<Source> documents_;  // by ascending entry
  size_t next_ = 0;
};

// A merge that is due in an index, made beside whoever changes the index meanwhile: write() takes long and needs
// nothing but the files of the old segments, which it holds; the rest is quick. Whoever publishes the new manifest must
// see that none came in between. Not thread-safe.
class DueMerge {
 public:
  // What is due of this index by segments_to_merge(); nullopt if nothing is. O(documents of what is merged).
  static std::optional<DueMerge> of(Index index);

  // What the new segment is made of at most.
  BuildSize size() const;
  // That of the newest segment it replaces, which the new one shall have.
  PageLayout page_layout() const;
  // The names of the segments that it replaces.
  std::vector<Hash256> merged() const;
  // The new segment, or nullopt where nothing of the merged ones is live.
  const std::optional<Hash256>& segment() const { return segment_; }

  // Writes the new segment into `folder`, through the writer, which must be new and of the index's vocabulary. Nobody
  // else may write into that folder meanwhile.
  // Errors: those of SegmentWriter; data_loss of a damaged segment; cancelled where the progress stops it.
  Result<void> write(SegmentWriter writer, io::FileSystem& files, const std::string& folder, SegmentProgress& progress);

  // What the newest manifest becomes by this merge: its segments with the new one for the merged ones, and its
  // tombstones without the documents that were dropped. What was withdrawn since the merge began stays a tombstone.
  struct Outcome {
    std::vector<Hash256> segments;
    std::vector<EntryIndex> tombstones;
  };
  // nullopt where `newest` does not hold all merged segments any more, so that the merge is in vain. After write().
  std::optional<Outcome> onto(const Manifest& newest) const;

 private:
  DueMerge(Index index, std::vector<const Segment*> merged);

  Index index_;
  std::vector<const Segment*> merged_;  // of the index
  std::vector<EntryIndex> dropped_;     // tombstones that stand in these, ascending
  std::optional<Hash256> segment_;
};

}  // namespace tribute::ngram
