#include "trace/trace.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <string>
#include <utility>

#include "trace/claims.h"
#include "trace/surprisal.h"

namespace tribute::trace {
namespace {

std::unexpected<Error> contradiction(const std::string& what) {
  return fail(ErrorCode::data_loss, "the index contradicts itself: " + what + "; build it again");
}

Result<Surprisals> surprisals_of(const ngram::SpanSource& source, std::span<const TokenId> answer) {
  const uint64_t token_count = source.facts().token_count;
  std::vector<uint64_t> counts = TRY(source.token_counts(answer));
  if (counts.size() != answer.size()) return contradiction("it counted another number of tokens than asked");
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > token_count) {
      return contradiction("token " + std::to_string(answer[i].value()) + " occurs more often than all tokens");
    }
    counts[i] = surprisal_millibits(counts[i], token_count);
  }
  return Surprisals(counts);
}

Result<std::vector<ngram::Run>> spans_of(const ngram::SpanSource& source, std::span<const TokenId> answer) {
  const std::vector<uint32_t> lengths = TRY(source.longest_matches(answer));
  if (lengths.size() != answer.size()) return contradiction("it matched another number of tokens than asked");
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] > answer.size() - i) return contradiction("a match is longer than the answer");
    if (i > 0 && lengths[i] + 1 < lengths[i - 1]) return contradiction("a part of a match is no match");
  }
  return maximal_spans(lengths);
}

Result<std::vector<ngram::RunFacts>> facts_of(const ngram::SpanSource& source, std::span<const TokenId> answer,
                                              std::span<const ngram::Run> runs, const ngram::RunQuestion& question) {
  std::vector<ngram::RunFacts> facts = TRY(source.find(answer, runs, question));
  if (facts.size() != runs.size()) return contradiction("it answered another number of questions than asked");
  for (const ngram::RunFacts& fact : facts) {
    const bool is_held = question.holders ? fact.in_guard || fact.first_paid : fact.occurrence_count > 0;
    if (!is_held) return contradiction("nobody holds a part of a match");
  }
  return facts;
}

// Evidence spans are listed with their datapoints; of the others, only the occurrences are counted.
Result<std::vector<Span>> describe_spans(const ngram::SpanSource& source, std::span<const TokenId> answer,
                                         std::span<const ngram::Run> runs, const ClaimRule& rule,
                                         const Surprisals& surprisals, const Options& options) {
  std::vector<Span> spans;
  for (const ngram::Run run : runs) {
    Span& span = spans.emplace_back();
    span.run = run;
    span.surprisal_millibits = surprisals.of(run);
    span.evidence = rule.is_evidence(run);
  }
  for (const bool evidence : {false, true}) {
    std::vector<ngram::Run> asked;
    for (const Span& span : spans) {
      if (span.evidence == evidence) asked.push_back(span.run);
    }
    const ngram::RunQuestion question{
        .datapoint_limit = evidence ? options.datapoint_limit : 0,
        .counted = evidence ? ngram::Counted::occurrences_and_datapoints : ngram::Counted::occurrences,
        .holders = false};
    auto facts = TRY(facts_of(source, answer, asked, question));
    auto next = facts.begin();
    for (Span& span : spans) {
      if (span.evidence != evidence) continue;
      span.count = next->occurrence_count;
      span.datapoint_count = next->datapoint_count;
      span.datapoints = std::move(next->datapoints);
      ++next;
    }
  }
  return spans;
}

Result<std::vector<Claim>> settle_claims(const ngram::SpanSource& source, std::span<const TokenId> answer,
                                         std::span<const ngram::Run> runs, uint32_t commons) {
  const auto facts =
      TRY(facts_of(source, answer, runs, {.contributor_limit = commons, .counted = ngram::Counted::nothing}));
  std::vector<Claim> claims;
  for (size_t i = 0; i < runs.size(); ++i) {
    claims.push_back({.run = runs[i],
                      .owner = facts[i].first_paid,
                      .common = facts[i].in_guard || facts[i].exceeds_contributor_limit});
  }
  return claims;
}

// Sweeps over the tokens with the claims that have begun, the one of the earliest owner on top.
// O(tokens + claims · log).
std::vector<TokenFate> settle_tokens(const std::vector<Claim>& claims, const std::vector<bool>& copied,
                                     const Surprisals& surprisals) {
  const auto later = [](const Claim* a, const Claim* b) { return *a->owner > *b->owner; };
  std::priority_queue<const Claim*, std::vector<const Claim*>, decltype(later)> owned(later);
  uint32_t covered_end = 0;
  uint32_t common_end = 0;
  auto next = claims.begin();
  std::vector<TokenFate> tokens(copied.size());
  for (uint32_t i = 0; i < tokens.size(); ++i) {
    for (; next != claims.end() && next->run.begin == i; ++next) {
      covered_end = std::max(covered_end, next->run.end);
      if (next->common) common_end = std::max(common_end, next->run.end);
      if (next->owner) owned.push(&*next);
    }
    while (!owned.empty() && owned.top()->run.end <= i) owned.pop();
    TokenFate& token = tokens[i];
    token.surprisal_millibits = surprisals.of_token(i);
    if (copied[i]) {
      token.fate = Fate::copied;
    } else if (i >= covered_end) {
      token.fate = Fate::none;
    } else if (i < common_end) {
      token.fate = Fate::common;
    } else {
      // A claim covers it and none is common, so that none is held by guards alone.
      token.fate = Fate::owned;
      token.owner = owned.top()->owner;
    }
  }
  return tokens;
}

}  // namespace

Result<Attribution> attribute(const ngram::SpanSource& source, std::span<const TokenId> answer,
                              const std::vector<bool>& copied, const Policy& policy, const Options& options) {
  TRY(validate(policy));
  if (answer.size() >= std::numeric_limits<uint32_t>::max()) {
    return fail(ErrorCode::invalid_argument, "the answer has 2^32 - 1 tokens or more");
  }
  if (copied.size() != answer.size()) {
    return fail(ErrorCode::invalid_argument, "there are " + std::to_string(copied.size()) + " copied flags for " +
                                                 std::to_string(answer.size()) + " tokens");
  }
  const ngram::CorpusFacts corpus = source.facts();
  const Surprisals surprisals = TRY(surprisals_of(source, answer));
  const ClaimRule rule(policy, corpus.token_count, surprisals);
  const std::vector<ngram::Run> spans = TRY(spans_of(source, answer));
  const std::vector<ngram::Run> claims = minimal_claims(spans, rule);

  Attribution attribution;
  attribution.total_millibits = surprisals.total();
  attribution.spans = TRY(describe_spans(source, answer, spans, rule, surprisals, options));
  attribution.claims = TRY(settle_claims(source, answer, claims, commons_limit(policy, corpus.contributor_count)));
  attribution.tokens = settle_tokens(attribution.claims, copied, surprisals);
  for (const TokenFate& token : attribution.tokens) {
    if (token.fate == Fate::owned) attribution.credited_millibits += token.surprisal_millibits;
  }
  return attribution;
}

}  // namespace tribute::trace
