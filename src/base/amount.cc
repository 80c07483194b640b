#include "base/amount.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/check.h"
#include "base/checked.h"

namespace tribute {
namespace {

constexpr int64_t kMaxMillionths = std::numeric_limits<int64_t>::max();

std::optional<Amount> in_range(std::optional<int64_t> value) {
  if (!value || *value == std::numeric_limits<int64_t>::min()) return std::nullopt;
  return Amount(*value);
}

}  // namespace

std::optional<Amount> Amount::plus(Amount other) const { return in_range(checked_add(millionths_, other.millionths_)); }

std::optional<Amount> Amount::minus(Amount other) const {
  return in_range(checked_sub(millionths_, other.millionths_));
}

std::optional<Amount> sum(std::span<const Amount> amounts) {
  Amount total;
  for (const Amount amount : amounts) {
    const auto next = total.plus(amount);
    if (!next) return std::nullopt;
    total = *next;
  }
  return total;
}

Result<Amount> parse_amount(std::string_view text) {
  const bool digits_only = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits_only || (text.size() > 1 && text.front() == '0')) {
    return fail(
        ErrorCode::invalid_argument,
        "amount '" + std::string(text) + "' is not a whole number of millionths; write digits only, such as 2500000");
  }
  int64_t value = 0;
  for (const char c : text) {
    const auto tens = checked_mul(value, int64_t{10});
    const auto next = tens ? checked_add(*tens, int64_t{c - '0'}) : std::nullopt;
    if (!next) {
      return fail(ErrorCode::out_of_range, "amount '" + std::string(text) + "' is over 9223372036854775807 millionths");
    }
    value = *next;
  }
  return Amount(value);
}

std::optional<Amount> price_per_thousand(uint64_t count, Amount rate) {
  CHECK(!rate.is_negative());
  const uint128_t product = uint128_t{count} * static_cast<uint64_t>(rate.millionths());
  const uint128_t price = (product + 999) / 1000;
  if (price > static_cast<uint128_t>(kMaxMillionths)) return std::nullopt;
  return Amount(static_cast<int64_t>(price));
}

Amount share_rounded_down(Amount whole, uint64_t numerator, uint64_t denominator) {
  CHECK(!whole.is_negative() && denominator > 0 && numerator <= denominator);
  const uint128_t product = uint128_t{static_cast<uint64_t>(whole.millionths())} * numerator;
  return Amount(static_cast<int64_t>(product / denominator));
}

std::vector<Amount> split_by_largest_remainder(Amount whole, std::span<const uint64_t> weights) {
  CHECK(!whole.is_negative());
  uint64_t total_weight = 0;
  for (const uint64_t weight : weights) {
    const auto next = checked_add(total_weight, weight);
    CHECK(next.has_value());
    total_weight = *next;
  }
  CHECK(total_weight > 0);

  std::vector<Amount> shares;
  std::vector<uint64_t> remainders;
  shares.reserve(weights.size());
  remainders.reserve(weights.size());
  auto left = static_cast<uint64_t>(whole.millionths());
  for (const uint64_t weight : weights) {
    const uint128_t product = uint128_t{static_cast<uint64_t>(whole.millionths())} * weight;
    const auto share = static_cast<int64_t>(product / total_weight);
    shares.emplace_back(share);
    remainders.push_back(static_cast<uint64_t>(product % total_weight));
    left -= static_cast<uint64_t>(share);
  }
  CHECK(left < weights.size() || left == 0);

  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return remainders[a] > remainders[b]; });
  for (size_t i = 0; i < left; ++i) shares[order[i]] = Amount(shares[order[i]].millionths() + 1);
  CHECK(sum(shares) == whole);
  return shares;
}

}  // namespace tribute
