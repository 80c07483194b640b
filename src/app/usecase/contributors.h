// Use case: register contributors, bind keys to them, look at them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/sign.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct ContributorView {
  EntryIndex entry;  // the registration: names the contributor and its account
  std::string name;
  std::string key;                     // empty: none bound yet
  std::optional<EntryIndex> bound_at;  // the entry that bound the key, if not the registration
  uint64_t datapoint_count = 0;        // all but rejected and withdrawn ones
  Amount earned;                       // balance of contributor:<entry>
};

// Registers a contributor with a key or without one.
// Errors: already_exists for a name in use; invalid_argument for an empty name, one over 128 bytes,
// or one that is not UTF-8 or has control characters.
Result<ContributorView> add_contributor(workspace::Workspace& workspace, std::string_view name,
                                        const std::optional<PublicKey>& key);

// Binds a key to a registered contributor that has none; what it earned waited for this.
// Errors: not_found; already_exists if it has a key.
Result<ContributorView> bind_contributor(workspace::Workspace& workspace, std::string_view name, const PublicKey& key);

Result<std::vector<ContributorView>> list_contributors(workspace::Workspace& workspace);
Result<ContributorView> show_contributor(workspace::Workspace& workspace, std::string_view name);

}  // namespace tribute::usecase
