// Search in one table of suffixes, many runs at a time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "infinigram/directory.h"
#include "infinigram/table_files.h"
#include "ngram/search.h"

namespace tribute::infinigram {

// Answers about the table's suffixes. Runs are keys (see TableFiles) without separators, so that a suffix
// which begins with one does so within its document. Keeps its arguments by reference. Immutable;
// thread-safe.
//
// A search by halves of the whole table or of what the directory leaves of it; tokens that both ends of
// what is left share with the run are not compared again. The searches of a batch take their steps together, so
// that what they wait for overlaps.
class TableSearch {
 public:
  // `directory`: nullptr if there is none.
  TableSearch(const TableFiles& table, const Directory* directory) : table_(table), directory_(directory) {}

  // Per run, none of which is empty: the suffixes that begin with it. O(log suffixes) reads.
  std::vector<ngram::RankRange> find(std::span<const std::span<const uint32_t>> runs) const;

  // Per text: the most tokens that a suffix begins with. O(log suffixes) reads.
  std::vector<uint32_t> longest_matches(std::span<const std::span<const uint32_t>> texts) const;

 private:
  struct Compared {
    uint32_t length = 0;           // of the common beginning
    bool is_suffix_below = false;  // false too where the run is the suffix's beginning
  };
  // A search for the first suffix that is not below a run, or for the first above all that begin with it.
  struct Bisection {
    std::span<const uint32_t> run;
    bool is_upper = false;
    uint64_t begin = 0;
    uint64_t end = 0;
    uint32_t length_before = 0;  // what the run shares with the suffix before `begin`, as far as is known
    uint32_t length_at = 0;      // and with the one at `end`
    uint64_t position = 0;       // of the suffix in the middle

    uint64_t middle() const { return begin + (end - begin) / 2; }
    uint32_t known() const { return length_before < length_at ? length_before : length_at; }
  };

  Bisection begin_bisection(std::span<const uint32_t> run, bool is_upper) const;
  Compared compare(std::span<const uint32_t> run, uint64_t position, uint32_t known) const;
  void bisect(std::span<Bisection> batch) const;

  const TableFiles& table_;
  const Directory* directory_;
};

}  // namespace tribute::infinigram
