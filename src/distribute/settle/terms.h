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
// Errors: out_of_range if it exceeds 2^63 - 1; those of validate().
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
  std::span<const Credit> credits;       // any order; several of one contributor count as their sum
  std::span<const Treasury> treasuries;  // one per paid DataNet, any order
};

// The account of a kind that an entry made: "<kind>:<index>", the index in at least 12 digits.
std::string account_of(std::string_view kind, EntryIndex entry);

// Splits `fee`, exactly and the same on every machine:
//  1. platform_fee goes to `platform`.
//  2. The rest is split by basis points between the model's owner, its stakers and the contributors'
//     pool, by largest remainder; ties go to the pool, then the owner, then the stakers (the order of
//     "contributors:E", "owner:E" and "stakers:E").
//  3. The owners' part of the pool is 0 if nothing is credited, else floor(pool · credited / total), or
//     the whole pool if not `coverage_scaled`. It is split over the contributors by their millibits, by
//     largest remainder, ties to the account that is first bytewise.
//  4. Of what is left of the pool, each treasury takes floor(left · permille / 1000), the model's
//     owner the remainder.
// The payouts are by account, bytewise, one per account, none zero, and sum to `fee` (CHECK).
// Errors: invalid_argument if the terms are out of their ranges, fee < platform_fee, or the sum of
// the credits or of the permilles is out of its range. O(n log n) for n credits.
Result<std::vector<record::Payout>> split_fee(const Terms& terms, Amount fee, const Split& split);

}  // namespace tribute::settle
