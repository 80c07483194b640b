#include "credit/shares.h"

#include <map>
#include <optional>

#include "base/amount.h"
#include "base/check.h"
#include "base/checked.h"

namespace tribute::credit {
namespace {

// The sum cannot exceed the answer's surprisal, which is below 2^64.
void add(uint64_t& sum, uint64_t millibits) {
  const auto next = checked_add(sum, millibits);
  CHECK(next.has_value());
  sum = *next;
}

// A token is credited if and only if it is owned.
uint64_t credited_millibits(const trace::TokenFate& token) {
  CHECK((token.fate == trace::Fate::owned) == token.owner.has_value());
  return token.owner ? token.surprisal_millibits : 0;
}

void fill_shares(std::vector<ContributorShare>& shares) {
  uint64_t credited = 0;
  std::vector<uint64_t> millibits;
  for (const ContributorShare& share : shares) {
    millibits.push_back(share.millibits);
    add(credited, share.millibits);
  }
  if (credited == 0) return;
  const auto parts = split_by_largest_remainder(Amount(int64_t{kPartsPerMillion}), millibits);
  for (size_t i = 0; i < shares.size(); ++i) shares[i].share_ppm = static_cast<uint64_t>(parts[i].millionths());
}

}  // namespace

std::vector<ContributorShare> shares(const trace::Attribution& attribution) {
  std::map<EntryIndex, uint64_t> millibits;
  for (const trace::TokenFate& token : attribution.tokens) {
    const uint64_t credited = credited_millibits(token);
    if (token.owner) add(millibits[token.owner->contributor], credited);
  }
  std::vector<ContributorShare> shares;
  for (const auto& [contributor, sum] : millibits) {
    shares.push_back({.contributor = contributor, .millibits = sum, .share_ppm = 0});
  }
  fill_shares(shares);
  return shares;
}

std::vector<DatapointCredit> datapoint_credits(const trace::Attribution& attribution) {
  std::map<EntryIndex, DatapointCredit> by_datapoint;
  for (const trace::TokenFate& token : attribution.tokens) {
    const uint64_t credited = credited_millibits(token);
    if (!token.owner) continue;
    DatapointCredit& credit = by_datapoint[token.owner->datapoint];
    credit.datapoint = token.owner->datapoint;
    credit.contributor = token.owner->contributor;
    add(credit.millibits, credited);
  }
  std::vector<DatapointCredit> credits;
  for (const auto& [datapoint, credit] : by_datapoint) credits.push_back(credit);
  return credits;
}

std::vector<record::BodyCredit> runs(const trace::Attribution& attribution) {
  std::vector<record::BodyCredit> runs;
  for (uint64_t i = 0; i < attribution.tokens.size(); ++i) {
    const trace::TokenFate& token = attribution.tokens[i];
    const uint64_t credited = credited_millibits(token);
    record::BodyCredit run{.begin = i, .end = i + 1, .fate = token.fate, .datapoint = {}, .contributor = {}};
    if (token.owner) {
      run.datapoint = token.owner->datapoint;
      run.contributor = token.owner->contributor;
    }
    const bool continues = !runs.empty() && runs.back().fate == run.fate && runs.back().datapoint == run.datapoint;
    if (!continues) runs.push_back(run);
    runs.back().end = i + 1;
    add(runs.back().millibits, credited);
  }
  return runs;
}

std::vector<record::BodySpan> body_spans(const trace::Attribution& attribution) {
  std::vector<record::BodySpan> spans;
  spans.reserve(attribution.spans.size());
  for (const trace::Span& span : attribution.spans) {
    spans.push_back({.begin = span.run.begin,
                     .end = span.run.end,
                     .count = span.count,
                     .surprisal_millibits = span.surprisal_millibits,
                     .evidence = span.evidence});
  }
  return spans;
}

std::vector<record::BodyClaim> body_claims(const trace::Attribution& attribution) {
  std::vector<record::BodyClaim> claims;
  claims.reserve(attribution.claims.size());
  for (const trace::Claim& claim : attribution.claims) {
    std::optional<EntryIndex> datapoint;
    if (claim.owner) datapoint = claim.owner->datapoint;
    claims.push_back({.begin = claim.run.begin, .end = claim.run.end, .datapoint = datapoint, .common = claim.common});
  }
  return claims;
}

}  // namespace tribute::credit
