// Use case: register models, update them to newer indexes, look at them.
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

struct ModelRequest {
  struct Datanet {
    std::string name;
    uint32_t treasury_permille = 0;
  };
  std::string name;
  std::vector<Datanet> datanets;    // paid ones, at least one
  std::vector<std::string> guards;  // guard ones
  uint64_t parameters = 0;
  std::optional<record::Evidence> evidence;  // nullopt: by the number of parameters
  record::Terms terms;
  record::Policy policy;
};

struct ModelView {
  EntryIndex entry;  // of this version
  EntryIndex first;  // names the model and its accounts
  record::Model model;
  std::vector<std::string> datanet_names;  // as in model.datanets
};

// Models with at most this many parameters are attributed by influence unless told otherwise.
inline constexpr uint64_t kInfluenceParameters = 100'000'000;

// Registers version 1, pinning the newest manifest of each DataNet.
// Errors: already_exists for a name in use (naming `model update`); not_found for a DataNet;
// failed_precondition for one without a manifest (naming `index build`); invalid_argument for terms,
// policy or roles out of range; unimplemented for evidence by influence (naming `--evidence matches`).
Result<ModelView> register_model(workspace::Workspace& workspace, const ModelRequest& request);

// Registers the next version with the newest manifests and everything else as it was.
// Errors: not_found; failed_precondition if every pinned manifest is the newest.
Result<ModelView> update_model(workspace::Workspace& workspace, std::string_view name);

// list: every version. show: the newest.
Result<std::vector<ModelView>> list_models(workspace::Workspace& workspace);
Result<ModelView> show_model(workspace::Workspace& workspace, std::string_view name);

}  // namespace tribute::usecase
