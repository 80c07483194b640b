// Rank files of tiktoken: a line an entry, its bytes in base64, a space, its rank, which is its id.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "text/bpe_tokenizer.h"

namespace tribute::text {

// True if the first line is one of such a file.
bool is_tiktoken_file(std::string_view bytes);

// A rank file does not say by which pattern texts are cut. It is the one called `pattern`: "gpt2" (r50k_base and
// p50k_base too), "cl100k" (as tiktoken spells it), "llama3", "o200k" or "qwen2" (which normalizes nothing); if that
// is empty, the one whose name, but llama3's and qwen2's, or r50k or p50k, stands in `file_name`; else the one that the
// number of entries belongs to: 50256 and 50280 gpt2, 100256 cl100k, 128000 llama3, 199998 o200k. Special tokens, which
// such files do not have, get no ids. Errors: invalid_argument, naming the line, for what is no such file; and where no
// pattern is found, or `pattern` is not one of these, with what to do.
Result<std::unique_ptr<BpeTokenizer>> read_tiktoken_tokenizer(std::string_view bytes, std::string_view file_name,
                                                              std::string_view pattern = {});

}  // namespace tribute::text
