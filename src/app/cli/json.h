// How values become JSON; docs/cli/README.md says the same to users.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "base/amount.h"
#include "base/ids.h"

namespace tribute::cli {

class Context;
using Json = nlohmann::ordered_json;

// Any bytes as a string: well-formed UTF-8, U+FFFD for what is not.
Json json_of(std::string_view bytes);
// An entry as its index, null where there is none.
Json json_of(EntryIndex entry);
Json json_of(std::optional<EntryIndex> entry);
// An amount as its millionths.
Json json_of(Amount amount);

// {"<noun>": [...], "count": n}: what every list prints.
Json list_json(std::string_view noun, Json items);

// The value on standard output, indented, with a line feed.
void print_json(Context& context, const Json& json);

}  // namespace tribute::cli
