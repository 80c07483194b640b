#include "text/tokenizer_choice.h"

#include <string>

#include "base/bytes.h"
#include "text/byte_tokenizer.h"

namespace tribute::text {
namespace {

bool is_name(std::string_view name) { return name == "bytes" || name == "default"; }

std::string unknown(std::string_view name) { return "there is no tokenizer '" + to_printable_utf8(name) + "'"; }

}  // namespace

Result<std::unique_ptr<Tokenizer>> make_tokenizer(std::string_view name) {
  if (is_name(name)) return std::make_unique<ByteTokenizer>();
  return fail(ErrorCode::invalid_argument, unknown(name) + "; write bytes or default (which means bytes)");
}

Result<std::unique_ptr<Tokenizer>> choose_tokenizer(io::FileSystem& files, std::string_view name_or_path) {
  const std::string path(name_or_path);
  if (is_name(name_or_path)) return make_tokenizer(name_or_path);
  if (!path.empty() && TRY(files.exists(path))) return open_tokenizer(files, path);
  return fail(ErrorCode::invalid_argument,
              unknown(name_or_path) + "; write bytes, default (which means bytes), or the path of a tokenizer file");
}

}  // namespace tribute::text
