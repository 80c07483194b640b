#include "audit/payouts.h"

#include <map>

#include "settle/terms.h"

namespace tribute::audit {
namespace {

std::string spelt(Amount amount) { return std::to_string(amount.millionths()); }

Result<std::vector<record::Payout>> split(const ReceiptFacts& facts, const std::vector<settle::Credit>& credits) {
  const record::Model& model = facts.model.model;
  std::vector<settle::Treasury> treasuries;
  for (const record::ModelDatanet& datanet : model.datanets) {
    if (datanet.role == record::Role::paid) treasuries.push_back({datanet.datanet, datanet.treasury_permille});
  }
  settle::Split split;
  split.model = model.first.value_or(facts.model.entry);
  split.total_millibits = facts.receipt.total_millibits;
  split.coverage_scaled = model.policy.coverage_scaled;
  split.credits = credits;
  split.treasuries = treasuries;
  return settle::split_fee(model.terms, facts.receipt.fee, split);
}

}  // namespace

Result<std::vector<record::Payout>> payouts_by_credits(const ReceiptFacts& facts,
                                                       const std::vector<record::BodyCredit>& credits) {
  std::vector<settle::Credit> owned;
  for (const record::BodyCredit& credit : credits) {
    if (credit.contributor) owned.push_back({*credit.contributor, credit.millibits});
  }
  return split(facts, owned);
}

Result<std::vector<record::Payout>> payouts_without_credits(const ReceiptFacts& facts) {
  std::vector<settle::Credit> credits;
  // Whose they are does not change how much the owners get together.
  if (facts.receipt.credited_millibits > 0) credits.push_back({EntryIndex(0), facts.receipt.credited_millibits});
  const std::vector<record::Payout> payouts = TRY(split(facts, credits));
  std::optional<std::vector<record::Payout>> merged = contributors_merged(payouts);
  if (!merged) return fail(ErrorCode::invalid_argument, "the payouts' sum exceeds 2^63 - 1");
  return std::move(*merged);
}

std::optional<std::vector<record::Payout>> contributors_merged(const std::vector<record::Payout>& payouts) {
  std::vector<record::Payout> merged;
  Amount contributors;
  for (const record::Payout& payout : payouts) {
    if (!payout.account.starts_with("contributor:")) {
      merged.push_back(payout);
      continue;
    }
    const std::optional<Amount> sum = contributors.plus(payout.amount);
    if (!sum) return std::nullopt;
    contributors = *sum;
  }
  if (!contributors.is_zero()) merged.insert(merged.begin(), {std::string(kAllContributors), contributors});
  return merged;
}

std::optional<std::string> compare_payouts(const std::vector<record::Payout>& paid,
                                           const std::vector<record::Payout>& expected, Amount fee) {
  if (paid == expected) return std::nullopt;
  struct Pair {
    Amount paid;
    Amount expected;
  };
  std::map<std::string_view, Pair> accounts;
  std::vector<Amount> amounts;
  for (const record::Payout& payout : expected) accounts[payout.account].expected = payout.amount;
  for (const record::Payout& payout : paid) {
    accounts[payout.account].paid = payout.amount;
    amounts.push_back(payout.amount);
  }
  std::string message = "the payouts are out of order";
  for (const auto& [account, pair] : accounts) {
    if (pair.paid == pair.expected) continue;
    message = std::string(account) + " is paid " + spelt(pair.paid) + ", the terms and credits give it " +
              spelt(pair.expected);
    break;
  }
  const std::optional<Amount> total = sum(amounts);
  if (total != fee) {
    message += "; the payouts sum to " + (total ? spelt(*total) : "more than 2^63 - 1") + ", the fee is " + spelt(fee);
  }
  return message;
}

}  // namespace tribute::audit
