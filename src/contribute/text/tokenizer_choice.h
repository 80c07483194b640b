// Which tokenizer an option or a setting means.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "io/file_system.h"
#include "text/tokenizer.h"

namespace tribute::text {

// The tokenizer of a name: "bytes", or "default", which means bytes.
// Errors: invalid_argument for any other name.
Result<std::unique_ptr<Tokenizer>> make_tokenizer(std::string_view name);

// The tokenizer of a name, or else of the tokenizer file at that path.
// Errors: invalid_argument if it is neither; those of open_tokenizer().
Result<std::unique_ptr<Tokenizer>> choose_tokenizer(io::FileSystem& files, std::string_view name_or_path);

}  // namespace tribute::text
