// The expressions that have scanners. Inside the module.
#pragma once

#include <memory>

#include "pretokenize/rules.h"
#include "pretokenize/stage.h"

namespace tribute::pretokenize {

// The scanner that cuts as the rule; null if there is none. There are scanners for rules whose pieces are the
// matches, and the gaps between them if there are any.
std::unique_ptr<Stage> make_scanner(const Split& rule);

}  // namespace tribute::pretokenize
