// What names, source ids and titles may be: they are shown in terminals and pages and stored as text.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute::datanet {

inline constexpr size_t kMaxContributorNameBytes = 128;
inline constexpr size_t kMaxSourceIdBytes = 4'096;
inline constexpr size_t kMaxTitleBytes = 4'096;

// Errors: invalid_argument unless `name` is well-formed UTF-8 of 1 to kMaxContributorNameBytes bytes
// without control characters (U+0000 to U+001F, U+007F to U+009F).
Result<void> check_contributor_name(std::string_view name);

// The same for the id of a row, up to kMaxSourceIdBytes.
Result<void> check_source_id(std::string_view id);

// `title`, well-formed UTF-8, with every control character replaced by a space.
// Errors: invalid_argument if it is ill-formed or over kMaxTitleBytes.
Result<std::string> cleaned_title(std::string_view title);

// The title of a Markdown text: its first line that begins with "# " outside of fenced code, without
// the signs and the white space around it, printable, cut to kMaxTitleBytes. Empty where there is none.
std::string markdown_title(std::string_view text);

}  // namespace tribute::datanet
