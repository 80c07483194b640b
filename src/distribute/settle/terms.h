// settle::Terms: what an answer costs and how the fee is split. Pure arithmetic, exact.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/ids.h"
#include "record/entry.h"

namespace tribute::settle {

inline constexpr uint32_t kBasisPoints = 10'000;

using Terms = record::Terms;  // every value with its range: record/model_values.h

// Errors: invalid_argument naming the value and its range.
Result<void> validate(const Terms& terms);

// ceil(tokens_in · rate_in / 1000) + ceil(tokens_out · rate_out / 1000) + platform_fee.
// Errors: out_of_range if it exceeds 2^63 - 1.
Result<Amount> fee_for(const Terms& terms, uint64_t tokens_in, uint64_t tokens_out);

// A contributor's credited millibits.
struct Credit {
  EntryIndex contributor;
  uint64_t millibits = 0;
};

// A DataNet's treasury and its part, in thousandths, of what the owners do not get.
struct Treasury {
  EntryIndex datanet;
  uint32_t permille = 0;
};

// What a fee is split by. The sum of `credits` is at most `total_millibits`; the sum of permilles at most 1,000.
struct Split {
  EntryIndex model;  // the model's first version: names its accounts
  uint64_t total_millibits = 0;
  bool coverage_scaled = true;
  std::span<const Credit> credits;       // one per contributor, any order
  std::span<const Treasury> treasuries;  // one per paid DataNet, any order
};

// The account of a kind that an entry made: "<kind>:<index in 12 digits>".
std::string account_of(std::string_view kind, EntryIndex entry);

// Splits `fee` by the terms: platform fee first, the rest by basis points between model owner,
// stakers and the contributors' pool; of the pool the owners' part over contributors by millibits,
// of the remainder the treasuries by permille, the rest to the model owner. Every division is by
// largest remainder with ties by account id, or floor where the rule says so.
// The payouts are by account, bytewise, one per account, none zero, and sum to `fee` (CHECK).
// Errors: invalid_argument if fee < platform_fee or the split's sums are out of their range.
Result<std::vector<record::Payout>> split_fee(const Terms& terms, Amount fee, const Split& split);

}  // namespace tribute::settle
