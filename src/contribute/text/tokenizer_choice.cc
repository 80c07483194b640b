#include "text/tokenizer_choice.h"

#include <string>
#include <utility>

#include "base/bytes.h"
#include "text/byte_tokenizer.h"
#include "text/default_tokenizer.h"
#include "text/hugging_face.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/tiktoken.h"

namespace tribute::text {
namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

constexpr std::string_view kBytes = "bytes";
constexpr std::string_view kDefault = "default";

bool is_name(std::string_view name) { return name == kBytes || name == kDefault; }

std::string unknown(std::string_view name) { return "there is no tokenizer '" + to_printable_utf8(name) + "'"; }

// A reader's result as that of any tokenizer.
template <typename Kind>
Result<std::unique_ptr<Tokenizer>> widen(Result<std::unique_ptr<Kind>> tokenizer) {
  return TRY(std::move(tokenizer));
}

}  // namespace

Result<std::unique_ptr<Tokenizer>> make_tokenizer(std::string_view name) {
  if (name == kBytes) return std::make_unique<ByteTokenizer>();
  if (name == kDefault) return widen(read_hugging_face_tokenizer(default_tokenizer_json()));
  return fail(ErrorCode::invalid_argument, unknown(name) + "; write bytes or default");
}

Result<std::unique_ptr<Tokenizer>> read_tokenizer(std::string_view bytes, std::string_view file_name,
                                                  std::string_view pattern) {
  if (is_tokenizer_file(bytes)) return parse_tokenizer_file(bytes);
  const size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '{') return widen(read_hugging_face_tokenizer(bytes));
  if (is_tiktoken_file(bytes)) return widen(read_tiktoken_tokenizer(bytes, file_name, pattern));
  // A SentencePiece model begins with its first piece, as the field 1 of a protocol buffer.
  if (bytes.starts_with('\x0A')) return widen(SentencePieceTokenizer::create(std::string(bytes)));
  return fail(ErrorCode::data_loss,
              "this is no tokenizer file; known are tokenizer.json, tiktoken rank files, SentencePiece models and "
              "Tribute's own");
}

Result<std::unique_ptr<Tokenizer>> choose_tokenizer(io::FileSystem& files, std::string_view name_or_path) {
  if (is_name(name_or_path)) return make_tokenizer(name_or_path);
  std::string path(name_or_path);
  std::string pattern;
  if (const size_t colon = path.find(':'); colon != std::string::npos && !TRY(files.exists(path))) {
    pattern = path.substr(0, colon);
    path.erase(0, colon + 1);
  }
  if (path.empty() || !TRY(files.exists(path))) {
    return fail(ErrorCode::invalid_argument,
                unknown(name_or_path) + "; write bytes, default, or the path of a tokenizer file");
  }
  const std::string bytes = TRY(io::read_file(files, path, kMaxFileBytes));
  auto tokenizer = read_tokenizer(bytes, io::name_of(path), pattern);
  if (!tokenizer) return fail_within(path, std::move(tokenizer).error());
  return tokenizer;
}

}  // namespace tribute::text
