// What was decided about contributions, shown alike wherever it is decided.
#pragma once

#include <vector>

#include "cli/context.h"
#include "usecase/contributions.h"

namespace tribute::cli {

// A table, or with --json {"contributions": [...], "count": n}.
void print_contributions(Context& context, const std::vector<usecase::ContributionView>& views);

}  // namespace tribute::cli
