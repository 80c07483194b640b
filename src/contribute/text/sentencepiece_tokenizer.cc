#include "text/sentencepiece_tokenizer.h"

#include <sentencepiece_processor.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/bytes.h"
#include "text/sentencepiece_model.h"
#include "text/whole_characters.h"

namespace tribute::text {
namespace {

// What is hashed before the model's bytes; part of the contract of docs/formats/tokenizer.md.
constexpr std::string_view kDescription = "tribute tokenizer: sentencepiece, version 1\n";
constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581, which stands for a space in pieces
constexpr uint32_t kMaxTokens = uint32_t{1} << 18;

Hash256 hash_of(std::string_view model) {
  Sha256 hash;
  hash.update(kDescription);
  hash.update(model);
  return std::move(hash).finish();
}

std::unexpected<Error> library_failed(const std::exception& exception) {
  return fail(ErrorCode::internal, std::string("SentencePiece failed: ") + exception.what());
}

}  // namespace

struct SentencePieceTokenizer::Library {
  sentencepiece::SentencePieceProcessor processor;
  SentencePieceSettings settings;

  uint32_t size() const { return static_cast<uint32_t>(processor.GetPieceSize()); }
};

// Tokens to text one by one, as the library's DecodeIds() does, but for the bytes of byte tokens, which are given
// as they are where they are no well-formed UTF-8.
class SentencePieceTokenizer::Decoder {
 public:
  explicit Decoder(const Library& library) : library_(&library) {}

  Result<void> append(TokenId token, std::string& text) {
    if (token.value() >= library_->size()) {
      return fail(ErrorCode::invalid_argument, "token " + std::to_string(token.value()) +
                                                   " is unknown to the tokenizer, which has " +
                                                   std::to_string(library_->size()) + " tokens");
    }
    const auto id = static_cast<int>(token.value());
    const sentencepiece::SentencePieceProcessor& processor = library_->processor;
    if (processor.IsControl(id)) return {};
    if (processor.IsByte(id)) {
      text += TRY(from_hex(lower(processor.IdToPiece(id).substr(3, 2))));
      is_at_front_ = false;
      return {};
    }
    std::string bytes = processor.IsUnknown(id) ? library_->settings.unk_surface : spaced(processor.IdToPiece(id));
    if (!bytes.empty()) is_at_front_ = false;
    text += bytes;
    return {};
  }

 private:
  static std::string lower(std::string hex) {
    std::ranges::transform(hex, hex.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    return hex;
  }

  std::string spaced(std::string_view piece) {
    const SentencePieceSettings& settings = library_->settings;
    if (is_at_front_ && (settings.add_dummy_prefix || settings.remove_extra_whitespaces) && piece.starts_with(kSpace)) {
      piece.remove_prefix(kSpace.size());
      // The prefix that encoding adds is one space; spaces that it removes may be any number.
      if (!settings.remove_extra_whitespaces) is_at_front_ = false;
    }
    std::string bytes;
    while (true) {
      const size_t at = piece.find(kSpace);
      bytes += piece.substr(0, at);
      if (at == std::string_view::npos) return bytes;
      bytes += ' ';
      piece.remove_prefix(at + kSpace.size());
    }
  }

  const Library* library_;
  bool is_at_front_ = true;
};

class SentencePieceTokenizer::Stream final : public StreamDecoder {
 public:
  explicit Stream(const Library& library) : library_(library), decoder_(library) {}

  Result<std::string> push(TokenId token) override {
    std::string bytes;
    TRY(decoder_.append(token, bytes));
    return characters_.push(bytes);
  }
  std::string finish() override {
    decoder_ = Decoder(library_);
    return characters_.finish();
  }

 private:
  const Library& library_;
  Decoder decoder_;
  WholeCharacters characters_;
};

SentencePieceTokenizer::SentencePieceTokenizer(std::string model, std::unique_ptr<Library> library)
    : model_(std::move(model)), library_(std::move(library)), hash_(hash_of(model_)) {}

SentencePieceTokenizer::~SentencePieceTokenizer() = default;

Result<std::unique_ptr<SentencePieceTokenizer>> SentencePieceTokenizer::create(std::string model) {
  auto library = std::make_unique<Library>();
  library->settings = TRY(read_sentencepiece_settings(model));
  if (library->settings.has_denormalizer) {
    return fail(ErrorCode::unimplemented, "the SentencePiece model has a denormalizer, which is not supported");
  }
  if (library->settings.treat_whitespace_as_suffix) {
    return fail(ErrorCode::unimplemented, "the SentencePiece model's treat_whitespace_as_suffix is not supported");
  }
  try {
    // What goes wrong is returned; the library need not print it.
    const auto status = library->processor.LoadFromSerializedProto(model);
    if (!status.ok()) {
      return fail(ErrorCode::data_loss, "this is no sound SentencePiece model: " + std::string(status.error_message()));
    }
  } catch (const std::exception& exception) {
    return library_failed(exception);
  }
  if (library->size() > kMaxTokens) {
    return fail(ErrorCode::out_of_range, "the SentencePiece model has " + std::to_string(library->size()) +
                                             " tokens, more than " + std::to_string(kMaxTokens));
  }
  return std::unique_ptr<SentencePieceTokenizer>(new SentencePieceTokenizer(std::move(model), std::move(library)));
}

uint32_t SentencePieceTokenizer::vocabulary_size() const { return library_->size(); }

Result<std::vector<TokenId>> SentencePieceTokenizer::encode_text(std::string_view text,
                                                                 const EncodeOptions& options) const {
  return TRY(encode_text_with_ranges(text, options)).tokens;
}

Result<TokenizedText> SentencePieceTokenizer::encode_text_with_ranges(std::string_view text,
                                                                      const EncodeOptions& /*options*/) const {
  if (text.size() > kMaxBytes) {
    return fail(ErrorCode::out_of_range, "a text of " + std::to_string(text.size()) +
                                             " bytes is too long for a SentencePiece model; the limit is " +
                                             std::to_string(kMaxBytes));
  }
  TokenizedText result;
  try {
    const auto encoded = library_->processor.EncodeAsImmutableProto(text);
    if (encoded.text() != text) return fail(ErrorCode::internal, "SentencePiece could not encode the text");
    uint32_t begin = 0;
    for (size_t i = 0; i < encoded.pieces_size(); ++i) {
      const auto piece = encoded.pieces(static_cast<int>(i));
      const bool is_last = i + 1 == encoded.pieces_size();
      const uint32_t end = is_last ? static_cast<uint32_t>(text.size()) : std::max(begin, piece.end());
      result.tokens.emplace_back(piece.id());
      result.ranges.push_back({.begin = begin, .end = end});
      begin = end;
    }
  } catch (const std::exception& exception) {
    return library_failed(exception);
  }
  return result;
}

Result<std::string> SentencePieceTokenizer::decode(std::span<const TokenId> tokens) const {
  std::string text;
  Decoder decoder(*library_);
  for (const TokenId token : tokens) TRY(decoder.append(token, text));
  return text;
}

std::unique_ptr<StreamDecoder> SentencePieceTokenizer::make_stream_decoder() const {
  return std::make_unique<Stream>(*library_);
}

Result<void> SentencePieceTokenizer::verify() const { return {}; }

}  // namespace tribute::text
