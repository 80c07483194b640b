// Regular expressions that are no more than runs of a class. Inside the module.
#pragma once

#include <optional>
#include <string_view>

#include "pretokenize/class_finder.h"

namespace tribute::pretokenize {

// What an expression of the form [class], [class]+, [class]{n}, {n,} or {n,m}, or the same class several times,
// matches, perhaps after " ?" or "\s?"; a class may also be \p{…} of a general category, or \d. nullopt for any other.
// In these, all dialects agree.
std::optional<ClassRun> to_class_run(std::string_view pattern);

}  // namespace tribute::pretokenize
