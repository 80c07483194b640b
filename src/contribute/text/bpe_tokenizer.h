// Byte-pair encoding with everything around it: normalizer, added tokens, pre-tokenizer, decoder.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bpe/model.h"
#include "pretokenize/normalizer.h"
#include "pretokenize/splitter.h"
#include "text/added_tokens.h"
#include "text/bpe_settings.h"
#include "text/encoder_pool.h"
#include "text/tokenizer.h"

namespace tribute::text {

// What a text goes through: added tokens that are not normalized are cut out; each stretch between is
// normalized; normalized added tokens are cut out; each stretch between gets its prefix, is cut into pieces
// by the rules, and each piece is merged. Immutable; thread-safe: scratch comes from a pool inside.
class BpeTokenizer final : public Tokenizer {
 public:
  static constexpr std::string_view kKind = "bpe";

  // Errors: invalid_argument, naming it, for an added token whose id the model does not have or has for other
  // bytes, and for a pattern that make_splitter() refuses.
  static Result<std::unique_ptr<BpeTokenizer>> create(BpeSettings settings, bpe::Model model);
  // The same of a file's payload, used in place; `owner` keeps it. Errors: data_loss.
  static Result<std::unique_ptr<BpeTokenizer>> open(std::string_view payload, std::shared_ptr<const void> owner);

  const BpeSettings& settings() const { return settings_; }
  const bpe::Model& model() const { return model_; }

  std::string_view kind() const override { return kKind; }
  uint32_t vocabulary_size() const override { return model_.size(); }
  const Hash256& hash() const override { return hash_; }
  bool gives_every_text_back() const override;
  Result<std::string> decode(std::span<const TokenId> tokens) const override;
  std::unique_ptr<StreamDecoder> make_stream_decoder() const override;
  Result<void> verify() const override;
  std::string file_payload() const override;

  // Appends what a token stands for, before anything is taken off the text's front.
  // Errors: invalid_argument for an unknown token.
  Result<void> append_token(TokenId token, std::string& text) const;

 private:
  BpeTokenizer(BpeSettings settings, bpe::Model model);

  struct Origins;
  struct Sink;

  Result<void> prepare();
  Hash256 definition_hash() const;

  Result<std::vector<TokenId>> encode_text(std::string_view text, const EncodeOptions& options) const override;
  Result<TokenizedText> encode_text_with_ranges(std::string_view text, const EncodeOptions& options) const override;

  // The text's tokens into `sink`: all of it, a stretch between added tokens, and so on inwards.
  Result<void> encode_into(std::string_view text, const EncodeOptions& options, Sink& sink) const;
  Result<void> encode_unnormalized(std::string_view text, Origins origins, const EncodeOptions& options,
                                   Sink& sink) const;
  Result<void> encode_normalized(std::string_view text, Origins origins, const EncodeOptions& options,
                                 Sink& sink) const;
  Result<void> encode_stretch(std::string_view text, Origins origins, const EncodeOptions& options, Sink& sink) const;
  Result<void> encode_pieces(std::string_view text, const Origins& origins, Sink& sink) const;

  BpeSettings settings_;
  bpe::Model model_;
  Hash256 hash_;
  pretokenize::Normalizer normalizer_;
  AddedTokenFinder raw_tokens_{{}};
  AddedTokenFinder normalized_tokens_{{}};
  std::unique_ptr<pretokenize::Splitter> splitter_;
  mutable EncoderPool encoders_;
};

}  // namespace tribute::text
