// Whether a source says of an extreme what its naive twins say.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "extremes/extreme.h"
#include "ngram/document.h"
#include "ngram/span_source.h"

namespace tribute::extremes {

// How long the longest question of each kind took, and how many there were.
struct Answers {
  double matches_ms = 0;  // the longest matches of a text
  double run_ms = 0;      // the facts of some runs of one text, for each
  double token_ms = 0;    // one token more, and what is final then
  uint64_t texts = 0;
  uint64_t runs = 0;
};

struct Verdict {
  Answers answers;
  std::optional<std::string> disagreement;  // the first one: text, run, both answers
};

// Asks the source everything about short and long texts. `documents`: the live ones, live_documents(extreme).
Verdict check(const Extreme& extreme, const ngram::SpanSource& source, std::vector<ngram::Document> documents);

}  // namespace tribute::extremes
