// Whose text stands where in a segment, and whether it counts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.h"

namespace tribute::ngram {

// A set of stretches by their numbers.
class StretchSet {
 public:
  explicit StretchSet(size_t stretch_count) : words_(stretch_count / 64 + 1) {}

 private:
  friend class ContributorRuns;

  std::vector<uint64_t> words_;
};

// Stretches of a segment's text, each of documents of one contributor that are alike in what they count for.
// Contributors give many documents at a time as a rule, so that the stretches are few and looked up in the
// nearest cache, where a document's columns are not. Built once, then read by many.
class ContributorRuns {
 public:
  struct Stretch {
    EntryIndex contributor;
    bool is_live = false;    // its occurrences count
    bool is_earner = false;  // its contributor counts: paid first members

    friend bool operator==(const Stretch&, const Stretch&) = default;
  };

  // What the document is whose text begins at `text_begin`, after all others, the first one at 0.
  void append(uint64_t text_begin, const Stretch& document);
  // After the last document: the text has so many symbols.
  void finish(uint64_t symbol_count);

  // By position.
  std::span<const Stretch> stretches() const { return stretches_; }

  // The number of the stretch that a position lies in. There must be a document. O(log stretches), and mostly O(1):
  // for each of some equal parts of the text, sixteen for each stretch, it is known which one it begins in.
  uint32_t at(uint64_t position) const { return table().at(position); }

  // Calls visit(number) for the stretches of the positions that are not in `seen`, each once, and inserts them. `seen`
  // is of as many stretches.
  template <typename Visit>
  void for_each_new(StretchSet& seen, std::span<const uint64_t> positions, Visit visit) const {
    const Table table = this->table();
    uint64_t* const words = seen.words_.data();
    for (const uint64_t position : positions) {
      const uint32_t stretch = table.at(position);
      const uint64_t bit = uint64_t{1} << stretch % 64;
      if ((words[stretch / 64] & bit) != 0) continue;
      words[stretch / 64] |= bit;
      visit(stretch);
    }
  }

  // Adds the positions of each stretch to its count.
  void count(std::span<const uint64_t> positions, std::span<uint64_t> counts) const {
    const Table table = this->table();
    uint64_t* const of_stretch = counts.data();
    for (const uint64_t position : positions) ++of_stretch[table.at(position)];
  }

 private:
  // Where the vectors lie, in a loop that stores elsewhere.
  struct Table {
    const uint32_t* part_first;
    const uint64_t* begins;
    uint32_t part_bits;

    uint32_t at(uint64_t position) const {
      const uint64_t part = position >> part_bits;
      uint32_t low = part_first[part];
      uint32_t high = part_first[part + 1];
      while (low < high) {
        const uint32_t middle = high - (high - low) / 2;
        if (begins[middle] <= position) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }
  };
  Table table() const { return {part_first_.data(), begins_.data(), part_bits_}; }

  std::vector<uint64_t> begins_;
  std::vector<Stretch> stretches_;
  uint32_t part_bits_ = 0;
  std::vector<uint32_t> part_first_;  // the stretch in which each part begins, and after these the last one, twice
};

}  // namespace tribute::ngram
