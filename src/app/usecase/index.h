// Use case: build a DataNet's index and look at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct SegmentView {
  Hash256 sha256;
  uint64_t document_count = 0;
  uint64_t token_count = 0;
  uint64_t file_bytes = 0;
  uint64_t tombstone_count = 0;        // of its documents
  uint64_t tombstone_token_count = 0;  // of its tokens
  bool is_for_disk = false;            // in the disk layout
};

struct IndexView {
  std::string datanet;
  EntryIndex entry;  // the manifest's
  Hash256 manifest_sha256;
  uint64_t log_size = 0;
  uint64_t live_documents = 0;
  uint64_t live_tokens = 0;
  std::vector<SegmentView> segments;
  bool built = false;   // by this call: false if the newest manifest was already true
  uint64_t behind = 0;  // show: live datapoints that the newest manifest lacks or has too much
};

struct IndexBuildOptions {
  // What the process may take at most; 0: what it needs to have all in memory. With less, what is more lies in
  // files beside the index until it is built (ngram/build_memory.h).
  uint64_t memory_bytes = 0;
  // New segments are in the layout that takes some byte more per token, and few reads of a disk per search. Segments
  // that are there keep theirs until they are merged.
  bool for_disk = false;

  // Whether to merge in the same go what ngram::segments_to_merge() says is due together with what is new: for who runs
  // no merges beside (merge_index.h). It is done in any case where there were more than kMostSegments else.
  bool merge = false;
};

// So that questions stay fast where nobody merges: a question costs a search in each segment.
inline constexpr size_t kMostSegments = 16;

// Makes a manifest of what is live now: new datapoints in a new segment, with the documents of what is merged with
// them; withdrawn ones as tombstones or, in what is merged, left out. Segments that other manifests name stay as they
// are. Nothing is written if the newest manifest already says so; where its files are missing, damaged or of an older
// format, all live datapoints are indexed anew. What a build that was stopped or killed has sorted in files is taken up
// by the next one. Errors: not_found; failed_precondition for a DataNet without a live datapoint; resource_exhausted
// naming what memory is needed at least; cancelled where the progress stops it.
Result<IndexView> build_index(workspace::Workspace& workspace, std::string_view datanet, workspace::Progress& progress,
                              const IndexBuildOptions& options = {});

// The newest manifest. Errors: failed_precondition where there is none, naming `index build`.
Result<IndexView> show_index(workspace::Workspace& workspace, std::string_view datanet);

}  // namespace tribute::usecase
