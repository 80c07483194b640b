// What the parts of an index say of runs, from where these stand in them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ngram/distinct_runs.h"
#include "ngram/range_reader.h"
#include "ngram/search.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

// A part, and the suffixes in it that begin with each of the distinct runs.
struct FoundRuns {
  RangeReader* reader = nullptr;
  std::vector<RankRange> ranges;
  // Of all runs: whether it is known to stand in the part where the run before it does, some tokens behind, and nowhere
  // else. Empty: of none.
  std::vector<bool> goes_along = {};
};

// The answers about the runs. `contributor_count`: of the whole index, CorpusFacts.
// Reads the minima for the holders, and each suffix of the ranges for what else is asked but the occurrences; for the
// contributors only until there are enough of them, and nothing of a run that is as frequent as the one asked about
// before, of which it is a part or the other way round.
std::vector<RunFacts> describe_runs(const DistinctRuns& runs, std::span<const FoundRuns> found,
                                    const RunQuestion& question, uint64_t contributor_count);

}  // namespace tribute::ngram
