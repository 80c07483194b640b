// The passages that a new text shares with datapoints that came before it: what its approver should see.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/span_source.h"

namespace tribute::trace {

struct PassageQuestion {
  // Datapoints of lower entries alone count: for a contribution its own entry, so that it is not found in
  // itself, nor in what repeats it.
  EntryIndex before;

  // Shorter ones are not passages. At least 1. Lower: more of what is shared by chance is found.
  uint32_t min_tokens = 20;

  // At most so many passages are listed; all of them are counted.
  uint32_t limit = 10;
};

struct SharedPassage {
  ngram::Run run;
  ngram::Holder first;  // the earliest datapoint that contains all of it

  friend bool operator==(const SharedPassage&, const SharedPassage&) = default;
};

struct SharedPassages {
  std::vector<SharedPassage> longest;  // longest first, of equal length by begin
  uint64_t count = 0;                  // of all passages
  uint64_t covered_token_count = 0;    // tokens of the text that lie in some passage, each once

  friend bool operator==(const SharedPassages&, const SharedPassages&) = default;
};

// The maximal runs of `text` that stand inside one datapoint of the source with an entry below `before`,
// guards included, and have at least `min_tokens` tokens: a run that another such run contains is none.
//
// Asks the source about the windows of `min_tokens` tokens that lie outside of what is found so far, in batches,
// and for each passage about O(log n) longer runs, one after another, for n tokens; none of these questions
// reads occurrences. It does not ask for longest matches: of a text that the source holds itself those are all
// its suffixes.
// Errors: those of the source; invalid_argument for a `min_tokens` of 0 or a text of 2^32 - 1 tokens or more.
Result<SharedPassages> shared_passages(const ngram::SpanSource& source, std::span<const TokenId> text,
                                       const PassageQuestion& question);

}  // namespace tribute::trace
