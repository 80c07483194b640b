// What was decided about contributions, shown alike wherever it is decided.
#pragma once

#include <vector>

#include "cli/context.h"
#include "cli/json.h"
#include "usecase/contributions.h"

namespace tribute::cli {

Json contribution_json(const usecase::ContributionView& view);

// A table, or with --json {"contributions": [...], "count": n}.
void print_contributions(Context& context, const std::vector<usecase::ContributionView>& views);

}  // namespace tribute::cli
