// What the parts of an index say of a run, from where it stands in them.
#pragma once

#include <optional>
#include <span>

#include "ngram/index_part.h"
#include "ngram/search.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

// The suffixes of one part that begin with a run.
struct FoundRun {
  const IndexPart* part = nullptr;
  RankRange range;
};

// The answers about one run. `found` has no empty range and no part twice. `exceeds_contributor_limit`: if it is known,
// what to say of it.
// Reads the minima for the holders, and each suffix of the ranges for what else is asked but the occurrences; for the
// contributors only until there are enough of them.
RunFacts describe(std::span<const FoundRun> found, const RunQuestion& question,
                  std::optional<bool> exceeds_contributor_limit);

}  // namespace tribute::ngram
