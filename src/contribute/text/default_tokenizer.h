// The default tokenizer, which the program carries.
#pragma once

#include <string_view>

namespace tribute::text {

// The bytes of share/tokenizers/default/tokenizer.json, beside which stands how it was made.
std::string_view default_tokenizer_json();

}  // namespace tribute::text
