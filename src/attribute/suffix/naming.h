// From a text to the shorter one of its phrases' names.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "suffix/level.h"

namespace tribute::suffix {

struct Reduced {
  uint32_t size = 0;  // the text of names: its symbols, separators among them
  uint32_t separator_count = 0;
  uint32_t name_count = 0;           // names are [1, name_count]
  std::vector<uint32_t> part_sizes;  // how many of the symbols come from each part of the text
};

// Gives the phrases names, equal ones to equal phrases and ascending as they do, and writes them in the
// order of the text into the last entries of the order, after each document that has any a separator: a text whose
// suffixes, but for separators, are ordered as the seeds. At most half as long as the text. Counts the seeds
// into `buckets.seeds`. Overwrites the order and `spare`.

// By a table of the distinct phrases, which are then sorted: for texts that repeat themselves. None if that is
// slower than by_inducing() or would take memory of its own: where a fifteenth of a text's symbols begin a phrase
// that has not occurred yet, say, or where phrases crowd in few slots. O(n log n), then.
template <typename Symbol>
std::optional<Reduced> name_by_table(Level<Symbol>& level);

// By inducing the order of the phrases from that of their first symbols: in O(n), whatever the text.
template <typename Symbol>
Reduced name_by_inducing(Level<Symbol>& level);

// Writes the positions that the symbols of the text of names stand for over these; 0 for separators.
template <typename Symbol>
void write_positions(const Level<Symbol>& level, const Reduced& reduced);

}  // namespace tribute::suffix
