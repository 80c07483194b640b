// Which tokenizer an option or a setting means.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "io/file_system.h"
#include "text/tokenizer.h"

namespace tribute::text {

// The tokenizer of a name: "bytes", or "default", the one of
// share/tokenizers/default, which the program carries.
// Errors: invalid_argument for any other name.
Result<std::unique_ptr<Tokenizer>> make_tokenizer(std::string_view name);

// The tokenizer in a file of any known kind, told by its content: a compiled one, tokenizer.json, a tiktoken
// rank file, a SentencePiece model. `file_name` and `pattern` are those of read_tiktoken_tokenizer().
// Errors: data_loss for a file of no known kind; those of that kind's reader.
Result<std::unique_ptr<Tokenizer>> read_tokenizer(std::string_view bytes, std::string_view file_name,
                                                  std::string_view pattern = {});

// The tokenizer of a name, or else of the file at that path, before which a tiktoken pattern's name and a colon
// may stand ("cl100k:PATH"), unless there is a file of that very name.
// Errors: invalid_argument if it is neither; those of the file system and of read_tokenizer(), after the path.
Result<std::unique_ptr<Tokenizer>> choose_tokenizer(io::FileSystem& files, std::string_view name_or_path);

}  // namespace tribute::text
