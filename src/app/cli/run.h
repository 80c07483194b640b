// The command line of Tribute: arguments in, text and an exit code out.
#pragma once

#include <atomic>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string>

#include "workspace/workspace.h"

namespace tribute::cli {

struct Streams {
  std::istream& in;
  std::ostream& out;  // data
  std::ostream& err;  // talk: errors, progress, hints
};

// What a process knows about where it runs.
struct Surroundings {
  std::string workspace;  // the variable TRIBUTE_WORKSPACE; empty: not set
  bool no_color = false;  // the variable NO_COLOR is set and not empty
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  uint32_t columns = 100;  // of the terminal
  uint64_t process = 0;    // this process's number, for the one who finds the workspace locked
  // How long a command waits for another one that has the workspace before it fails. 0: not at all.
  uint32_t lock_wait_ms = 0;
  // Set by Ctrl-C; long work then ends with what it has acknowledged. nullptr: never.
  const std::atomic<bool>* stop = nullptr;
};

// Runs one command: `arguments` are those after the program's name. Returns the exit code (exit.h).
// Reads and writes files through `environment` alone, and throws nothing.
int run(std::span<const std::string> arguments, const Streams& streams, const workspace::Environment& environment,
        const Surroundings& surroundings);

}  // namespace tribute::cli
