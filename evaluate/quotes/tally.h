// Sums over all texts of an evaluation, as tables and as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "quotes/explain.h"

namespace tribute::evaluate {

using OutcomeCounts = std::array<uint64_t, kOutcomeCount>;

struct BucketTally {
  uint64_t passages = 0;
  uint64_t found_datapoint = 0;  // see PassageFinding
  uint64_t found_contributor = 0;
  uint64_t tokens = 0;
  OutcomeCounts token_outcomes{};
  OutcomeCounts missed_passages{};  // by PassageFinding::outcome

  void add(const BucketTally& other);
};

struct Tally {
  uint64_t texts = 0;
  uint64_t tokens = 0;
  std::array<BucketTally, kBuckets.size()> buckets;
  OutcomeCounts outside{};          // tokens of no passage
  uint64_t credited = 0;            // tokens
  uint64_t credited_elsewhere = 0;  // … in a passage, but not to its first registrant

  void add(const StitchedText& text, const TextFinding& finding);
  BucketTally all_buckets() const;
  uint64_t unexplained() const;
};

// What was evaluated.
struct Setting {
  uint64_t seed = 0;
  uint64_t documents = 0;
  uint64_t unrelated_documents = 0;
  uint64_t segments = 0;
  uint64_t tokens = 0;
  uint64_t contributors = 0;
  uint64_t commons_limit = 0;
  uint64_t evidence_millibits = 0;
};

std::string to_table(const Setting& setting, const Tally& tally);
std::string to_json(const Setting& setting, const Tally& tally);

}  // namespace tribute::evaluate
