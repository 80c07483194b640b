// Whose text stands where in a segment, and whether it counts.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/ids.h"

namespace tribute::ngram {

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
  // for each of some equal parts of the text, four for each stretch, it is known which one it begins in.
  uint32_t at(uint64_t position) const {
    const uint64_t part = position >> part_bits_;
    uint32_t low = part_first_[part];
    uint32_t high = part_first_[part + 1];
    while (low < high) {
      const uint32_t middle = high - (high - low) / 2;
      if (begins_[middle] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

 private:
  std::vector<uint64_t> begins_;
  std::vector<Stretch> stretches_;
  uint32_t part_bits_ = 0;
  std::vector<uint32_t> part_first_;  // the stretch in which each part begins, and after these the last one, twice
};

}  // namespace tribute::ngram
