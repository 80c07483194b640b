#include "trace/claims.h"

#include <algorithm>

namespace tribute::trace {
namespace {

constexpr uint64_t kMillibitsPerBit = 1000;
constexpr uint64_t kPermille = 1000;

// Both windows only move forward: where a shorter begin's claim ends bounds the next one's from below.
void append_minimal_claims(ngram::Run span, const ClaimRule& rule, std::vector<ngram::Run>& claims) {
  uint32_t end = span.begin;
  for (uint32_t begin = span.begin; begin < span.end; ++begin) {
    end = std::max(end, begin + 1);
    while (end <= span.end && !rule.is_claim({begin, end}, span)) ++end;
    if (end > span.end) break;
    claims.push_back({begin, end});
  }
  uint32_t begin = span.begin;
  for (end = span.begin + 1; end <= span.end; ++end) {
    if (!rule.is_claim({begin, end}, span)) continue;
    while (begin + 1 < end && rule.is_claim({begin + 1, end}, span)) ++begin;
    claims.push_back({begin, end});
  }
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

bool ClaimRule::is_evidence(ngram::Run run) const {
  return run.length() >= policy_->min_span_tokens && surprisals_->of(run) >= evidence_millibits_;
}

bool ClaimRule::is_claim(ngram::Run part, ngram::Run span) const {
  if (!is_evidence(part)) return false;
  const uint64_t millibits = surprisals_->of(part);
  return millibits >= passage_millibits_ || millibits * kPermille >= surprisals_->of(span) * policy_->priority_permille;
}

std::vector<ngram::Run> minimal_claims(std::span<const ngram::Run> spans, const ClaimRule& rule) {
  std::vector<ngram::Run> claims;
  for (const ngram::Run span : spans) {
    if (rule.is_evidence(span)) append_minimal_claims(span, rule, claims);
  }
  std::ranges::sort(claims);
  claims.erase(std::unique(claims.begin(), claims.end()), claims.end());
  return claims;
}

}  // namespace tribute::trace
