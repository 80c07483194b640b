#include "usecase/charge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "usecase/contributions.h"
#include "usecase/testing/town.h"
#include "usecase/trace_answer.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

std::map<std::string, int64_t> balances(Town& town) {
  std::map<std::string, int64_t> result;
  for (const auto& account : must(list_accounts(town.workspace())))
    result[account.account] = account.balance.millionths();
  return result;
}

int64_t total(const std::map<std::string, int64_t>& accounts) {
  int64_t sum = 0;
  for (const auto& [account, balance] : accounts) sum += balance;
  return sum;
}

ReceiptView charged(Town& town, const ChargeRequest& request) {
  auto outcome = must(charge(town.workspace(), request));
  EXPECT_TRUE(outcome.receipt.has_value()) << outcome.refusal_message;
  return std::move(*outcome.receipt);
}

TEST(Charge, PaysTheQuotedOwnersAndMovesEveryUnit) {
  Town town;
  town.settle_in();
  const auto before = balances(town);
  const auto receipt = charged(town, Town::charge_request("They say: " + std::string(Town::kKnot)));
  ASSERT_EQ(receipt.attribution.contributors.size(), 1U);
  EXPECT_EQ(receipt.attribution.contributors[0].name, "jonas");
  EXPECT_EQ(receipt.attribution.contributors[0].share_ppm, 1'000'000U);
  const auto after = balances(town);
  EXPECT_EQ(total(before), 0);
  EXPECT_EQ(total(after), 0);
  EXPECT_EQ(before.at("payer:alice") - after.at("payer:alice"), receipt.fee.millionths());
  int64_t paid = 0;
  for (const auto& payout : receipt.payouts) {
    paid += payout.amount.millionths();
    EXPECT_EQ(after.at(payout.account), payout.amount.millionths());
  }
  EXPECT_EQ(paid, receipt.fee.millionths());
  // 22 prompt tokens and 97 answer tokens, both rounded up, and the platform's 100.
  EXPECT_EQ(receipt.fee.millionths(), 22 + 3'880 + 100);
}

TEST(Charge, ARepeatedKeyIsTheFirstReceiptAndAnotherRequestIsRefused) {
  Town town;
  town.settle_in();
  auto request = Town::charge_request(std::string(Town::kTide));
  request.idempotency_key = "k";
  const auto first = charged(town, request);
  const auto after_first = balances(town);
  const auto again = charged(town, request);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(again.entry, first.entry);
  EXPECT_EQ(again.payouts, first.payouts);
  EXPECT_EQ(again.attribution.credited_millibits, first.attribution.credited_millibits);
  EXPECT_EQ(balances(town), after_first);

  request.answer.output += "!";
  const auto other = must(charge(town.workspace(), request));
  EXPECT_EQ(other.refusal, ChargeRefusal::key_reused);
  EXPECT_EQ(balances(town), after_first);
}

TEST(Charge, RefusesByPrecedenceAndWritesNothing) {
  Town town;
  town.settle_in();
  const auto before = balances(town);
  const uint64_t size = town.workspace().log().published().size;
  auto unknown = Town::charge_request(std::string(Town::kTide));
  unknown.payer = "bob";
  EXPECT_EQ(must(charge(town.workspace(), unknown)).refusal, ChargeRefusal::unknown_payer);
  auto short_of_money = Town::charge_request(std::string(300'000, 'x'));
  const auto refused = must(charge(town.workspace(), short_of_money));
  EXPECT_EQ(refused.refusal, ChargeRefusal::insufficient_funds);
  EXPECT_THAT(refused.refusal_message, HasSubstr("account deposit alice"));
  EXPECT_EQ(balances(town), before);
  EXPECT_EQ(town.workspace().log().published().size, size);
  EXPECT_TRUE(must(town.files.list("/town/sealed/receipts")).empty());
}

TEST(Charge, ADryRunChecksNoBalanceAndWritesNothing) {
  Town town;
  town.settle_in();
  auto request = Town::charge_request(std::string(Town::kTide));
  request.payer = "nobody";
  request.dry_run = true;
  const auto before = balances(town);
  const auto receipt = charged(town, request);
  EXPECT_TRUE(receipt.id.empty());
  EXPECT_FALSE(receipt.entry.has_value());
  EXPECT_FALSE(receipt.payouts.empty());
  EXPECT_EQ(balances(town), before);
}

TEST(Charge, AFeeThatOverflowsIsRefused) {
  Town town;
  town.settle_in();
  auto model = Town::model_request();
  model.name = "dear";
  model.terms.rate_out = Amount(INT64_MAX);
  must(register_model(town.workspace(), model));
  auto request = Town::charge_request(std::string(2'000, 'x'));
  request.model = "dear";
  const auto outcome = charge(town.workspace(), request);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::out_of_range);
}

TEST(Charge, WhatIsWithdrawnEarnsNoMoreButOldReceiptsStand) {
  Town town;
  town.settle_in();
  const auto request = Town::charge_request(std::string(Town::kKnot));
  const auto first = charged(town, request);
  must(withdraw_contributions(town.workspace(), "harbour", {"knot"}));
  const auto second = charged(town, request);
  for (const auto& share : second.attribution.contributors) EXPECT_NE(share.name, "jonas");
  EXPECT_LT(second.attribution.credited_millibits, first.attribution.credited_millibits / 10);
  const auto shown = must(show_receipt(town.workspace(), first.id, 10));
  EXPECT_EQ(shown.attribution.credited_millibits, first.attribution.credited_millibits);
  EXPECT_EQ(shown.payouts, first.payouts);
}

TEST(Charge, CopiedFromThePromptEarnsNothing) {
  Town town;
  town.settle_in();
  auto request = Town::charge_request(std::string(Town::kKnot));
  request.answer.prompts.push_back("Repeat: " + std::string(Town::kKnot));
  const auto receipt = charged(town, request);
  EXPECT_EQ(receipt.attribution.credited_millibits, 0U);
  ASSERT_EQ(receipt.attribution.credits.size(), 1U);
  EXPECT_EQ(receipt.attribution.credits[0].credit.fate, record::Fate::copied);
}

TEST(Charge, TheGuardsWordsAreCommon) {
  Town town;
  town.settle_in();
  must(town.contribute_rows("harbour", row("thief", "magpie", Town::kSky)));
  town.build("harbour");
  must(update_model(town.workspace(), "m"));
  const auto receipt = charged(town, Town::charge_request(std::string(Town::kSky)));
  EXPECT_EQ(receipt.attribution.credited_millibits, 0U);
  EXPECT_EQ(receipt.attribution.credits.at(0).credit.fate, record::Fate::common);
}

TEST(Charge, TracesAsTraceDoes) {
  Town town;
  town.settle_in();
  const auto request = Town::charge_request("Well. " + std::string(Town::kTide) + " " + std::string(Town::kKnot));
  const auto traced = must(trace_answer(town.workspace(), "m", request.answer, {}));
  const auto receipt = charged(town, request);
  EXPECT_EQ(traced.credited_millibits, receipt.attribution.credited_millibits);
  EXPECT_EQ(traced.contributors.size(), 2U);
  EXPECT_EQ(traced.spans.size(), receipt.attribution.spans.size());
  EXPECT_EQ(traced.spans.at(0).text.size(), traced.spans.at(0).end - traced.spans.at(0).begin);
}

// Additivity: what answers pay together is the sum of what each pays alone.
TEST(Charge, AnswersPayTheSumOfWhatEachPaysAlone) {
  Town town;
  town.settle_in();
  std::map<std::string, int64_t> alone;
  const std::string answers[] = {std::string(Town::kKnot), std::string(Town::kTide) + " And so on.",
                                 std::string(Town::kKnot.substr(10)) + std::string(Town::kTide.substr(20)),
                                 "Nothing of anyone's."};
  for (const auto& answer : answers) {
    auto request = Town::charge_request(answer);
    request.dry_run = true;
    for (const auto& payout : charged(town, request).payouts) alone[payout.account] += payout.amount.millionths();
  }
  for (const auto& answer : answers) charged(town, Town::charge_request(answer));
  auto together = balances(town);
  std::erase_if(together,
                [](const auto& account) { return account.first == "outside" || account.first == "payer:alice"; });
  EXPECT_EQ(together, alone);
}

// Efficiency and no wash profit: whatever the terms, the fee is paid out to the unit, and all but the
// platform together get back what was paid less the platform's fee, no more.
TEST(Charge, EveryFeeIsPaidOutToTheUnit) {
  Town town;
  town.settle_in();
  int model_number = 0;
  EXPECT_TRUE(rc::check("fee = sum of payouts", [&] {
    auto model = Town::model_request();
    model.name = "m" + std::to_string(++model_number);
    model.terms.rate_in = Amount(*rc::gen::inRange<int64_t>(0, 5'000));
    model.terms.rate_out = Amount(*rc::gen::inRange<int64_t>(0, 5'000));
    model.terms.platform_fee = Amount(*rc::gen::inRange<int64_t>(0, 50));
    model.terms.model_basis_points = *rc::gen::inRange<uint32_t>(0, 10'001);
    model.terms.stakers_basis_points = *rc::gen::inRange<uint32_t>(0, 10'001 - model.terms.model_basis_points);
    model.terms.contributors_basis_points = 10'000 - model.terms.model_basis_points - model.terms.stakers_basis_points;
    model.datanets[0].treasury_permille = *rc::gen::inRange<uint32_t>(0, 1'001);
    model.policy.coverage_scaled = *rc::gen::arbitrary<bool>();
    must(register_model(town.workspace(), model));
    const auto tide = *rc::gen::inRange<size_t>(0, Town::kTide.size());
    const auto knot = *rc::gen::inRange<size_t>(0, Town::kKnot.size());
    auto request = Town::charge_request(std::string(Town::kTide.substr(tide)) + " and " +
                                        std::string(Town::kKnot.substr(0, knot)));
    request.model = model.name;
    request.dry_run = true;
    const auto receipt = charged(town, request);
    int64_t paid = 0;
    int64_t to_the_platform = 0;
    for (const auto& payout : receipt.payouts) {
      RC_ASSERT(payout.amount.millionths() > 0);
      paid += payout.amount.millionths();
      if (payout.account == "platform") to_the_platform += payout.amount.millionths();
    }
    RC_ASSERT(paid == receipt.fee.millionths());
    RC_ASSERT(to_the_platform == model.terms.platform_fee.millionths());
  }));
}

}  // namespace
}  // namespace tribute::usecase
