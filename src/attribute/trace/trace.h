// Proof of Attribution from exact matches: which tokens of an answer belong to which datapoint.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/span_source.h"
#include "record/receipt_body.h"
#include "trace/policy.h"

namespace tribute::trace {

// What became of a token, in order of precedence: copied, none, common, owned.
using Fate = record::Fate;

// A maximal span: a longest match that no other one contains.
struct Span {
  ngram::Run run;
  uint64_t count = 0;  // occurrences in live datapoints
  uint64_t surprisal_millibits = 0;
  bool evidence = false;
  uint64_t datapoint_count = 0;        // of evidence: those that contain it
  std::vector<EntryIndex> datapoints;  // of evidence: the first Options::datapoint_limit that contain it, in order

  friend bool operator==(const Span&, const Span&) = default;
};

// A minimal claim: the shortest one from its begin or to its end within some maximal span. No other
// claim can change a token's owner or make it common: docs/design/0001-the-rule.md has the proof.
struct Claim {
  ngram::Run run;
  std::optional<ngram::Holder> owner;  // the first paid holder; nullopt if it is common
  bool common = false;

  friend bool operator==(const Claim&, const Claim&) = default;
};

// One token's fate. `owner` is set if and only if the fate is owned; only then is it credited.
struct TokenFate {
  Fate fate = Fate::none;
  std::optional<ngram::Holder> owner;
  uint64_t surprisal_millibits = 0;  // h of the token, whatever its fate

  friend bool operator==(const TokenFate&, const TokenFate&) = default;
};

// The attribution of one answer.
struct Attribution {
  uint64_t total_millibits = 0;     // the answer's surprisal
  uint64_t credited_millibits = 0;  // the sum over owned tokens
  std::vector<Span> spans;          // all maximal spans, by begin
  std::vector<Claim> claims;        // all minimal claims, by (begin, end), each once
  std::vector<TokenFate> tokens;    // one per token of the answer

  friend bool operator==(const Attribution&, const Attribution&) = default;
};

struct Options {
  uint32_t datapoint_limit = 10;  // per evidence span, for display; 0 lists none
};

// Applies the rule of docs/design/0001-the-rule.md to `answer`. `copied` has one flag per token of
// the answer (see copied_tokens()). Only the shortest claims from each start and to each end of a
// span are asked for, at most two per token of each span.
// O(n log n) for n tokens, besides what the source takes. Sums cannot overflow: a token has at most
// 64,000 millibits.
// Errors: those of the source, and data_loss where its answers contradict each other; invalid_argument
// for a policy out of its ranges, an answer of 2^32 - 1 tokens or more, or `copied` of another length.
Result<Attribution> attribute(const ngram::SpanSource& source, std::span<const TokenId> answer,
                              const std::vector<bool>& copied, const Policy& policy, const Options& options = {});

// Per token of the answer: true if it lies in a run of at least `min_span_tokens` tokens that stands
// in one of the messages. `min_span_tokens` is at least 1, the answer below 2^31 tokens (CHECK).
// O(total length · log of the answer's distinct tokens), whatever the texts.
std::vector<bool> copied_tokens(std::span<const TokenId> answer, std::span<const std::vector<TokenId>> messages,
                                uint32_t min_span_tokens);

}  // namespace tribute::trace
