// The fairness of the whole loop as properties over random DataNets, answers, policies and terms: the fee
// is paid out to the unit, and nobody gains by paying for answers.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "ngram/brute_force_source.h"
#include "settle/terms.h"
#include "trace/testing/datanets.h"
#include "trace/trace.h"

namespace tribute::attacks {
namespace {

using trace::testing::Maker;

constexpr EntryIndex kModel{100'000};

settle::Terms arbitrary_terms() {
  settle::Terms terms;
  terms.rate_in = Amount{*rc::gen::element<int64_t>(0, 1, 999, 200'000)};
  terms.rate_out = Amount{*rc::gen::element<int64_t>(0, 1, 1'001, 1'000'000)};
  terms.platform_fee = Amount{*rc::gen::element<int64_t>(0, 1, 77)};
  terms.model_basis_points = *rc::gen::inRange(0U, settle::kBasisPoints + 1);
  terms.stakers_basis_points = *rc::gen::inRange(0U, settle::kBasisPoints - terms.model_basis_points + 1);
  terms.contributors_basis_points = settle::kBasisPoints - terms.model_basis_points - terms.stakers_basis_points;
  return terms;
}

// What an answer costs and who gets what of it.
struct Paid {
  int64_t fee = 0;
  std::vector<record::Payout> payouts;
};

Paid paid_for(Maker& maker, const std::vector<ngram::Document>& documents, const settle::Terms& terms,
              std::span<const settle::Treasury> treasuries) {
  const auto answer = maker.answer(documents, 60);
  const trace::Policy policy = maker.policy();
  const auto attribution =
      trace::attribute(ngram::BruteForceSource(documents), answer, maker.flags(answer.size()), policy).value();
  std::vector<settle::Credit> credits;
  for (const trace::TokenFate& token : attribution.tokens) {
    if (token.owner) credits.push_back({token.owner->contributor, token.surprisal_millibits});
  }
  const Amount fee = settle::fee_for(terms, maker.below(1'000), answer.size()).value();
  return {.fee = fee.millionths(),
          .payouts = settle::split_fee(terms, fee,
                                       {.model = kModel,
                                        .total_millibits = attribution.total_millibits,
                                        .coverage_scaled = policy.coverage_scaled,
                                        .credits = credits,
                                        .treasuries = treasuries})
                         .value()};
}

TEST(Money, TheFeeIsPaidToTheUnitAndNoSetOfIdentitiesGainsByPayingForAnswers) {
  uint64_t paid_to_contributors = 0;
  EXPECT_TRUE(rc::check([&] {
    Maker maker(*rc::gen::arbitrary<uint64_t>(), {});
    const auto documents = maker.documents();
    const settle::Terms terms = arbitrary_terms();
    const uint32_t permille = maker.below(1'001);
    const std::vector<settle::Treasury> treasuries = {{EntryIndex{1}, permille}, {EntryIndex{2}, 1'000 - permille}};
    // Each identity is of the set or not, the model's owner and the treasuries too; the platform is not.
    std::map<std::string, bool> is_ours;
    int64_t paid = 0;
    int64_t got = 0;
    for (int i = 0; i < 20; ++i) {
      const Paid answer = paid_for(maker, documents, terms, treasuries);
      int64_t sum = 0;
      for (const record::Payout& payout : answer.payouts) {
        RC_ASSERT(payout.amount.millionths() > 0);
        sum += payout.amount.millionths();
        if (payout.account == "platform") {
          RC_ASSERT(payout.amount == terms.platform_fee);
          continue;
        }
        paid_to_contributors += payout.account.starts_with("contributor:") ? 1 : 0;
        const auto identity = is_ours.try_emplace(payout.account, maker.chance(800)).first;
        if (identity->second) got += payout.amount.millionths();
      }
      RC_ASSERT(sum == answer.fee);
      paid += answer.fee - terms.platform_fee.millionths();
      RC_ASSERT(got <= paid);
    }
  }));
  EXPECT_GT(paid_to_contributors, 100U);
}

}  // namespace
}  // namespace tribute::attacks
