// SentencePiece models (.model files), by the library sentencepiece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "text/tokenizer.h"

namespace tribute::text {

// A model's normalizer drops and changes bytes: decode() gives back the normalized text, and " ⁇ " or what the
// model says for what it has no token for. Ranges are those that the library gives, made to tile the text.
// EncodeOptions::special_tokens changes nothing: control symbols are not part of what the library encodes, and
// user-defined symbols are always found. One thread encodes a text. Immutable; thread-safe.
class SentencePieceTokenizer final : public Tokenizer {
 public:
  static constexpr std::string_view kKind = "sentencepiece";
  // The library counts bytes by 32-bit signed integers, and normalization makes texts longer.
  static constexpr size_t kMaxBytes = size_t{1} << 28;

  // Errors: data_loss for what is no model or not a sound one; unimplemented, naming it, for what decoding
  // here does not do (a denormalizer, white space at the end of tokens); out_of_range for over 2^18 tokens.
  static Result<std::unique_ptr<SentencePieceTokenizer>> create(std::string model);

  ~SentencePieceTokenizer() override;

  std::string_view kind() const override { return kKind; }
  uint32_t vocabulary_size() const override;
  const Hash256& hash() const override { return hash_; }
  bool gives_every_text_back() const override { return false; }
  Result<std::string> decode(std::span<const TokenId> tokens) const override;
  std::unique_ptr<StreamDecoder> make_stream_decoder() const override;
  Result<void> verify() const override;
  std::string file_payload() const override { return model_; }

 private:
  struct Library;
  class Decoder;
  class Stream;

  SentencePieceTokenizer(std::string model, std::unique_ptr<Library> library);

  Result<std::vector<TokenId>> encode_text(std::string_view text, const EncodeOptions& options) const override;
  Result<TokenizedText> encode_text_with_ranges(std::string_view text, const EncodeOptions& options) const override;

  std::string model_;
  std::unique_ptr<Library> library_;
  Hash256 hash_;
};

}  // namespace tribute::text
