// What registering and contributing have in common, wherever it is done.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "datanet/registry.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// Errors: invalid_argument for an empty name, one over 128 bytes, or one that is not UTF-8 or has
// control characters. The name must not be in use (already_exists).
Result<datanet::ContributorRow> register_contributor(workspace::Workspace& workspace, workspace::Change& change,
                                                     std::string_view name, std::string_view key);

// Whether a contribution waits for approval: docs/formats/workspace.md, "Which datapoints are live".
bool needs_approval(const record::Datanet& datanet, bool is_repeated);

// Thirty-two random bytes: the salt of a hash that stands for personal data.
Hash256 fresh_salt(io::Random& random);

}  // namespace tribute::usecase
