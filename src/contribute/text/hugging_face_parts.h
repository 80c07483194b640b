// The parts of a tokenizer.json but its vocabulary.
#pragma once

#include <vector>

#include "base/error.h"
#include "pretokenize/normalizer.h"
#include "text/bpe_settings.h"
#include "text/json_value.h"

namespace tribute::text {

// Each reads one part, which may be null where the format allows it. Errors as read_hugging_face_tokenizer().
Result<std::vector<pretokenize::Normalization>> read_normalizer(const JsonValue& value);
Result<std::vector<AddedToken>> read_added_tokens(const JsonValue& value);
// Its rules and prefix into `settings`; returns whether it changes bytes to byte characters.
Result<bool> read_pre_tokenizer(const JsonValue& value, BpeSettings& settings);
// Its replacements and stripping into `settings`; it must be the decoder that belongs to the vocabulary.
Result<void> read_decoder(const JsonValue& value, bool is_byte_level, BpeSettings& settings);
// Checks that it is known.
Result<void> check_post_processor(const JsonValue& value);

}  // namespace tribute::text
