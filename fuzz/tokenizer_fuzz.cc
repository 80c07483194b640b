// Tokenizer files of every kind: any bytes, and compiled payloads of any content behind right checksums, are
// refused, or make tokenizers that encode and decode without a crash. What verifies keeps its promises.
#include <memory>
#include <string>

#include "base/check.h"
#include "fuzz.h"
#include "text/bpe_tokenizer.h"
#include "text/tokenizer_choice.h"

namespace {

using namespace tribute;

constexpr std::string_view kText = "a<|endoftext|>  it's 1234 caf\xc3\xa9 e\xcc\x81 \xe4\xb8\xad\xff\x80\n\n";

void use(const text::Tokenizer& tokenizer) {
  const bool is_sound = tokenizer.verify().has_value();
  for (const bool special : {false, true}) {
    const auto encoded = tokenizer.encode_with_ranges(kText, {.special_tokens = special});
    if (!encoded) continue;
    CHECK(encoded->ranges.size() == encoded->tokens.size());
    uint32_t end = 0;
    for (const text::ByteRange range : encoded->ranges) {
      CHECK(range.begin == end && range.end >= range.begin && range.end <= kText.size());
      end = range.end;
    }
    const auto decoded = tokenizer.decode(encoded->tokens);
    if (!is_sound) continue;
    CHECK(decoded.has_value());
    if (tokenizer.gives_every_text_back()) CHECK(*decoded == kText);
    const auto reopened = text::parse_tokenizer_file(text::to_tokenizer_file(tokenizer));
    CHECK(reopened.has_value() && (*reopened)->hash() == tokenizer.hash());
    CHECK((*reopened)->encode(kText, {.special_tokens = special}) == encoded->tokens);
  }
}

// A payload under the right header and checksums.
class Payload final : public text::Tokenizer {
 public:
  explicit Payload(std::string_view bytes) : bytes_(bytes) {}

  std::string_view kind() const override { return text::BpeTokenizer::kKind; }
  uint32_t vocabulary_size() const override { return 0; }
  const Hash256& hash() const override { return hash_; }
  bool gives_every_text_back() const override { return false; }
  Result<std::string> decode(std::span<const TokenId> /*tokens*/) const override { return std::string(); }
  std::unique_ptr<text::StreamDecoder> make_stream_decoder() const override { return nullptr; }
  Result<void> verify() const override { return {}; }
  std::string file_payload() const override { return std::string(bytes_); }

 private:
  Result<std::vector<TokenId>> encode_text(std::string_view /*text*/,
                                           const text::EncodeOptions& /*options*/) const override {
    return std::vector<TokenId>();
  }
  Result<text::TokenizedText> encode_text_with_ranges(std::string_view /*text*/,
                                                      const text::EncodeOptions& /*options*/) const override {
    return text::TokenizedText();
  }

  std::string_view bytes_;
  Hash256 hash_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::view_of(data, size);
  if (const auto tokenizer = text::read_tokenizer(input, "", "gpt2")) use(**tokenizer);
  if (const auto tokenizer = text::parse_tokenizer_file(text::to_tokenizer_file(Payload(input)))) use(**tokenizer);
  return 0;
}
