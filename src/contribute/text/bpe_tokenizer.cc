#include "text/bpe_tokenizer.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "text/byte_characters.h"
#include "text/join_splitter.h"
#include "text/piece_encoding.h"
#include "text/whole_characters.h"

namespace tribute::text {
namespace {

using pretokenize::Piece;

// What is hashed before the settings and the model; part of the contract of docs/formats/tokenizer.md.
constexpr std::string_view kDescription = "tribute tokenizer: bpe, version 1\n";

// The payload: the hash, the settings' size, zeros; the settings, zeros up to a multiple of 64; the model.
constexpr size_t kSettingsSizeOffset = 32;
constexpr size_t kSettingsOffset = 64;

size_t padded(size_t size) { return (size + 63) / 64 * 64; }

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::data_loss, "the tokenizer is damaged: " + std::string(what));
}

// Takes from a text's front what the decoder strips; the text may come in parts.
class FrontStrip {
 public:
  explicit FrontStrip(const BpeSettings& settings) : strip_(settings.strip), left_(settings.strip_count) {}

  void apply(std::string& text) {
    size_t size = 0;
    for (; left_ > 0 && size < text.size() && text[size] == strip_; ++size) --left_;
    if (size < text.size()) left_ = 0;
    text.erase(0, size);
  }

 private:
  char strip_;
  uint32_t left_;
};

class BpeStreamDecoder final : public StreamDecoder {
 public:
  explicit BpeStreamDecoder(const BpeTokenizer& tokenizer) : tokenizer_(tokenizer), strip_(tokenizer.settings()) {}

  Result<std::string> push(TokenId token) override {
    std::string bytes;
    TRY(tokenizer_.append_token(token, bytes));
    strip_.apply(bytes);
    return characters_.push(bytes);
  }
  std::string finish() override {
    strip_ = FrontStrip(tokenizer_.settings());
    return characters_.finish();
  }

 private:
  const BpeTokenizer& tokenizer_;
  FrontStrip strip_;
  WholeCharacters characters_;
};

std::string replaced(std::string_view bytes, const pretokenize::Replace& replace) {
  std::string result;
  while (true) {
    const size_t at = bytes.find(replace.from);
    result += bytes.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += replace.to;
    bytes.remove_prefix(at + replace.from.size());
  }
}

}  // namespace

// From offsets in a stretch to offsets in the text that was given: the prefix stands for nothing, and before it
// lies the rest of the stretch's normalized text, whose own origins begin at `base`.
struct BpeTokenizer::Origins {
  uint32_t base = 0;
  const std::vector<uint32_t>* normalized = nullptr;
  uint32_t begin = 0;
  uint32_t prefix = 0;

  uint32_t operator()(uint32_t offset) const {
    const uint32_t at = begin + (offset > prefix ? offset - prefix : 0);
    return base + (normalized == nullptr ? at : (*normalized)[at]);
  }
};

// The tokens so far, and if they are wanted, where each ends in the text.
struct BpeTokenizer::Sink {
  std::vector<TokenId> tokens;
  std::vector<uint32_t> ends;
  bool wants_ends = false;

  void push(uint32_t token, uint32_t end) {
    tokens.emplace_back(token);
    if (wants_ends) ends.push_back(end);
  }
};

BpeTokenizer::BpeTokenizer(BpeSettings settings, bpe::Model model)
    : settings_(std::move(settings)), model_(std::move(model)), normalizer_(settings_.normalizer), encoders_(model_) {}

Result<std::unique_ptr<BpeTokenizer>> BpeTokenizer::create(BpeSettings settings, bpe::Model model) {
  std::unique_ptr<BpeTokenizer> tokenizer(new BpeTokenizer(std::move(settings), std::move(model)));
  TRY(tokenizer->prepare());
  tokenizer->hash_ = tokenizer->definition_hash();
  return tokenizer;
}

Result<std::unique_ptr<BpeTokenizer>> BpeTokenizer::open(std::string_view payload, std::shared_ptr<const void> owner) {
  if (payload.size() < kSettingsOffset) return damaged("it is cut short");
  const uint64_t settings_size = load_le64(payload.substr(kSettingsSizeOffset));
  if (settings_size > payload.size() || padded(settings_size) > payload.size() - kSettingsOffset) {
    return damaged("its size is wrong");
  }
  const std::string_view filling = payload.substr(kSettingsSizeOffset + 8, kSettingsOffset - kSettingsSizeOffset - 8);
  const std::string_view settings_bytes = payload.substr(kSettingsOffset, padded(settings_size));
  if (filling.find_first_not_of('\0') != std::string_view::npos ||
      settings_bytes.find_first_not_of('\0', settings_size) != std::string_view::npos) {
    return damaged("something stands where zeros should");
  }
  BpeSettings settings = TRY(parse_bpe_settings(settings_bytes.substr(0, settings_size)));
  bpe::Model model = TRY(bpe::Model::open(payload.substr(kSettingsOffset + settings_bytes.size()), std::move(owner)));
  std::unique_ptr<BpeTokenizer> tokenizer(new BpeTokenizer(std::move(settings), std::move(model)));
  if (const auto prepared = tokenizer->prepare(); !prepared) return damaged(prepared.error().message);
  tokenizer->hash_ = TRY(hash_from_bytes(payload.substr(0, kSettingsSizeOffset)));
  return tokenizer;
}

Result<void> BpeTokenizer::prepare() {
  for (const AddedToken& token : settings_.added) {
    if (token.id < model_.size() && model_.entry(token.id) == token.content) continue;
    return fail(ErrorCode::invalid_argument, "the added token '" + to_printable_utf8(token.content) +
                                                 "' is not the vocabulary's entry " + std::to_string(token.id));
  }
  for (const pretokenize::Normalization& step : settings_.normalizer) {
    const auto* replace = std::get_if<pretokenize::Replace>(&step);
    if (replace != nullptr && replace->from.empty()) return damaged("a normalizer replaces the empty string");
  }
  raw_tokens_ = TRY(make_finder(settings_.added, false, normalizer_));
  normalized_tokens_ = TRY(make_finder(settings_.added, true, normalizer_));
  if (settings_.rules.empty() && settings_.character_rules.empty() && !model_.ignore_merges()) {
    splitter_ = std::make_unique<JoinSplitter>(model_);
    return {};
  }
  splitter_ = TRY(pretokenize::make_splitter(settings_.rules));
  if (settings_.character_rules.empty()) return {};
  splitter_ =
      make_byte_character_splitter(std::move(splitter_), TRY(pretokenize::make_splitter(settings_.character_rules)));
  return {};
}

Hash256 BpeTokenizer::definition_hash() const {
  const std::string settings = to_bytes(settings_);
  std::string head(kDescription);
  append_le64(head, settings.size());
  Sha256 hash;
  hash.update(head);
  hash.update(settings);
  model_.hash_definition(hash);
  return std::move(hash).finish();
}

Result<void> BpeTokenizer::verify() const {
  TRY(model_.verify());
  if (definition_hash() == hash_) return {};
  return damaged("its hash " + hash_.hex() + " is not that of what it does, " + definition_hash().hex());
}

std::string BpeTokenizer::file_payload() const {
  const std::string settings = to_bytes(settings_);
  std::string payload(hash_.view());
  append_le64(payload, settings.size());
  payload.resize(kSettingsOffset);
  payload += settings;
  payload.resize(kSettingsOffset + padded(settings.size()));
  payload += model_.bytes();
  return payload;
}

bool BpeTokenizer::gives_every_text_back() const {
  // An added token is decoded without the white space that it took. A prefix or normalizer changes the text.
  const auto takes_space = [](const AddedToken& token) { return token.lstrip || token.rstrip; };
  return settings_.normalizer.empty() && !settings_.add_prefix_space && settings_.decode_replacements.empty() &&
         settings_.strip_count == 0 && std::ranges::none_of(settings_.added, takes_space) && splitter_->is_lossless();
}

Result<void> BpeTokenizer::append_token(TokenId token, std::string& text) const {
  const uint32_t id = token.value();
  if (id >= model_.size() || model_.use(id) == bpe::EntryUse::absent) {
    return fail(ErrorCode::invalid_argument, "token " + std::to_string(id) +
                                                 " is unknown to the tokenizer, which has " +
                                                 std::to_string(model_.size()) + " tokens");
  }
  if (settings_.decode_replacements.empty() || model_.use(id) == bpe::EntryUse::byte) {
    text += model_.entry(id);
    return {};
  }
  std::string bytes(model_.entry(id));
  for (const pretokenize::Replace& replace : settings_.decode_replacements) bytes = replaced(bytes, replace);
  text += bytes;
  return {};
}

Result<std::string> BpeTokenizer::decode(std::span<const TokenId> tokens) const {
  std::string text;
  for (const TokenId token : tokens) TRY(append_token(token, text));
  FrontStrip(settings_).apply(text);
  return text;
}

std::unique_ptr<StreamDecoder> BpeTokenizer::make_stream_decoder() const {
  return std::make_unique<BpeStreamDecoder>(*this);
}

Result<std::vector<TokenId>> BpeTokenizer::encode_text(std::string_view text, const EncodeOptions& options) const {
  TRY(check_text_size(text));
  Sink sink;
  TRY(encode_into(text, options, sink));
  return std::move(sink.tokens);
}

Result<TokenizedText> BpeTokenizer::encode_text_with_ranges(std::string_view text, const EncodeOptions& options) const {
  TRY(check_text_size(text));
  Sink sink{.wants_ends = true};
  TRY(encode_into(text, options, sink));
  TokenizedText result{.tokens = std::move(sink.tokens), .ranges = {}};
  // What is dropped at the end belongs to the last token.
  if (!sink.ends.empty()) sink.ends.back() = static_cast<uint32_t>(text.size());
  result.ranges.reserve(sink.ends.size());
  uint32_t begin = 0;
  for (const uint32_t end : sink.ends) {
    // The tables of a file that verify() would refuse may give ends that fall.
    result.ranges.push_back({.begin = begin, .end = std::max(begin, end)});
    begin = result.ranges.back().end;
  }
  return result;
}

Result<void> BpeTokenizer::encode_into(std::string_view text, const EncodeOptions& options, Sink& sink) const {
  if (!raw_tokens_.finds(options.special_tokens)) return encode_unnormalized(text, {}, options, sink);
  for (const Cut& cut : raw_tokens_.cut(text, options.special_tokens)) {
    if (cut.token != Cut::kText) {
      sink.push(cut.token, cut.end);
    } else {
      TRY(encode_unnormalized(text.substr(cut.begin, cut.end - cut.begin), {.base = cut.begin}, options, sink));
    }
  }
  return {};
}

Result<void> BpeTokenizer::encode_unnormalized(std::string_view text, Origins origins, const EncodeOptions& options,
                                               Sink& sink) const {
  if (normalizer_.is_identity() || !normalizer_.may_change(text)) {
    return encode_normalized(text, origins, options, sink);
  }
  const std::optional<pretokenize::NormalizedText> normalized = TRY(normalizer_.normalize(text));
  if (!normalized) return encode_normalized(text, origins, options, sink);
  origins.normalized = &normalized->origins;
  return encode_normalized(normalized->text, origins, options, sink);
}

Result<void> BpeTokenizer::encode_normalized(std::string_view text, Origins origins, const EncodeOptions& options,
                                             Sink& sink) const {
  if (!normalized_tokens_.finds(options.special_tokens)) return encode_stretch(text, origins, options, sink);
  for (const Cut& cut : normalized_tokens_.cut(text, options.special_tokens)) {
    if (cut.token != Cut::kText) {
      sink.push(cut.token, origins(cut.end));
      continue;
    }
    Origins inner = origins;
    inner.begin = cut.begin;
    TRY(encode_stretch(text.substr(cut.begin, cut.end - cut.begin), inner, options, sink));
  }
  return {};
}

Result<void> BpeTokenizer::encode_stretch(std::string_view text, Origins origins, const EncodeOptions& options,
                                          Sink& sink) const {
  std::string prefixed;
  if (settings_.add_prefix_space && !text.empty() && text[0] != ' ') {
    prefixed.reserve(text.size() + 1);
    prefixed += ' ';
    prefixed += text;
    TRY(check_text_size(prefixed));
    text = prefixed;
    origins.prefix = 1;
  }
  if (sink.wants_ends && !splitter_->is_lossless()) return encode_pieces(text, origins, sink);
  const size_t before = sink.tokens.size();
  TRY(encode_by_pieces(text, *splitter_, encoders_, {.threads = options.threads}, sink.tokens));
  if (!sink.wants_ends) return {};
  // The pieces tile the stretch, and so do the bytes of the tokens.
  uint64_t end = 0;
  for (size_t i = before; i < sink.tokens.size(); ++i) {
    end = std::min<uint64_t>(text.size(), end + model_.entry_size(sink.tokens[i].value()));
    sink.ends.push_back(origins(static_cast<uint32_t>(end)));
  }
  return {};
}

Result<void> BpeTokenizer::encode_pieces(std::string_view text, const Origins& origins, Sink& sink) const {
  std::vector<Piece> pieces;
  TRY(splitter_->split(text, {.begin = 0, .enough = static_cast<uint32_t>(text.size())}, pieces));
  EncoderPool::Lease encoder = encoders_.lend();
  for (const Piece& piece : pieces) {
    const size_t before = sink.tokens.size();
    TRY((*encoder).encode<Piece>(text, std::span(&piece, 1), sink.tokens));
    uint64_t end = piece.begin;
    for (size_t i = before; i < sink.tokens.size(); ++i) {
      end = std::min<uint64_t>(piece.end, end + model_.entry_size(sink.tokens[i].value()));
      sink.ends.push_back(origins(static_cast<uint32_t>(end)));
    }
  }
  return {};
}

}  // namespace tribute::text
