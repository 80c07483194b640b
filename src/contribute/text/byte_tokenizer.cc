#include "text/byte_tokenizer.h"

#include "text/whole_characters.h"

namespace tribute::text {
namespace {

// Part of the contract of docs/formats/tokenizer.md.
constexpr std::string_view kDescription = "tribute tokenizer: bytes, version 1: 256 tokens, token i is the byte i\n";

Result<char> byte_of(TokenId token) {
  if (token.value() < 256) return static_cast<char>(static_cast<uint8_t>(token.value()));
  return fail(ErrorCode::invalid_argument,
              "token " + std::to_string(token.value()) + " is unknown to the tokenizer 'bytes', which has 256 tokens");
}

class ByteStreamDecoder final : public StreamDecoder {
 public:
  Result<std::string> push(TokenId token) override {
    const char byte = TRY(byte_of(token));
    return characters_.push({&byte, 1});
  }
  std::string finish() override { return characters_.finish(); }

 private:
  WholeCharacters characters_;
};

}  // namespace

ByteTokenizer::ByteTokenizer() : hash_(sha256(kDescription)) {}

Result<std::vector<TokenId>> ByteTokenizer::encode_text(std::string_view text, const EncodeOptions& /*options*/) const {
  TRY(check_text_size(text));
  std::vector<TokenId> tokens;
  tokens.reserve(text.size());
  for (const char byte : text) tokens.emplace_back(static_cast<uint8_t>(byte));
  return tokens;
}

Result<TokenizedText> ByteTokenizer::encode_text_with_ranges(std::string_view text,
                                                             const EncodeOptions& options) const {
  TokenizedText result;
  result.tokens = TRY(encode_text(text, options));
  result.ranges.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    result.ranges.push_back({.begin = static_cast<uint32_t>(i), .end = static_cast<uint32_t>(i + 1)});
  }
  return result;
}

Result<std::string> ByteTokenizer::decode(std::span<const TokenId> tokens) const {
  std::string text;
  text.reserve(tokens.size());
  for (const TokenId token : tokens) text.push_back(TRY(byte_of(token)));
  return text;
}

std::unique_ptr<StreamDecoder> ByteTokenizer::make_stream_decoder() const {
  return std::make_unique<ByteStreamDecoder>();
}

}  // namespace tribute::text
