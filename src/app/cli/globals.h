// The options that every command has.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/command.h"

namespace tribute::cli {

struct Globals {
  std::optional<std::string> workspace;
  std::optional<std::string> color;
  std::optional<std::string> log_level;
  bool json = false;
  bool version = false;
};

// They stand before or after the command's words. The targets are the fields of `globals`.
std::vector<Parameter> global_parameters(Globals& globals);

}  // namespace tribute::cli
