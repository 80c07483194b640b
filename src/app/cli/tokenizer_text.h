// A tokenizer, tokens and ids as people and programs read and write them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "cli/json.h"
#include "cli/paint.h"
#include "text/tokenizer.h"

namespace tribute::cli {

// The text with the tokens' colours in turn, as terminal_text(); a character that several tokens share is shown
// with the first of them.
std::string painted_tokens(std::string_view text, const text::TokenizedText& tokens, const Paint& paint);

// {"ids": [...], "offsets": [[begin, end], ...]} on one line, with a line feed.
std::string tokens_json(const text::TokenizedText& tokens);

// Token ids as people and programs write them: a JSON array, an object with such an array as "ids", or numbers with
// white space or commas between. Errors: invalid_argument for anything else, saying what.
Result<std::vector<TokenId>> parse_ids(std::string_view text);

// What a tokenizer is, in a few lines, and as JSON.
std::string description(const text::Tokenizer& tokenizer);
Json description_json(const text::Tokenizer& tokenizer);

}  // namespace tribute::cli
