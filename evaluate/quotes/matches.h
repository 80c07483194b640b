// Where parts of a text stand in documents, by a table of hashed windows: the evaluation's own search.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "ngram/span_source.h"

namespace tribute::evaluate {

// A datapoint as the evaluation sees it. Whoever keeps one keeps the tokens alive.
struct Datapoint {
  EntryIndex entry;
  EntryIndex contributor;
  std::span<const TokenId> tokens;
};

// A run of a text that stands in a datapoint, at a place there where it can be lengthened on neither side.
struct Match {
  ngram::Run run;
  uint32_t datapoint = 0;  // its place in the order of registration, from 0

  friend auto operator<=>(const Match&, const Match&) = default;
};

// Every window of so many tokens of the corpus, by its hash. A hash only proposes a place; each match is
// compared token by token. Shares nothing with the index that it judges. Immutable, thread-safe.
class MatchTable {
 public:
  // `datapoints` in the order of registration, below 2^32 tokens and datapoints together; `window` at
  // least 1 (CHECK). 16 bytes per token, and 4 for a copy of it. O(n log n).
  MatchTable(std::span<const Datapoint> datapoints, uint32_t window);

  // All matches of at least `window` tokens, ascending, each once. One step per place of the corpus that
  // shares a window with the text.
  std::vector<Match> matches(std::span<const TokenId> text) const;

  // The first datapoint that contains the tokens, of which there is at least one (CHECK). O(corpus).
  std::optional<uint32_t> first_holder(std::span<const TokenId> tokens) const;

 private:
  struct Window {
    uint64_t hash = 0;
    uint32_t place = 0;  // in corpus_
  };

  uint32_t datapoint_at(uint32_t place) const;

  uint32_t window_;
  std::vector<uint32_t> corpus_;  // a separator before each datapoint and at the end
  std::vector<uint32_t> begins_;  // of each datapoint in it
  std::vector<Window> windows_;   // by hash, then place
};

}  // namespace tribute::evaluate
