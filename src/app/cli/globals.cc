#include "cli/globals.h"

namespace tribute::cli {

std::vector<Parameter> global_parameters(Globals& globals) {
  using Kind = Parameter::Kind;
  return {
      {Kind::option, "--workspace", "DIR", "the workspace (else TRIBUTE_WORKSPACE, else the current folder)",
       &globals.workspace, false},
      {Kind::flag, "--json", "", "print data as JSON", &globals.json, false},
      {Kind::option, "--color", "WHEN", "auto (a terminal without NO_COLOR), always or never", &globals.color, false},
      {Kind::option, "--log-level", "LEVEL", "what goes to stderr: trace, debug, info, warn, error or off",
       &globals.log_level, false},
      {Kind::flag, "--version", "", "print the version", &globals.version, false},
  };
}

}  // namespace tribute::cli
