// The simplest tokenizer: each byte is a token.
#pragma once

#include "text/tokenizer.h"

namespace tribute::text {

// 256 tokens; token i is the byte i. Immutable; thread-safe.
class ByteTokenizer final : public Tokenizer {
 public:
  static constexpr std::string_view kKind = "bytes";

  ByteTokenizer();

  std::string_view kind() const override { return kKind; }
  uint32_t vocabulary_size() const override { return 256; }
  const Hash256& hash() const override { return hash_; }

  Result<std::string> decode(std::span<const TokenId> tokens) const override;
  std::unique_ptr<StreamDecoder> make_stream_decoder() const override;
  bool gives_every_text_back() const override { return true; }
  Result<void> verify() const override { return {}; }
  std::string file_payload() const override { return {}; }

 private:
  Result<std::vector<TokenId>> encode_text(std::string_view text, const EncodeOptions& options) const override;
  Result<TokenizedText> encode_text_with_ranges(std::string_view text, const EncodeOptions& options) const override;

  Hash256 hash_;
};

}  // namespace tribute::text
