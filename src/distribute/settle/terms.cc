#include "settle/terms.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/check.h"
#include "base/checked.h"
#include "record/validate.h"

namespace tribute::settle {
namespace {

constexpr uint32_t kPermille = 1'000;
constexpr size_t kIndexDigits = 12;

// Accounts in ascending bytewise order, and what each gets or weighs.
using Payouts = std::map<std::string, Amount>;
using Weights = std::map<std::string, uint64_t>;

void pay(Payouts& payouts, const std::string& account, Amount amount) {
  CHECK(!amount.is_negative());
  if (amount.is_zero()) return;
  Amount& balance = payouts[account];
  const auto next = balance.plus(amount);
  CHECK(next.has_value());
  balance = *next;
}

Amount minus(Amount whole, Amount part) {
  const auto rest = whole.minus(part);
  CHECK(rest.has_value() && !rest->is_negative());
  return *rest;
}

// The credits per contributor's account, so that the index of a weight is its order among the ties.
// Errors: invalid_argument if their sum exceeds `total_millibits`.
Result<Weights> weights_of(std::span<const Credit> credits, uint64_t total_millibits) {
  Weights weights;
  uint64_t left = total_millibits;
  for (const Credit& credit : credits) {
    if (credit.millibits > left) {
      return fail(ErrorCode::invalid_argument,
                  "the credits exceed the answer's surprisal of " + std::to_string(total_millibits) + " millibits");
    }
    left -= credit.millibits;
    if (credit.millibits > 0) weights[account_of("contributor", credit.contributor)] += credit.millibits;
  }
  return weights;
}

Result<void> check_treasuries(std::span<const Treasury> treasuries) {
  uint64_t sum = 0;
  for (const Treasury& treasury : treasuries) sum += treasury.permille;
  if (sum > kPermille) {
    return fail(ErrorCode::invalid_argument,
                "the treasuries' parts must be at most 1000 permille in sum, not " + std::to_string(sum));
  }
  return {};
}

// The owners' part of the pool, paid by weight; returns what was paid.
Amount pay_owners(Payouts& payouts, Amount pool, const Weights& weights, const Split& split) {
  std::vector<uint64_t> millibits;
  uint64_t credited = 0;
  for (const auto& [account, weight] : weights) {
    millibits.push_back(weight);
    credited += weight;
  }
  if (credited == 0) return Amount(0);
  const Amount part = split.coverage_scaled ? share_rounded_down(pool, credited, split.total_millibits) : pool;
  const std::vector<Amount> shares = split_by_largest_remainder(part, millibits);
  auto share = shares.begin();
  for (const auto& [account, weight] : weights) pay(payouts, account, *share++);
  return part;
}

}  // namespace

Result<void> validate(const Terms& terms) { return record::validate_terms(terms); }

Result<Amount> fee_for(const Terms& terms, uint64_t tokens_in, uint64_t tokens_out) {
  TRY(validate(terms));
  const auto price_in = price_per_thousand(tokens_in, terms.rate_in);
  const auto price_out = price_per_thousand(tokens_out, terms.rate_out);
  if (price_in && price_out) {
    const auto fee = sum(std::array{*price_in, *price_out, terms.platform_fee});
    if (fee) return *fee;
  }
  return fail(ErrorCode::out_of_range, "the fee for " + std::to_string(tokens_in) + " prompt and " +
                                           std::to_string(tokens_out) +
                                           " answer tokens exceeds 9223372036854775807 millionths");
}

std::string account_of(std::string_view kind, EntryIndex entry) {
  std::string digits = std::to_string(entry.value());
  if (digits.size() < kIndexDigits) digits.insert(0, kIndexDigits - digits.size(), '0');
  return std::string(kind) + ":" + digits;
}

Result<std::vector<record::Payout>> split_fee(const Terms& terms, Amount fee, const Split& split) {
  TRY(validate(terms));
  TRY(check_treasuries(split.treasuries));
  const Weights weights = TRY(weights_of(split.credits, split.total_millibits));
  if (fee < terms.platform_fee) {
    return fail(ErrorCode::invalid_argument, "the fee of " + std::to_string(fee.millionths()) +
                                                 " is below the platform's of " +
                                                 std::to_string(terms.platform_fee.millionths()));
  }

  const std::string owner = account_of("owner", split.model);
  const Amount after_platform = minus(fee, terms.platform_fee);
  const std::vector<Amount> parts = split_by_largest_remainder(
      after_platform,
      std::array<uint64_t, 3>{terms.contributors_basis_points, terms.model_basis_points, terms.stakers_basis_points});
  const Amount pool = parts[0];

  Payouts payouts;
  pay(payouts, "platform", terms.platform_fee);
  pay(payouts, owner, parts[1]);
  pay(payouts, account_of("stakers", split.model), parts[2]);

  const Amount unowned = minus(pool, pay_owners(payouts, pool, weights, split));
  Amount left = unowned;
  for (const Treasury& treasury : split.treasuries) {
    const Amount share = share_rounded_down(unowned, treasury.permille, kPermille);
    pay(payouts, account_of("treasury", treasury.datanet), share);
    left = minus(left, share);
  }
  pay(payouts, owner, left);

  std::vector<record::Payout> by_account;
  std::optional<Amount> paid = Amount(0);
  for (const auto& [account, amount] : payouts) {
    by_account.push_back({account, amount});
    paid = paid->plus(amount);
    CHECK(paid.has_value());
  }
  CHECK(paid == fee);
  return by_account;
}

}  // namespace tribute::settle
