#include "trace/claims.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace tribute::trace {
namespace {

using ngram::Run;

// Item 4 of the rule, as it is written.
struct WrittenRule {
  const Policy& policy;
  uint64_t token_count;
  const Surprisals& surprisals;

  bool is_evidence(Run run) const {
    return run.length() >= policy.min_span_tokens &&
           surprisals.of(run) >= surprisal_millibits(1, token_count) + uint64_t{1000} * policy.chance_margin_bits;
  }
  bool is_claim(Run part, Run span) const {
    return is_evidence(part) && (surprisals.of(part) * 1000 >= surprisals.of(span) * policy.priority_permille ||
                                 surprisals.of(part) >= uint64_t{1000} * policy.passage_bits);
  }
};

// By looking at all parts: the shortest claim from each begin and to each end.
std::vector<Run> all_minimal_claims(std::span<const Run> spans, const WrittenRule& rule) {
  std::set<Run> claims;
  for (const Run span : spans) {
    if (!rule.is_evidence(span)) continue;
    for (uint32_t at = span.begin; at < span.end; ++at) {
      for (uint32_t end = at + 1; end <= span.end; ++end) {
        if (!rule.is_claim({at, end}, span)) continue;
        claims.insert({at, end});
        break;
      }
      for (uint32_t begin = at + 1; begin-- > span.begin;) {
        if (!rule.is_claim({begin, at + 1}, span)) continue;
        claims.insert({begin, at + 1});
        break;
      }
    }
  }
  return {claims.begin(), claims.end()};
}

// Surprisals so small that a millibit more or less decides.
TEST(MinimalClaims, AreTheShortestOfAllParts) {
  EXPECT_TRUE(rc::check([] {
    const auto millibits = *rc::gen::container<std::vector<uint64_t>>(rc::gen::inRange<uint64_t>(0, 7));
    Surprisals surprisals;
    for (const uint64_t one : millibits) surprisals.append(one);
    const Policy policy{.min_span_tokens = *rc::gen::inRange<uint32_t>(1, 4),
                        .chance_margin_bits = 0,
                        .priority_permille = *rc::gen::inRange<uint32_t>(0, 1001),
                        .passage_bits = *rc::gen::element(0U, 1U, 200U)};
    std::vector<ngram::Run> spans;
    uint32_t end = 0;
    for (uint32_t begin = 0; begin < millibits.size(); ++begin) {
      if (*rc::gen::inRange(0, 3) != 0) continue;
      const auto longer = *rc::gen::inRange<uint32_t>(std::max(end, begin) + 1, std::max(end, begin) + 10);
      if (longer > millibits.size()) break;
      spans.push_back({begin, end = longer});
    }
    const ClaimRule rule(policy, 1, surprisals);
    RC_ASSERT(minimal_claims(spans, rule) == all_minimal_claims(spans, {policy, 1, surprisals}));
  }));
}

}  // namespace
}  // namespace tribute::trace
