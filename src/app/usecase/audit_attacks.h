// Use case: what each known attack on the rule gains on the documents of a model.
#pragma once

#include <string_view>
#include <vector>

#include "attacks/attacks.h"
#include "base/error.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// By the newest version of the model: its documents that are live now, its policy and its terms. Writes nothing.
// `options.goes_on` is `progress`, whatever it was.
// Errors: not_found for a model; cancelled; those of attacks::table().
Result<std::vector<attacks::Row>> audit_attacks(workspace::Workspace& workspace, std::string_view model,
                                                attacks::Options options, workspace::Progress& progress);

}  // namespace tribute::usecase
