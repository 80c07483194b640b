// What a person types for a value: counts, shares, keys, yes or no.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/amount.h"
#include "base/error.h"
#include "base/sign.h"
#include "io/file_system.h"
#include "record/model_values.h"
#include "usecase/models.h"

namespace tribute::cli {

// A whole number as people write large ones: "7000000000", "7e9", "1.5e9", "7B", "124M", "350k".
// Units: k, M, B (or G) and T. Exact: what is no whole number is refused.
// Errors: invalid_argument naming the text; out_of_range over 2^63 - 1.
Result<uint64_t> parse_count(std::string_view text);

// A number of bytes, as parse_count() reads it: "500M" is 500,000,000. Errors: invalid_argument naming `option`.
Result<uint64_t> parse_bytes(std::string_view option, std::string_view text);

// A decimal integer between `low` and `high`.
// Errors: invalid_argument naming `option`, the text and the range.
Result<uint32_t> parse_integer(std::string_view option, std::string_view text, uint32_t low, uint32_t high);

// parse_amount() with the option's name in its message.
Result<Amount> parse_amount_of(std::string_view option, std::string_view text);

// --datapoints: how many of a passage's datapoints are listed; if not given 10 as JSON and 3 as a table.
Result<uint32_t> parse_datapoint_limit(const std::optional<std::string>& text, bool json);

// "yes" or "no". Errors: invalid_argument naming `option`.
Result<bool> parse_yes_no(std::string_view option, std::string_view text);

// "model=3000,stakers=1000,contributors=6000", each part at most once and 0 if left out, into the
// three fields of `terms`. Errors: invalid_argument naming the part.
Result<void> parse_split(std::string_view text, record::Terms& terms);

// "harbour" or "harbour=50": a DataNet and its treasury's permille. Errors: invalid_argument.
Result<usecase::ModelRequest::Datanet> parse_datanet_share(std::string_view text);

// "ed25519:…" or "secp256k1:…", or a file (with or without "@" before it) that holds a public key so
// spelt, or a private key, whose public key it is then.
// Errors: invalid_argument; those of reading the file.
Result<PublicKey> parse_key(io::FileSystem& files, std::string_view text);

}  // namespace tribute::cli
