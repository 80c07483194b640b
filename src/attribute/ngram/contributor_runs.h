// Whose text stands where in a segment, as far as it is counted.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"

namespace tribute::ngram {

// Stretches of a segment's text, each of one contributor's documents that count, or of documents that do not.
// Contributors give many documents at a time as a rule, so that the stretches are few and looked up in the
// nearest cache, where a document's columns are not. Built once, then read by many.
class ContributorRuns {
 public:
  // The document whose text begins at `text_begin`, after all others, the first one at 0; `contributor`: if it
  // counts.
  void append(uint64_t text_begin, std::optional<EntryIndex> contributor);
  // After the last document: the text has so many symbols.
  void finish(uint64_t symbol_count);

  // Of each stretch in turn.
  std::span<const std::optional<EntryIndex>> contributors() const { return contributors_; }

  // Whose the symbol at a position is. There must be a document. O(log stretches), and mostly O(1): for each of
  // some equal parts of the text, four for each stretch, it is known which one it begins in.
  std::optional<EntryIndex> at(uint64_t position) const {
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
    return contributors_[low];
  }

 private:
  std::vector<uint64_t> begins_;
  std::vector<std::optional<EntryIndex>> contributors_;
  uint32_t part_bits_ = 0;
  std::vector<uint32_t> part_first_;  // the stretch in which each part begins, and after these the last one, twice
};

}  // namespace tribute::ngram
