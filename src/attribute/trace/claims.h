// Which runs of an answer are maximal spans, evidence and claims. Pure arithmetic over what the index said.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ngram/span_source.h"
#include "trace/policy.h"
#include "trace/surprisal.h"

namespace tribute::trace {

// Of the matches (i, i + longest_matches[i]), those that no other contains, by begin: from position `first` on, where
// those before it end at `last_end` at most. O(n).
std::vector<ngram::Run> maximal_spans(std::span<const uint32_t> longest_matches, uint32_t first = 0,
                                      uint32_t last_end = 0);

// What is evidence and what is a claim, by items 2 and 4 of the rule. Both are kept by growing: a run
// that contains evidence is evidence, and a part of a span that contains a claim is a claim.
class ClaimRule {
 public:
  // `token_count` is the rule's N. Keeps pointers; policy and surprisals must outlive it.
  ClaimRule(const Policy& policy, uint64_t token_count, const Surprisals& surprisals);

  bool is_evidence(ngram::Run run) const { return has(run, evidence_millibits_); }

  // What makes a part of `span`, which is a maximal span and evidence, a claim: so much surprisal, and as many tokens
  // as evidence has.
  uint64_t claim_millibits(ngram::Run span) const;
  bool has(ngram::Run run, uint64_t millibits) const {
    return run.length() >= policy_->min_span_tokens && surprisals_->of(run) >= millibits;
  }

 private:
  const Policy* policy_;
  const Surprisals* surprisals_;
  uint64_t evidence_millibits_;
  uint64_t passage_millibits_;
};

// The minimal claims within the maximal spans: of each span that is evidence the shortest claim from
// each begin and the shortest to each end; by (begin, end), each once. `spans` ascend. O(n) for the sum n of the spans'
// lengths.
std::vector<ngram::Run> minimal_claims(std::span<const ngram::Run> spans, const ClaimRule& rule);

}  // namespace tribute::trace
