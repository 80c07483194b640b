#include "trace/claims.h"

#include <algorithm>
#include <iterator>

namespace tribute::trace {
namespace {

constexpr uint64_t kMillibitsPerBit = 1000;
constexpr uint64_t kPermille = 1000;

// The claims of one span that is evidence. Both windows only move forward: where a shorter begin's claim ends bounds
// the next one's from below.
std::vector<ngram::Run> claims_of(ngram::Run span, const ClaimRule& rule) {
  const uint64_t millibits = rule.claim_millibits(span);
  std::vector<ngram::Run> from_begins;
  uint32_t end = span.begin;
  for (uint32_t begin = span.begin; begin < span.end; ++begin) {
    end = std::max(end, begin + 1);
    while (end <= span.end && !rule.has({begin, end}, millibits)) ++end;
    if (end > span.end) break;
    from_begins.push_back({begin, end});
  }
  std::vector<ngram::Run> to_ends;
  uint32_t begin = span.begin;
  for (end = span.begin + 1; end <= span.end; ++end) {
    if (!rule.has({begin, end}, millibits)) continue;
    while (begin + 1 < end && rule.has({begin + 1, end}, millibits)) ++begin;
    to_ends.push_back({begin, end});
  }
  std::vector<ngram::Run> claims;
  claims.reserve(from_begins.size() + to_ends.size());
  std::ranges::set_union(from_begins, to_ends, std::back_inserter(claims));
  return claims;
}

}  // namespace

std::vector<ngram::Run> maximal_spans(std::span<const uint32_t> longest_matches, uint32_t first, uint32_t last_end) {
  std::vector<ngram::Run> spans;
  for (uint32_t i = first; i < longest_matches.size(); ++i) {
    const uint32_t end = i + longest_matches[i];
    if (longest_matches[i] > 0 && end > last_end) {
      spans.push_back({i, end});
      last_end = end;
    }
  }
  return spans;
}

ClaimRule::ClaimRule(const Policy& policy, uint64_t token_count, const Surprisals& surprisals)
    : policy_(&policy),
      surprisals_(&surprisals),
      evidence_millibits_(surprisal_millibits(1, token_count) + kMillibitsPerBit * policy.chance_margin_bits),
      passage_millibits_(kMillibitsPerBit * policy.passage_bits) {}

uint64_t ClaimRule::claim_millibits(ngram::Run span) const {
  const uint64_t share = (surprisals_->of(span) * policy_->priority_permille + kPermille - 1) / kPermille;
  return std::max(evidence_millibits_, std::min(passage_millibits_, share));
}

std::vector<ngram::Run> minimal_claims(std::span<const ngram::Run> spans, const ClaimRule& rule) {
  std::vector<ngram::Run> claims;
  for (const ngram::Run span : spans) {
    if (!rule.is_evidence(span)) continue;
    const std::vector<ngram::Run> added = claims_of(span, rule);
    if (added.empty()) continue;
    // Neighbouring spans overlap, and so may their claims.
    const auto from = std::ranges::lower_bound(claims, added.front());
    const std::vector<ngram::Run> overlapping(from, claims.end());
    claims.erase(from, claims.end());
    std::ranges::set_union(overlapping, added, std::back_inserter(claims));
  }
  return claims;
}

}  // namespace tribute::trace
