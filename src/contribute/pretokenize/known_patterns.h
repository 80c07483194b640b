// The expressions that have scanners. Inside the module.
#pragma once

#include <memory>
#include <string_view>

#include "pretokenize/rules.h"
#include "pretokenize/stage.h"

namespace tribute::pretokenize {

// The scanner of an expression whose matches tile every text; null if there is none.
std::unique_ptr<Stage> make_scanner(std::string_view pattern, Dialect dialect);

}  // namespace tribute::pretokenize
