// How `tribute ngram` shows tokens, and pages of documents.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/ids.h"
#include "cli/context.h"
#include "cli/json.h"
#include "lm/query.h"
#include "usecase/ngram_model.h"

namespace tribute::cli {

// The text of tokens, or null where no tokenizer says what they are.
Json text_json(const std::optional<std::string>& text);

// The text in quotes, which show spaces, or the ids of the tokens where there is no text.
std::string shown(const std::optional<std::string>& text, std::span<const TokenId> tokens);

// "2:17", as a page says where the next one begins. Errors: invalid_argument naming --from.
Result<lm::DocumentPlace> parse_place(std::string_view text);

// A page on standard output, and where it goes on. `datapoints`: one per hit, or none where they are not of a DataNet.
void print_page(Context& context, const usecase::NgramPage& page, std::span<const usecase::NgramDatapoint> datapoints);

}  // namespace tribute::cli
