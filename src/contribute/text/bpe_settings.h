// BpeSettings: what a byte-pair tokenizer does around its encoding, and its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pretokenize/normalizer.h"
#include "pretokenize/rules.h"
#include "text/added_tokens.h"

namespace tribute::text {

struct BpeSettings {
  // In the order in which they work on a text.
  std::vector<pretokenize::Normalization> normalizer;
  bool add_prefix_space = false;  // a stretch between added tokens gets a space before it, unless it begins with one
  std::vector<pretokenize::Rule> rules;
  std::vector<pretokenize::Rule> character_rules;  // these work on the text spelt in byte characters
  std::vector<AddedToken> added;                   // ascending id
  // Decoding: in each token but a byte's own, every `from` becomes `to`; of the whole text's front, up to
  // `strip_count` times `strip` is taken away.
  std::vector<pretokenize::Replace> decode_replacements;
  char strip = ' ';
  uint32_t strip_count = 0;

  friend bool operator==(const BpeSettings&, const BpeSettings&) = default;
};

// Its one spelling as bytes (docs/formats/tokenizer.md).
std::string to_bytes(const BpeSettings& settings);
// Errors: data_loss for anything that to_bytes() does not write.
Result<BpeSettings> parse_bpe_settings(std::string_view bytes);

}  // namespace tribute::text
