// An answer and its prompts, from files and standard input.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "cli/context.h"
#include "usecase/answer.h"

namespace tribute::cli {

// Reads the files byte for byte; "-" is standard input, for one of them at most.
// Errors: invalid_argument if "-" is named twice; those of reading; resource_exhausted for a file
// over 64 MiB; cancelled if Ctrl-C ended the reading.
Result<usecase::Answer> read_answer(Context& context, const std::vector<std::string>& prompts,
                                    const std::string& output);

}  // namespace tribute::cli
