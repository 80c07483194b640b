// What a command's exit code tells the shell.
#pragma once

namespace tribute::cli {

enum class Exit : int {
  done = 0,
  negative = 1,       // an answer, but a negative one: a refused charge, a bad row, a check that failed
  error = 2,          // nothing was answered; stderr has one line that says why
  interrupted = 130,  // stopped by Ctrl-C; what was acknowledged before it stays
};

}  // namespace tribute::cli
