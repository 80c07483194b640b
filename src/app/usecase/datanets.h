// Use case: create DataNets and look at them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "record/entry.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct DatanetView {
  EntryIndex entry;
  record::Datanet datanet;
  uint64_t live_count = 0;     // datapoints: approved or needing no approval, not withdrawn
  uint64_t pending_count = 0;  // waiting for approval
  uint64_t rejected_count = 0;
  uint64_t withdrawn_count = 0;
  uint64_t contributor_count = 0;    // with a live datapoint
  std::vector<EntryIndex> versions;  // its manifests' entries, oldest first
};

// Errors: already_exists for a name in use; invalid_argument for one that cannot be.
Result<DatanetView> create_datanet(workspace::Workspace& workspace, const record::Datanet& datanet);

// By name. show: not_found, naming the DataNets there are.
Result<std::vector<DatanetView>> list_datanets(workspace::Workspace& workspace);
Result<DatanetView> show_datanet(workspace::Workspace& workspace, std::string_view name);

}  // namespace tribute::usecase
