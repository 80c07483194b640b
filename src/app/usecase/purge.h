// Use case: erase what was withdrawn, for good.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct PurgeReport {
  std::string datanet;
  uint64_t erased_count = 0;  // datapoints
  uint64_t rewritten_segment_count = 0;
  uint64_t successor_count = 0;     // manifests that took the place of others
  uint64_t removed_file_count = 0;  // index files and content packs
  uint64_t removed_bytes = 0;
};

// Erases the withdrawn datapoints of a DataNet: segments that hold them are written again without them,
// every manifest that is needed (manifests.h) gets a successor that differs in them alone, and their
// texts, titles and sketches go, but for texts that another contribution holds too. Models that pin such a
// manifest are traced by its successor from then on; receipts that cite it verify as "content withdrawn".
// Files that no needed manifest uses are removed. What was done is logged and durable before the first
// file goes; a run that was interrupted is finished by the next. Sorts the segments again: the cost of building
// them. Errors: not_found for a DataNet; those of the stores.
Result<PurgeReport> purge_index(workspace::Workspace& workspace, std::string_view datanet,
                                workspace::Progress& progress);

// The same if the oldest withdrawal that is not erased was made `erase_days` ago or longer; else does nothing.
Result<void> purge_if_due(workspace::Workspace& workspace, std::string_view datanet, workspace::Progress& progress);

}  // namespace tribute::usecase
