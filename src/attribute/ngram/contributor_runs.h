// Whose text stands where in a segment, as far as it is counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"

namespace tribute::ngram {

// Stretches of a segment's text, each of one contributor's documents that count, or of documents that do not.
// Contributors give many documents at a time as a rule, so that the stretches are few and looked up in the
// nearest cache, where a document's columns are not. Built once, then read by many.
class ContributorRuns {
 public:
  // The document whose text begins at `text_begin`, after all others; `contributor`: if it counts.
  void append(uint64_t text_begin, std::optional<EntryIndex> contributor) {
    if (!contributors_.empty() && contributors_.back() == contributor) return;
    begins_.push_back(text_begin);
    contributors_.push_back(contributor);
  }

  // Whose the symbol at a position is. There must be a document (the first one begins at 0).
  // O(log stretches).
  std::optional<EntryIndex> at(uint64_t position) const {
    const auto after = std::ranges::upper_bound(begins_, position);
    return contributors_[static_cast<size_t>(after - begins_.begin()) - 1];
  }

 private:
  std::vector<uint64_t> begins_;
  std::vector<std::optional<EntryIndex>> contributors_;
};

}  // namespace tribute::ngram
