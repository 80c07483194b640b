// What became of each token of a stitched text, and why, by the rule and not by the engine that is judged.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "quotes/rule.h"
#include "quotes/stitch.h"
#include "trace/trace.h"

namespace tribute::evaluate {

// In this order where several would do. The owner of a passage is its first registrant: the first datapoint that
// contains its core.
enum class Outcome : uint8_t {
  unexplained,  // the engine's fate, owner or bits are not the rule's
  // of tokens in a passage
  right,          // credited to the owner
  seam,           // from here to the core the text around made other tokens of the edge than the document has
  too_short,      // it lies in no run of min_span_tokens tokens that stands in a datapoint
  too_likely,     // every maximal span over it is below the bar for evidence
  common,         // more contributors than may hold a claim over it
  earlier_share,  // an earlier datapoint has priority_permille of a maximal span that contains the core
  earlier_bits,   // an earlier datapoint has less of it, but passage_bits
  earlier_edge,   // an earlier datapoint holds a claim that reaches over the passage's edge, in another span
  outgrown,       // a longer run stands in a later datapoint, and what the owner has of it is no claim
  // of tokens in no passage
  uncredited,
  runs_on,  // the claim reaches over a passage's edge
  quote,    // the claim lies in the unrelated text: that text quotes a known datapoint
};
inline constexpr size_t kOutcomeCount = 13;
std::string_view name_of(Outcome outcome);

struct PassageFinding {
  Located located;
  std::optional<uint32_t> owner;     // the first datapoint that contains the core; none if there is no core
  bool found_datapoint = false;      // more than half of its tokens are credited to the owner
  bool found_contributor = false;    // … to the owner's contributor
  Outcome outcome = Outcome::right;  // of the most tokens that are not right; right if it was found
};

struct TextFinding {
  Judgement judgement;
  std::vector<PassageFinding> passages;
  std::vector<Outcome> outcomes;                   // of each token
  std::vector<std::optional<size_t>> passages_of;  // of each token
  std::vector<std::optional<HeldClaim>> claims;    // of each owned token, by which its outcome is explained
  std::vector<bool> engine_credits;                // of each token, whether the engine credited it to somebody
};

// The known documents, the rule over them, and the datapoints as they were given to it.
struct Library {
  const Corpus& corpus;
  const Rule& rule;
};

// Judges the engine's attribution of the tokenized text; `attribution` has a fate for each token (CHECK).
TextFinding explain(const Library& library, const StitchedText& text, const text::TokenizedText& answer,
                    const trace::Attribution& attribution);

// The longest part of `span` over the token that the datapoint contains, of at least min_span_tokens before it
// was cut to the span; or nullopt.
std::optional<ngram::Run> part_held(const Judgement& judgement, uint32_t datapoint, ngram::Run span, uint32_t token);

}  // namespace tribute::evaluate
