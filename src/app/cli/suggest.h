// What somebody who mistyped a word may have meant.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tribute::cli {

// The fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the
// other, no part being edited twice. O(|a| · |b|).
size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word` (the first of equally near ones), or empty if none is within a
// third of its length, at least one edit.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace tribute::cli
