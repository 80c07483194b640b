// Text in a terminal: how wide it is, and what may be shown of text that strangers wrote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/amount.h"

namespace tribute::cli {

// Columns that well-formed UTF-8 takes in a terminal: two for most Chinese, Japanese and Korean
// characters, none for combining marks. O(n).
size_t display_width(std::string_view text);

// Bytes of the first character, 1 where the text does not begin with a well-formed one. Not empty (CHECK).
size_t first_character_bytes(std::string_view text);

enum class Lines : uint8_t { one, many };

// `bytes` as text that a terminal shows and does not obey: ill-formed UTF-8 becomes U+FFFD, control
// characters their pictures (ESC: U+241B), invisible direction marks U+FFFD. With Lines::many line
// feeds and tabs stay.
std::string terminal_text(std::string_view bytes, Lines lines = Lines::one);

// The text if it fits into `columns`, else its beginning and "…". Never splits a character.
std::string shortened(std::string_view text, size_t columns);

// The text if it fits into `columns`, else its beginning, " … " and its end. Never splits a character.
std::string shortened_in_middle(std::string_view text, size_t columns);

// With spaces to the left or right until it takes `columns`.
std::string padded_left(std::string_view text, size_t columns);
std::string padded_right(std::string_view text, size_t columns);

// "1,234,567".
std::string grouped(uint64_t number);
std::string grouped(Amount amount);  // of millionths; a minus sign where negative

// "1 document", "1,234 documents".
std::string counted(uint64_t count, std::string_view noun);

// Millibits as bits: "1,234.5" (rounded to the nearest tenth, ties up).
std::string bits_text(uint64_t millibits);
// Millionths as per cent: "12.3%" (rounded to the nearest tenth, ties up).
std::string percent_text(uint64_t ppm);
// The share of a whole in millionths, rounded down; 0 of nothing.
uint64_t ppm_of(uint64_t part, uint64_t whole);
// "512 B", "1.5 MB": powers of 1,000.
std::string bytes_text(uint64_t bytes);
// Milliseconds since 1970 as "2023-11-14 22:13:20Z".
std::string time_text(uint64_t time_ms);

}  // namespace tribute::cli
