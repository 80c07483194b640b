// The values that a model's registration fixes: the policy of attribution and the terms of payment.
// trace::Policy and settle::Terms are these, with the functions that apply them.
#pragma once

#include <cstdint>
#include <optional>

#include "base/amount.h"

namespace tribute::record {

struct Policy {
  // A shorter run is never evidence and never counts as copied from the prompt. At least 1.
  // Higher: fewer chance matches, but short quotes earn nothing.
  uint32_t min_span_tokens = 6;

  // Bits of surprisal that evidence needs beyond log2 of the corpus size. At least 0.
  // Higher: what could stand in the corpus by chance is less often paid.
  uint32_t chance_margin_bits = 10;

  // A part of a maximal span is a claim if it has this many thousandths of the span's surprisal.
  // 0 to 1000. Lower: more of a span goes to whoever first wrote a part of it.
  uint32_t priority_permille = 600;

  // ... or if it has at least this many bits. At least 0.
  uint32_t passage_bits = 200;

  // A claim that more contributors than this hold independently belongs to nobody. At least 1.
  // nullopt: a twentieth, rounded up, of the contributors, at least 8 and at most 64.
  std::optional<uint32_t> commons_contributors;

  // True: the owners' part of the contributors' pool is scaled by credited / total surprisal.
  bool coverage_scaled = true;

  friend bool operator==(const Policy&, const Policy&) = default;
};

struct Terms {
  Amount rate_in;       // per thousand prompt tokens, >= 0
  Amount rate_out;      // per thousand answer tokens, >= 0
  Amount platform_fee;  // per answer, >= 0, paid to `platform` before the split

  // The split of fee - platform_fee in basis points; they sum to 10,000, each may be 0.
  uint32_t model_basis_points = 3'000;
  uint32_t stakers_basis_points = 1'000;
  uint32_t contributors_basis_points = 6'000;

  friend bool operator==(const Terms&, const Terms&) = default;
};

}  // namespace tribute::record
