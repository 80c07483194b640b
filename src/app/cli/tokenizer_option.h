// The option that names a tokenizer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "text/tokenizer.h"

namespace tribute::cli {

class Context;

inline constexpr std::string_view kTokenizerOption = "--tokenizer NAME";
inline constexpr const char* kTokenizerPurpose = "bytes, default or a file (else the workspace's)";

// The tokenizer that is named, else the workspace's, which need not be opened for it.
// Errors: not_found where there is neither, naming the remedy; those of reading it.
Result<std::unique_ptr<text::Tokenizer>> tokenizer_of(Context& context, const std::optional<std::string>& name);

}  // namespace tribute::cli
