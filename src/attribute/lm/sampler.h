// The ∞-gram model as a generator of text.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "lm/model.h"

namespace tribute::lm {

struct SamplerOptions {
  // In thousandths, from 0 to 1,000,000. 1000: as the counts say. Less sharpens, more flattens: outcomes
  // are drawn in proportion to count^(1000 / temperature). 0: always the most frequent one, of equal ones
  // the lowest token, the end of the document last.
  uint32_t temperature_permille = 1000;
  // Draws only among so many most frequent outcomes, ties as above. 0: among all.
  uint32_t top_k = 0;
  // The same seed and options over the same documents give the same text, on every machine.
  uint64_t seed = 0;
  // Generation stops after so many tokens, or where a document's end is drawn.
  uint32_t max_tokens = 100;
  // So many last tokens are looked at, at most: n - 1 makes it an n-gram model with back-off to the longest
  // suffix that occurs. 0: all, the ∞-gram model, whose context grows with each token, so that it soon
  // follows one document.
  uint32_t max_context = 0;
};

// A token that was generated, and what it was drawn from.
struct Step {
  TokenId token;
  uint32_t context_length = 0;  // of the suffix that it was drawn after
  uint64_t count = 0;           // of the token after that
  uint64_t context_count = 0;   // of that

  friend bool operator==(const Step&, const Step&) = default;
};

struct Generated {
  std::vector<Step> steps;
  bool has_ended = false;  // by the end of a document

  friend bool operator==(const Generated&, const Generated&) = default;
};

// Continues `prompt` (any, may be empty). Counts are exact integers, so are the draws at 1000; at other
// temperatures weights are fixed-point numbers (draw.h). Per token one distribution(), and one
// longest_suffix() for the first: a token that was drawn after a suffix of n tokens is the end of one of
// n + 1, and no longer one occurs.
// Errors: invalid_argument for a temperature out of its range; failed_precondition if no document is live;
// those of Shard::status().
Result<Generated> generate(const Model& model, std::span<const TokenId> prompt, const SamplerOptions& options = {});

}  // namespace tribute::lm
