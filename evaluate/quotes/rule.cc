#include "quotes/rule.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <unordered_map>

namespace tribute::evaluate {
namespace {

using ngram::Run;
using trace::Fate;

// floor(1000 · log2(N / c)). A long double is right to within 10^-15 here, and no two integers of less than
// 2^40 have a quotient so near to a power of 2^(1/1000) that is none, but by a chance of 10^-12.
uint64_t surprisal(uint64_t count, uint64_t token_count) {
  if (token_count == 0) return 0;
  const long double bits =
      std::log2(static_cast<long double>(token_count)) - std::log2(static_cast<long double>(count));
  return static_cast<uint64_t>(std::floor(1000 * bits + 1e-12L));
}

// Of matches by begin, the runs that lie in no other.
std::vector<Run> maximal_runs(std::span<const Match> matches) {
  std::vector<Run> runs;
  for (const Match& match : matches) runs.push_back(match.run);
  std::ranges::sort(runs, [](Run a, Run b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  std::vector<Run> maximal;
  for (const Run run : runs) {
    if (maximal.empty() || run.end > maximal.back().end) maximal.push_back(run);
  }
  return maximal;
}

}  // namespace

std::optional<Run> common_part(Run run, Run span) {
  const Run part{std::max(run.begin, span.begin), std::min(run.end, span.end)};
  return part.begin < part.end ? std::optional(part) : std::nullopt;
}

Rule::Rule(std::span<const Datapoint> datapoints, const trace::Policy& policy)
    : policy_(policy), table_(datapoints, policy.min_span_tokens) {
  count_first_members(datapoints);
}

void Rule::count_first_members(std::span<const Datapoint> datapoints) {
  std::vector<uint32_t> order(datapoints.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](uint32_t a, uint32_t b) {
    return std::ranges::lexicographical_compare(datapoints[a].tokens, datapoints[b].tokens);
  });
  voices_.resize(datapoints.size());
  std::unordered_map<EntryIndex, uint32_t> contributors;
  for (size_t i = 0; i < order.size(); ++i) {
    const Datapoint& datapoint = datapoints[order[i]];
    if (i > 0 && std::ranges::equal(datapoint.tokens, datapoints[order[i - 1]].tokens)) continue;
    voices_[order[i]] =
        contributors.emplace(datapoint.contributor, static_cast<uint32_t>(contributors.size())).first->second;
    token_count_ += datapoint.tokens.size();
    for (const TokenId token : datapoint.tokens) {
      if (token.value() >= counts_.size()) counts_.resize(token.value() + size_t{1});
      ++counts_[token.value()];
    }
  }
  contributor_count_ = static_cast<uint32_t>(contributors.size());
}

uint32_t Rule::commons_limit() const {
  return policy_.commons_contributors ? *policy_.commons_contributors
                                      : std::clamp((contributor_count_ + 19) / 20, 8U, 64U);
}

uint64_t Rule::evidence_millibits() const {
  return surprisal(1, token_count_) + uint64_t{1000} * policy_.chance_margin_bits;
}

uint64_t Rule::millibits_of(TokenId token) const {
  const uint64_t count = token.value() < counts_.size() ? counts_[token.value()] : 0;
  return surprisal(std::max<uint64_t>(count, 1), token_count_);
}

bool Rule::is_evidence(const Judgement& judgement, Run run) const {
  return run.length() >= policy_.min_span_tokens && judgement.millibits(run) >= evidence_millibits();
}

bool Rule::is_claim(const Judgement& judgement, Run part, Run span) const {
  const uint64_t millibits = judgement.millibits(part);
  return is_evidence(judgement, part) && (millibits >= uint64_t{1000} * policy_.passage_bits ||
                                          1000 * millibits >= policy_.priority_permille * judgement.millibits(span));
}

Judgement Rule::judge(std::span<const TokenId> answer) const {
  Judgement judgement;
  judgement.matches = table_.matches(answer);
  judgement.spans = maximal_runs(judgement.matches);
  judgement.sums.push_back(0);
  for (const TokenId token : answer) {
    const uint64_t millibits = millibits_of(token);
    judgement.sums.push_back(judgement.sums.back() + millibits);
    judgement.tokens.push_back({.fate = Fate::none, .millibits = millibits, .first = {}, .common = {}});
  }
  for (const Run span : judgement.spans) {
    if (is_evidence(judgement, span)) settle_span(judgement, span);
  }
  for (TokenJudgement& token : judgement.tokens) {
    if (token.first) token.fate = token.common ? Fate::common : Fate::owned;
  }
  return judgement;
}

void Rule::settle_span(Judgement& judgement, Run span) const {
  std::vector<HeldClaim> held;
  for (const Match& match : judgement.matches) {
    if (match.run.begin >= span.end) break;
    const std::optional<Run> part = common_part(match.run, span);
    if (part && is_claim(judgement, *part, span)) {
      held.push_back({.run = *part, .span = span, .datapoint = match.datapoint});
    }
  }
  for (const HeldClaim& claim : held) {
    for (uint32_t i = claim.run.begin; i < claim.run.end; ++i) {
      std::optional<HeldClaim>& first = judgement.tokens[i].first;
      if (!first || claim.datapoint < first->datapoint ||
          (claim.datapoint == first->datapoint && claim.run.length() > first->run.length())) {
        first = claim;
      }
    }
  }
  find_common(judgement, span, held);
}

// From each begin, a contributor holds every run that ends no later than some token. Where the limit-and-first
// of these ends, in descending order, is no earlier than the shortest claim's, a run to there is common.
void Rule::find_common(Judgement& judgement, Run span, std::span<const HeldClaim> held) const {
  std::unordered_map<uint32_t, std::vector<uint32_t>> reaches;  // by contributor: per begin the last end
  for (const HeldClaim& claim : held) {
    const std::optional<uint32_t> voice = voices_[claim.datapoint];
    if (!voice) continue;
    std::vector<uint32_t>& reach = reaches[*voice];
    reach.resize(span.length());
    for (uint32_t i = claim.run.begin; i < claim.run.end; ++i) {
      reach[i - span.begin] = std::max(reach[i - span.begin], claim.run.end);
    }
  }
  const uint32_t limit = commons_limit();
  if (reaches.size() <= limit) return;
  for (uint32_t begin = span.begin; begin < span.end; ++begin) {
    std::vector<uint32_t> ends;
    for (const auto& [voice, reach] : reaches) ends.push_back(reach[begin - span.begin]);
    std::ranges::sort(ends, std::greater());
    const Run run{begin, ends[limit]};
    if (run.end <= begin || !is_claim(judgement, run, span)) continue;
    const auto count = static_cast<uint32_t>(std::ranges::count_if(ends, [&](uint32_t end) { return end >= run.end; }));
    for (uint32_t i = run.begin; i < run.end; ++i) {
      std::optional<CommonClaim>& common = judgement.tokens[i].common;
      if (!common || common->run.length() < run.length()) common = {.run = run, .contributor_count = count};
    }
  }
}

}  // namespace tribute::evaluate
