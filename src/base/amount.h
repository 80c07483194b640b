// Money: an integer number of millionths of the asset's unit.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tribute {

// An amount of money in millionths of the asset's unit, from -(2^63 - 1) to 2^63 - 1.
// Sums are checked; there is no division but the named functions below and no floating point.
class Amount {
 public:
  constexpr Amount() = default;
  constexpr explicit Amount(int64_t millionths) : millionths_(millionths) {}

  constexpr int64_t millionths() const { return millionths_; }
  constexpr bool is_zero() const { return millionths_ == 0; }
  constexpr bool is_negative() const { return millionths_ < 0; }

  // nullopt where the result leaves the range.
  [[nodiscard]] std::optional<Amount> plus(Amount other) const;
  [[nodiscard]] std::optional<Amount> minus(Amount other) const;

  friend constexpr auto operator<=>(const Amount&, const Amount&) = default;

 private:
  int64_t millionths_ = 0;
};

// The sum, or nullopt where it (or a partial sum) leaves the range.
[[nodiscard]] std::optional<Amount> sum(std::span<const Amount> amounts);

// Reads a non-negative decimal integer of millionths, digits only, no sign, no leading zeros.
// Errors: invalid_argument naming the text; out_of_range over 2^63 - 1.
Result<Amount> parse_amount(std::string_view text);

// ceil(count · rate / 1000): the price of `count` tokens at `rate` per thousand; rate ≥ 0.
// nullopt where it exceeds 2^63 - 1.
[[nodiscard]] std::optional<Amount> price_per_thousand(uint64_t count, Amount rate);

// floor(whole · numerator / denominator), for 0 ≤ numerator ≤ denominator, denominator > 0 and
// whole ≥ 0: the share of a whole, rounded down.
[[nodiscard]] Amount share_rounded_down(Amount whole, uint64_t numerator, uint64_t denominator);

// Splits `whole` (≥ 0) in proportion to `weights` by largest remainder: each share is
// floor(whole · w / Σw), and the units left go one each to the largest remainders, ties to the
// smaller index (callers sort by account id for the documented order). The shares sum to `whole`.
// Σ weights must be positive and below 2^64 (CHECK). O(n log n).
std::vector<Amount> split_by_largest_remainder(Amount whole, std::span<const uint64_t> weights);

}  // namespace tribute
