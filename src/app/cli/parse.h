// Arguments to a command with its parameters filled in.
#pragma once

#include <span>
#include <string>

#include "base/error.h"
#include "cli/command.h"

namespace tribute::cli {

struct Request {
  const Command* command = nullptr;  // nullptr: none was named
  std::string topic;                 // the words that were recognised: "", "datanet", "datanet create"
  bool help = false;                 // --help or -h
};

// Finds the command and fills the targets of its parameters and of `globals`, which may stand before
// or after the command's words. `--` ends the options. With --help nothing is required.
// Errors: invalid_argument for an unknown word or option (naming the nearest), and for a missing or
// superfluous one.
Result<Request> parse(std::span<const Command> commands, std::span<const Parameter> globals,
                      std::span<const std::string> arguments);

}  // namespace tribute::cli
