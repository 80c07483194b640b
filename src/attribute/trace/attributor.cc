#include "trace/attributor.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <string>
#include <utility>

namespace tribute::trace {
namespace {

std::unexpected<Error> contradiction(const std::string& what) {
  return fail(ErrorCode::data_loss, "the index contradicts itself: " + what + "; build it again");
}

Result<void> check_matches(std::span<const uint32_t> lengths, uint32_t token_count) {
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] > token_count - i) return contradiction("a match is longer than the answer");
    if (i > 0 && lengths[i] + 1 < lengths[i - 1]) return contradiction("a part of a match is no match");
  }
  return {};
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

Result<std::unique_ptr<Attributor>> Attributor::begin(const ngram::SpanSource& source, const Policy& policy,
                                                      const Options& options) {
  TRY(validate(policy));
  return std::unique_ptr<Attributor>(new Attributor(source, policy, options));
}

Attributor::Attributor(const ngram::SpanSource& source, const Policy& policy, const Options& options)
    : source_(source),
      policy_(policy),
      options_(options),
      commons_(commons_limit(policy, source.facts().contributor_count)),
      rule_(policy_, source.facts().token_count, surprisals_),
      query_(source.query({})) {}

Result<void> Attributor::append(std::span<const TokenId> tokens) {
  if (tokens.size() >= std::numeric_limits<uint32_t>::max() - token_count()) {
    return fail(ErrorCode::invalid_argument, "the answer has 2^32 - 1 tokens or more");
  }
  const uint64_t corpus_tokens = source_.facts().token_count;
  const std::vector<uint64_t> counts = TRY(source_.token_counts(tokens));
  if (counts.size() != tokens.size()) return contradiction("it counted another number of tokens than asked");
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > corpus_tokens) {
      return contradiction("token " + std::to_string(tokens[i].value()) + " occurs more often than all tokens");
    }
  }
  for (const uint64_t count : counts) surprisals_.append(surprisal_millibits(count, corpus_tokens));
  query_->append(tokens);
  return {};
}

Result<std::vector<uint32_t>> Attributor::longest_matches() {
  std::vector<uint32_t> lengths = TRY(query_->longest_matches());
  if (lengths.size() != token_count()) return contradiction("it matched another number of tokens than asked");
  TRY(check_matches(lengths, token_count()));
  return lengths;
}

Result<std::span<const uint32_t>> Attributor::final_matches() {
  const std::span<const uint32_t> lengths = TRY(query_->final_matches());
  if (lengths.size() > token_count()) return contradiction("it matched more tokens than asked");
  TRY(check_matches(lengths, token_count()));
  return lengths;
}

Result<std::vector<ngram::RunFacts>> Attributor::facts_of(std::span<const ngram::Run> runs,
                                                          const ngram::RunQuestion& question) {
  std::vector<ngram::RunFacts> facts = TRY(query_->find(runs, question));
  if (facts.size() != runs.size()) return contradiction("it answered another number of questions than asked");
  for (const ngram::RunFacts& fact : facts) {
    const bool is_held = asks_for_holders(question, fact) ? fact.in_guard || fact.first_paid
                                                          : fact.exceeds_contributor_limit || fact.occurrence_count > 0;
    if (!is_held) return contradiction("nobody holds a part of a match");
  }
  return facts;
}

Result<void> Attributor::settle(std::span<const ngram::Run> spans) {
  if (spans.empty()) return {};
  TRY(describe(spans));
  return settle_claims(minimal_claims(spans, rule_));
}

// Evidence spans are listed with their datapoints; of the others, only the occurrences are counted.
Result<void> Attributor::describe(std::span<const ngram::Run> runs) {
  const size_t known = spans_.size();
  for (const ngram::Run run : runs) {
    Span& span = spans_.emplace_back();
    span.run = run;
    span.surprisal_millibits = surprisals_.of(run);
    span.evidence = rule_.is_evidence(run);
  }
  const std::span<Span> added = std::span(spans_).subspan(known);
  for (const bool evidence : {false, true}) {
    std::vector<ngram::Run> asked;
    for (const Span& span : added) {
      if (span.evidence == evidence) asked.push_back(span.run);
    }
    const ngram::RunQuestion question{
        .datapoint_limit = evidence ? options_.datapoint_limit : 0,
        .counted = evidence ? ngram::Counted::occurrences_and_datapoints : ngram::Counted::occurrences,
        .holders = false};
    auto facts = TRY(facts_of(asked, question));
    auto next = facts.begin();
    for (Span& span : added) {
      if (span.evidence != evidence) continue;
      span.count = next->occurrence_count;
      span.datapoint_count = next->datapoint_count;
      span.datapoints = std::move(next->datapoints);
      ++next;
    }
  }
  return {};
}

Result<void> Attributor::settle_claims(std::span<const ngram::Run> runs) {
  const auto facts = TRY(facts_of(
      runs, {.contributor_limit = commons_, .counted = ngram::Counted::nothing, .holders_beyond_limit = false}));
  for (size_t i = 0; i < runs.size(); ++i) {
    const bool common = facts[i].in_guard || facts[i].exceeds_contributor_limit;
    claims_.push_back({.run = runs[i], .owner = common ? std::nullopt : facts[i].first_paid, .common = common});
  }
  return {};
}

Result<Attribution> Attributor::finish(const std::vector<bool>& copied) {
  if (copied.size() != token_count()) {
    return fail(ErrorCode::invalid_argument, "there are " + std::to_string(copied.size()) + " copied flags for " +
                                                 std::to_string(token_count()) + " tokens");
  }
  // Spans that were settled one after another may have claims in common.
  if (!std::ranges::is_sorted(claims_, {}, &Claim::run)) std::ranges::sort(claims_, {}, &Claim::run);
  claims_.erase(std::unique(claims_.begin(), claims_.end()), claims_.end());
  Attribution attribution;
  attribution.total_millibits = surprisals_.total();
  attribution.spans = std::move(spans_);
  attribution.claims = std::move(claims_);
  attribution.tokens = settle_tokens(attribution.claims, copied, surprisals_);
  for (const TokenFate& token : attribution.tokens) {
    if (token.fate == Fate::owned) attribution.credited_millibits += token.surprisal_millibits;
  }
  return attribution;
}

}  // namespace tribute::trace
