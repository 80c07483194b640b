// Use case: merge the segments of a DataNet's index, while others use the workspace.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/columns.h"
#include "ngram/segment_merge.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// What of a DataNet's index can be merged.
enum class MergeDue : uint8_t {
  nothing,  // by ngram::segments_to_merge()
  yes,
  // The newest manifest was made by a purge and lacks datapoints that came before: a manifest of the same datapoints
  // would say that they are not live. The next `index build` takes them in.
  after_build,
};

// One merge after another of one DataNet's index: begin() and commit() take a moment in the workspace, write() takes
// long and needs none, so that the workspace may be closed and used by others meanwhile.
// docs/design/0015-living-indexes.md. Not thread-safe; the file system of the workspace must outlive it.
class IndexMerge {
 public:
  // Holds the DataNet's merge lock from here on. `holder` says who, for the one who comes second.
  // Errors: not_found; unavailable where another merge is at work, naming it.
  static Result<IndexMerge> open(workspace::Workspace& workspace, std::string_view datanet, std::string_view holder);

  // Takes the newest manifest as it is, and removes what a merge that was killed has left of its segments. What is
  // sorted in files is taken up by write().
  // Errors: failed_precondition where there is no index; data_loss for one that is damaged; those of the stores.
  Result<MergeDue> begin(workspace::Workspace& workspace);

  // Writes the merged segment into a folder of its own, and makes the manifest. After begin() said yes.
  // `memory_bytes`: what the process may take at most, as in IndexBuildOptions.
  // Errors: not_found where a purge has taken the files away, after which it is for begin() again; cancelled where the
  // progress stops it; resource_exhausted naming what memory is needed at least; those of the file system.
  Result<void> write(workspace::Progress& progress, uint64_t memory_bytes);

  // Gives the segment its place and logs the manifest; its entry, or nullopt where the index has changed so that the
  // merge was in vain. What was added or withdrawn since begin() is in the new manifest as it is in the newest. Then
  // removes the files that no manifest needed before: those that this manifest replaces stay until the next merge or
  // purge, as somebody who reads the public files may be at them. After write(). Errors: those of the stores; then, and
  // after nullopt, it is for begin() again.
  Result<std::optional<EntryIndex>> commit(workspace::Workspace& workspace);

  // How many segments go into the one at hand.
  uint64_t merged_segments() const { return due_ ? due_->merged().size() : 0; }

  // The names of the manifests that lie in the index folder: where there are others, the index has changed. Errors:
  // those of the file system.
  Result<std::set<std::string>> manifests_there() const;

  // Removes what it has written and not committed. Errors: those of the file system.
  Result<void> discard();

 private:
  IndexMerge(io::FileSystem& files, EntryIndex datanet, bool is_public, std::string index_folder,
             std::string merging_folder, std::unique_ptr<io::FileLock> lock);
  Result<ngram::Manifest> manifest_for(const ngram::Manifest& newest, const ngram::DueMerge::Outcome& outcome,
                                       bool in_place);
  Result<void> put_in_place();
  Result<void> remove_files(const std::vector<std::string>& names);

  io::FileSystem* files_;
  EntryIndex datanet_;
  bool is_public_;
  std::string index_folder_;
  std::string merging_folder_;
  std::unique_ptr<io::FileLock> lock_;
  std::optional<ngram::DueMerge> due_;
  Hash256 basis_;  // the manifest that `manifest_` was made for
  std::optional<ngram::Manifest> manifest_;
};

struct MergeRequest {
  std::string datanet;
  std::string holder;                    // of the merge lock
  std::optional<uint64_t> memory_bytes;  // unset: the setting index_memory_bytes
};

struct MergeReport {
  std::string datanet;
  uint64_t merge_count = 0;
  uint64_t merged_segment_count = 0;  // that went into the new ones
  uint64_t in_vain_count = 0;         // merges that something else overtook
  std::optional<EntryIndex> entry;    // of the last manifest that was made
  bool waits_for_build = false;       // MergeDue::after_build
};

// Opens the workspace, waiting for whoever holds it.
using OpenWorkspace = std::function<Result<std::unique_ptr<workspace::Workspace>>()>;

// Makes all merges that are due, one after another, with the workspace closed while it sorts.
// Errors: those of IndexMerge and of opening; cancelled where the progress stops it: what was merged stays.
Result<MergeReport> merge_index(const MergeRequest& request, const OpenWorkspace& open, workspace::Progress& progress);

// The same, and again whenever the DataNet's index has changed, until the progress asks to stop: then the report is of
// all that was done. It looks for changes without opening the workspace. `told` is given each round's report that did
// something.
Result<MergeReport> watch_index(const MergeRequest& request, const OpenWorkspace& open, workspace::Progress& progress,
                                const std::function<void(const MergeReport&)>& told);

}  // namespace tribute::usecase
