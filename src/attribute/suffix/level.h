// What the steps of the sort share: one text, the place for its order, and its buckets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/workers.h"
#include "suffix/suffix_sort.h"

namespace tribute::suffix {

// A suffix is of type L if it is greater than the next one, else of type S; a separator is always of type
// S. A suffix of type S after one of type L that begins with a token is a seed: from the seeds in order all
// others follow. The symbols from a seed's first to the next seed's or separator's, both included, are a
// phrase. Phrases in the order of their suffixes compare symbol by symbol; where one is the beginning of
// another, the longer one is smaller.

// An entry of the order is a position; while others are induced from it, this bit is set if the suffix
// before it is of type S, or if there is none. 0 is an empty entry.
inline constexpr uint32_t kMark = uint32_t{1} << 31;

inline uint32_t marked(uint32_t position, bool is_marked) {
  return position | static_cast<uint32_t>(is_marked) << 31;  // no branch, since no one can foretell the mark
}

// Sizes that change how the work is cut, and no result. Tests make them small.
struct Tuning {
  // Texts of so many symbols per symbol of the alphabet are induced bucket by bucket, others entry by entry.
  uint32_t bucket_size = 32;
  // Where fewer entries are ready to be induced from, one thread does it alone; at least 1.
  uint32_t shared_entries = 4096;
  // Texts of fewer symbols are prepared by one thread.
  uint32_t shared_text = 1 << 20;
  // Shorter texts do not get a table of phrases.
  uint32_t table_text = 4096;
};

struct Buckets {
  std::span<uint32_t> ends;   // where each symbol's bucket ends in the order; it begins where the last ended
  std::span<uint32_t> heads;  // where the next entry of each bucket goes
  std::span<uint32_t> seeds;  // how many seeds are in each bucket; later where they begin
};

template <typename Symbol>
struct Level {
  std::span<const Symbol> text;  // ends in a separator
  std::span<uint32_t> order;     // as long as the text
  std::span<uint32_t> spare;     // may be overwritten, too
  Buckets buckets;
  Workers& workers;
  const Tuning& tuning;

  uint32_t size() const { return static_cast<uint32_t>(text.size()); }
  uint32_t symbol_count() const { return static_cast<uint32_t>(buckets.ends.size()); }
  uint32_t separator_count() const { return buckets.ends[kSeparator]; }
  bool is_by_buckets() const { return size() / symbol_count() >= tuning.bucket_size; }
  // In how many parts the text is prepared. Each has counters for the alphabet, which are to be few.
  uint32_t parts() const {
    const uint32_t fit = size() / symbol_count() / 2;
    return size() < tuning.shared_text ? 1 : std::max(uint32_t{1}, std::min(workers.threads(), fit));
  }
};

}  // namespace tribute::suffix
