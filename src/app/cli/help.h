// What --help prints.
#pragma once

#include <span>
#include <string>

#include "cli/command.h"
#include "cli/commands.h"

namespace tribute::cli {

// Every command with its purpose, the global options, and what to type first.
std::string overview(std::span<const Command> commands, std::span<const Parameter> globals);

// A noun's purpose and the purposes of its commands. `noun` is a first word of some command's two.
std::string noun_help(std::string_view noun, std::span<const Command> commands);

// A command's usage, purpose, parameters and examples.
std::string command_help(const Command& command, std::span<const Parameter> globals);

}  // namespace tribute::cli
