// The rule of attribution (docs/design/0001-the-rule.md) from the datapoints' side: which claims each of
// them holds over an answer. The evaluation explains what the engine did by it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "ngram/span_source.h"
#include "quotes/matches.h"
#include "trace/policy.h"
#include "trace/trace.h"

namespace tribute::evaluate {

// A claim: a part of a maximal span that one datapoint contains.
struct HeldClaim {
  ngram::Run run;
  ngram::Run span;
  uint32_t datapoint = 0;
};

// A claim that more contributors hold than may.
struct CommonClaim {
  ngram::Run run;
  uint32_t contributor_count = 0;
};

struct TokenJudgement {
  trace::Fate fate = trace::Fate::none;
  uint64_t millibits = 0;
  std::optional<HeldClaim> first;     // if a claim covers it: the longest one of the first datapoint that holds any
  std::optional<CommonClaim> common;  // a longest one
};

struct Judgement {
  std::vector<Match> matches;     // of at least min_span_tokens, ascending
  std::vector<ngram::Run> spans;  // the maximal spans among them, evidence or not, by begin
  std::vector<uint64_t> sums;     // millibits of the first i tokens
  std::vector<TokenJudgement> tokens;

  uint64_t millibits(ngram::Run run) const { return sums[run.end] - sums[run.begin]; }
};

// The rule for paid datapoints and an answer of which nothing is copied from a prompt.
//
// A part of a span that contains a claim is a claim. So a datapoint holds a claim over a token if and only
// if one of its own longest parts of a span over the token is a claim; no minimal claims are needed, and
// none of the engine's code, its arithmetic included. Immutable, thread-safe.
class Rule {
 public:
  // `datapoints` in the order of registration. The policy must be valid.
  Rule(std::span<const Datapoint> datapoints, const trace::Policy& policy);

  Judgement judge(std::span<const TokenId> answer) const;

  const MatchTable& table() const { return table_; }
  const trace::Policy& policy() const { return policy_; }
  uint64_t token_count() const { return token_count_; }  // N
  uint32_t contributor_count() const { return contributor_count_; }
  uint32_t commons_limit() const;
  uint64_t evidence_millibits() const;
  // A datapoint's contributor as a number from 0 if it counts, as a first member; else nullopt.
  std::optional<uint32_t> voice(uint32_t datapoint) const { return voices_[datapoint]; }
  bool is_evidence(const Judgement& judgement, ngram::Run run) const;
  bool is_claim(const Judgement& judgement, ngram::Run part, ngram::Run span) const;

 private:
  void count_first_members(std::span<const Datapoint> datapoints);
  void settle_span(Judgement& judgement, ngram::Run span) const;
  void find_common(Judgement& judgement, ngram::Run span, std::span<const HeldClaim> held) const;
  uint64_t millibits_of(TokenId token) const;

  trace::Policy policy_;
  MatchTable table_;
  uint64_t token_count_ = 0;
  uint32_t contributor_count_ = 0;               // of first members
  std::vector<uint64_t> counts_;                 // by token, over first members
  std::vector<std::optional<uint32_t>> voices_;  // see voice()
};

// The part of `run` within `span`, or nullopt if there is none.
std::optional<ngram::Run> common_part(ngram::Run run, ngram::Run span);

}  // namespace tribute::evaluate
