// A contribution as its approver reads it: what it repeats, and the passages it shares with earlier ones.
#pragma once

#include <string>

#include "cli/json.h"
#include "cli/paint.h"
#include "usecase/contributions.h"

namespace tribute::cli {

// Excerpts are shortened in the middle so that their lines take at most `columns`, at least 40.
std::string contribution_text(const usecase::ContributionDetails& details, const Paint& paint, size_t columns);

Json contribution_details_json(const usecase::ContributionDetails& details);

}  // namespace tribute::cli
