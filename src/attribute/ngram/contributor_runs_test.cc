#include "ngram/contributor_runs.h"

#include <gtest/gtest.h>

#include <random>

namespace tribute::ngram {
namespace {

TEST(ContributorRuns, SaysOfEverySymbolWhoseItIs) {
  std::mt19937_64 random(5);
  const auto below = [&](uint64_t end) { return random() % end; };
  for (int trial = 0; trial < 300; ++trial) {
    ContributorRuns runs;
    std::vector<ContributorRuns::Stretch> expected;  // of every symbol
    // Some texts are of many small documents and a few large ones.
    const uint64_t contributors = 1 + below(4);
    for (uint64_t document = below(60); document-- > 0;) {
      const ContributorRuns::Stretch of{EntryIndex{below(contributors)}, below(4) > 0, below(4) > 0};
      runs.append(expected.size(), of);
      expected.resize(expected.size() + 1 + (below(10) == 0 ? below(3000) : below(3)), of);
    }
    runs.finish(expected.size());
    for (uint64_t position = 0; position < expected.size(); ++position) {
      ASSERT_EQ(runs.stretches()[runs.at(position)], expected[position]) << trial << " at " << position;
    }
  }
}

}  // namespace
}  // namespace tribute::ngram
