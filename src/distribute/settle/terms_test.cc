#include "settle/terms.h"

#include <gmock/gmock.h>
#include <gmpxx.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <map>

namespace tribute::settle {
namespace {

using record::Payout;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr uint64_t kMaxMillibits = std::numeric_limits<uint64_t>::max();

Terms terms_of(int64_t rate_in, int64_t rate_out, int64_t platform_fee) {
  return {.rate_in = Amount(rate_in), .rate_out = Amount(rate_out), .platform_fee = Amount(platform_fee)};
}

Terms split_of(uint32_t model, uint32_t stakers, uint32_t contributors, int64_t platform_fee = 0) {
  Terms terms = terms_of(0, 0, platform_fee);
  terms.model_basis_points = model;
  terms.stakers_basis_points = stakers;
  terms.contributors_basis_points = contributors;
  return terms;
}

TEST(Terms, RangesAreChecked) {
  EXPECT_TRUE(validate(Terms{}).has_value());
  EXPECT_TRUE(validate(split_of(0, 0, 10'000)).has_value());
  for (const auto& [terms, name] : std::vector<std::pair<Terms, std::string>>{
           {terms_of(-1, 0, 0), "rate_in"},
           {terms_of(0, -1, 0), "rate_out"},
           {terms_of(0, 0, -1), "platform_fee"},
           {split_of(3000, 1000, 5999), "basis points"},
           {split_of(3000, 1000, 6001), "basis points"},
           {split_of(0xFFFFFFFF, 10'001, 0), "basis points"},
       }) {
    const auto valid = validate(terms);
    ASSERT_FALSE(valid.has_value()) << name;
    EXPECT_EQ(valid.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(valid.error().message, HasSubstr(name));
    EXPECT_EQ(fee_for(terms, 1, 1).error(), valid.error());
    EXPECT_EQ(split_fee(terms, Amount(1), Split{}).error(), valid.error());
  }
}

TEST(FeeFor, RoundsEachPriceUpAndAddsThePlatformFee) {
  EXPECT_EQ(fee_for(terms_of(1000, 4000, 500), 12, 10), Amount(552));
  EXPECT_EQ(fee_for(terms_of(1, 1, 0), 1, 1), Amount(2)) << "two prices, each rounded up";
  EXPECT_EQ(fee_for(terms_of(1, 1, 7), 0, 0), Amount(7));
  EXPECT_EQ(fee_for(Terms{}, 5, 5), Amount(0));
}

TEST(FeeFor, RefusesMoreThanTheLargestAmount) {
  EXPECT_EQ(fee_for(terms_of(kMax, 0, 0), 1000, 0), Amount(kMax));
  EXPECT_EQ(fee_for(terms_of(kMax, 0, 0), 1001, 0).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(fee_for(terms_of(0, kMax, 0), 0, kMaxMillibits).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(fee_for(terms_of(kMax, 1, 0), 1000, 1).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(fee_for(terms_of(kMax, 0, 1), 1000, 0).error().code, ErrorCode::out_of_range);
}

TEST(AccountOf, HasAtLeastTwelveDigits) {
  EXPECT_EQ(account_of("owner", EntryIndex(5)), "owner:000000000005");
  EXPECT_EQ(account_of("contributor", EntryIndex(1'000'000'000'000)), "contributor:1000000000000");
}

TEST(SplitFee, ByHand) {
  const std::vector<Credit> credits = {{EntryIndex(7), 20'000}, {EntryIndex(3), 10'000}};
  const std::vector<Treasury> treasuries = {{EntryIndex(1), 250}, {EntryIndex(0), 100}};
  const Split split{.model = EntryIndex(9),
                    .total_millibits = 60'000,
                    .coverage_scaled = true,
                    .credits = credits,
                    .treasuries = treasuries};
  // 1000 - 100 = 900: owner 270, stakers 90, pool 540. Half is credited: 270, of which 180 and 90; of the other
  // half floor(67.5) and 27, and 176 to the owner.
  EXPECT_THAT(split_fee(split_of(3000, 1000, 6000, 100), Amount(1000), split).value(),
              ElementsAre(Payout{"contributor:000000000003", Amount(90)},
                          Payout{"contributor:000000000007", Amount(180)}, Payout{"owner:000000000009", Amount(446)},
                          Payout{"platform", Amount(100)}, Payout{"stakers:000000000009", Amount(90)},
                          Payout{"treasury:000000000000", Amount(27)}, Payout{"treasury:000000000001", Amount(67)}));

  Split unscaled = split;
  unscaled.coverage_scaled = false;
  EXPECT_THAT(split_fee(split_of(3000, 1000, 6000, 100), Amount(1000), unscaled).value(),
              ElementsAre(Payout{"contributor:000000000003", Amount(180)},
                          Payout{"contributor:000000000007", Amount(360)}, Payout{"owner:000000000009", Amount(270)},
                          Payout{"platform", Amount(100)}, Payout{"stakers:000000000009", Amount(90)}));
}

TEST(SplitFee, TiesGoToThePoolThenTheOwnerThenTheStakers) {
  const std::vector<Credit> credits = {{EntryIndex(2), 5}, {EntryIndex(1), 5}};
  const Split split{
      .model = EntryIndex(4), .total_millibits = 10, .coverage_scaled = true, .credits = credits, .treasuries = {}};
  // Halves: 3 is 1.5 and 1.5.
  EXPECT_THAT(split_fee(split_of(5000, 0, 5000), Amount(3), split).value(),
              ElementsAre(Payout{"contributor:000000000001", Amount(1)}, Payout{"contributor:000000000002", Amount(1)},
                          Payout{"owner:000000000004", Amount(1)}));
  EXPECT_THAT(split_fee(split_of(5000, 5000, 0), Amount(3), split).value(),
              ElementsAre(Payout{"owner:000000000004", Amount(2)}, Payout{"stakers:000000000004", Amount(1)}));
  EXPECT_THAT(split_fee(split_of(0, 5000, 5000), Amount(1), split).value(),
              ElementsAre(Payout{"contributor:000000000001", Amount(1)}));
}

TEST(SplitFee, NothingCreditedLeavesThePoolToTreasuriesAndOwner) {
  const std::vector<Treasury> treasuries = {{EntryIndex(0), 1000}};
  for (const uint64_t total : {uint64_t{0}, uint64_t{10}}) {
    for (const bool scaled : {false, true}) {
      const Split split{.model = EntryIndex(4),
                        .total_millibits = total,
                        .coverage_scaled = scaled,
                        .credits = {},
                        .treasuries = treasuries};
      EXPECT_THAT(split_fee(split_of(0, 0, 10'000), Amount(11), split).value(),
                  ElementsAre(Payout{"treasury:000000000000", Amount(11)}));
    }
  }
  EXPECT_TRUE(split_fee(split_of(0, 0, 10'000), Amount(0), Split{}).value().empty());
}

TEST(SplitFee, RefusesSumsOutOfRange) {
  const Terms terms = split_of(0, 0, 10'000, 5);
  const auto refusal = [&](Amount fee, uint64_t total, std::vector<Credit> credits, std::vector<Treasury> treasuries) {
    const auto payouts = split_fee(terms, fee,
                                   {.model = EntryIndex(0),
                                    .total_millibits = total,
                                    .coverage_scaled = true,
                                    .credits = credits,
                                    .treasuries = treasuries});
    EXPECT_FALSE(payouts.has_value());
    EXPECT_EQ(payouts.error().code, ErrorCode::invalid_argument);
    return payouts.error().message;
  };
  const EntryIndex one(1);
  const EntryIndex two(2);
  EXPECT_THAT(refusal(Amount(4), 0, {}, {}), HasSubstr("below the platform's of 5"));
  EXPECT_THAT(refusal(Amount(9), 9, {{one, 10}}, {}), HasSubstr("credits exceed"));
  EXPECT_THAT(refusal(Amount(9), 9, {{one, kMaxMillibits}, {two, 10}}, {}), HasSubstr("credits exceed"));
  EXPECT_THAT(refusal(Amount(9), 9, {{one, 9}, {two, 1}}, {}), HasSubstr("credits exceed"));
  EXPECT_THAT(refusal(Amount(9), 9, {}, {{one, 1001}}), HasSubstr("permille"));
  EXPECT_THAT(refusal(Amount(9), 9, {}, {{one, 500}, {two, 501}}), HasSubstr("permille"));
  EXPECT_THAT(refusal(Amount(9), 9, {}, {{one, 0xFFFFFFFF}, {two, 2}}), HasSubstr("permille"));
}

// The twin: the design's words in whole numbers of any size. Each unit that rounding leaves is handed
// out by looking for the neediest account anew.
using Ledger = std::map<std::string, mpz_class>;

Ledger split_in_proportion(const mpz_class& whole, const Ledger& weights) {
  mpz_class weight_sum = 0;
  for (const auto& [name, weight] : weights) weight_sum += weight;
  Ledger shares;
  Ledger owed;  // in parts of a unit, of which weight_sum make one
  mpz_class left = whole;
  for (const auto& [name, weight] : weights) {
    const mpz_class exact = whole * weight;
    shares[name] = exact / weight_sum;
    owed[name] = exact - shares[name] * weight_sum;
    left -= shares[name];
  }
  for (; left > 0; --left) {
    std::string neediest = owed.begin()->first;
    for (const auto& [name, parts] : owed) {
      if (parts > owed[neediest]) neediest = name;
    }
    shares[neediest] += 1;
    owed[neediest] = -1;
  }
  return shares;
}

mpz_class big(uint64_t value) { return mpz_class(std::to_string(value)); }
mpz_class big(Amount amount) { return mpz_class(std::to_string(amount.millionths())); }

Ledger ledger_of(const std::vector<Payout>& payouts) {
  Ledger ledger;
  for (const Payout& payout : payouts) ledger[payout.account] += big(payout.amount);
  return ledger;
}

Ledger naive_split(const Terms& terms, Amount fee, const Split& split) {
  const std::string e = account_of("", split.model);
  Ledger paid;
  paid["platform"] = big(terms.platform_fee);
  const Ledger parts =
      split_in_proportion(big(fee) - big(terms.platform_fee), {{"contributors" + e, terms.contributors_basis_points},
                                                               {"owner" + e, terms.model_basis_points},
                                                               {"stakers" + e, terms.stakers_basis_points}});
  paid["owner" + e] += parts.at("owner" + e);
  paid["stakers" + e] += parts.at("stakers" + e);
  mpz_class pool = parts.at("contributors" + e);

  Ledger credits;
  mpz_class credited = 0;
  for (const Credit& credit : split.credits) {
    credits[account_of("contributor", credit.contributor)] += big(credit.millibits);
    credited += big(credit.millibits);
  }
  if (credited > 0) {
    const mpz_class owners = split.coverage_scaled ? mpz_class(pool * credited / big(split.total_millibits)) : pool;
    for (const auto& [name, share] : split_in_proportion(owners, credits)) paid[name] += share;
    pool -= owners;
  }
  mpz_class left = pool;
  for (const Treasury& treasury : split.treasuries) {
    const mpz_class share = pool * treasury.permille / 1000;
    paid[account_of("treasury", treasury.datanet)] += share;
    left -= share;
  }
  paid["owner" + e] += left;
  std::erase_if(paid, [](const auto& entry) { return entry.second == 0; });
  return paid;
}

// Legal terms, fee and split, small, usual and extreme.
struct Case {
  Terms terms;
  Amount fee;
  EntryIndex model;
  uint64_t total_millibits = 0;
  bool coverage_scaled = true;
  std::vector<Credit> credits;
  std::vector<Treasury> treasuries;

  Split split() const {
    return {.model = model,
            .total_millibits = total_millibits,
            .coverage_scaled = coverage_scaled,
            .credits = credits,
            .treasuries = treasuries};
  }
};

EntryIndex any_entry() {
  return EntryIndex(*rc::gen::oneOf(rc::gen::inRange<uint64_t>(0, 20),
                                    rc::gen::inRange<uint64_t>(999'999'999'990, 1'000'000'000'020)));
}

uint64_t any_up_to(uint64_t max) {
  const auto small = std::min<uint64_t>(max, 50);
  const auto number =
      *rc::gen::oneOf(rc::gen::inRange<uint64_t>(0, small + 1), rc::gen::just(max),
                      rc::gen::map(rc::gen::arbitrary<uint64_t>(), [](uint64_t x) { return x * 0x9E3779B97F4A7C15; }));
  return number <= max ? number : number % (max + 1);
}

Case any_case() {
  Case any;
  const auto model = static_cast<uint32_t>(any_up_to(10'000));
  const auto stakers = static_cast<uint32_t>(any_up_to(10'000 - model));
  any.fee = Amount(static_cast<int64_t>(any_up_to(kMax)));
  const auto platform_fee = static_cast<int64_t>(any_up_to(static_cast<uint64_t>(any.fee.millionths())));
  any.terms = split_of(model, stakers, 10'000 - model - stakers, platform_fee);
  any.model = any_entry();
  any.total_millibits = any_up_to(kMaxMillibits);
  any.coverage_scaled = *rc::gen::arbitrary<bool>();
  uint64_t millibits_left = any.total_millibits;
  const auto credit_count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < credit_count; ++i) {
    const uint64_t millibits = any_up_to(millibits_left);
    any.credits.push_back({any_entry(), millibits});
    millibits_left -= millibits;
  }
  uint64_t permille_left = 1000;
  for (uint64_t datanet = *rc::gen::inRange(0U, 4U); datanet > 0; --datanet) {
    const uint64_t permille = any_up_to(permille_left);
    any.treasuries.push_back({EntryIndex(datanet), static_cast<uint32_t>(permille)});
    permille_left -= permille;
  }
  return any;
}

TEST(SplitFee, AgreesWithTheNaiveTwinAndPaysTheWholeFee) {
  EXPECT_TRUE(rc::check("as the twin; every unit of the fee is paid; sorted, merged, none zero", [] {
    for (int i = 0; i < 20; ++i) {
      const Case any = any_case();
      const auto payouts = split_fee(any.terms, any.fee, any.split()).value();
      const Ledger twin = naive_split(any.terms, any.fee, any.split());
      RC_ASSERT(payouts.size() == twin.size());
      mpz_class paid = 0;
      auto expected = twin.begin();
      for (const Payout& payout : payouts) {
        RC_ASSERT(payout.account == expected->first);
        RC_ASSERT(big(payout.amount) == expected->second);
        RC_ASSERT(payout.amount > Amount(0));
        paid += big(payout.amount);
        ++expected;
      }
      RC_ASSERT(paid == big(any.fee));
    }
  }));
}

TEST(SplitFee, DoesNotDependOnTheOrderOfItsInputs) {
  EXPECT_TRUE(rc::check("credits and treasuries in reverse, and a credit in two halves", [] {
    const Case any = any_case();
    Case other = any;
    std::ranges::reverse(other.credits);
    std::ranges::reverse(other.treasuries);
    if (!other.credits.empty()) {
      const uint64_t half = other.credits[0].millibits / 2;
      other.credits[0].millibits -= half;
      other.credits.push_back({other.credits[0].contributor, half});
    }
    RC_ASSERT(split_fee(other.terms, other.fee, other.split()).value() ==
              split_fee(any.terms, any.fee, any.split()).value());
  }));
}

TEST(SplitFee, NullPlayer) {
  EXPECT_TRUE(rc::check("one without credit gets nothing and changes nothing", [] {
    const Case any = any_case();
    Case other = any;
    other.credits.insert(other.credits.begin(), {EntryIndex(500), 0});
    RC_ASSERT(split_fee(other.terms, other.fee, other.split()).value() ==
              split_fee(any.terms, any.fee, any.split()).value());
  }));
}

// Additivity over answers: what one earns is its exact proportional part of each answer's fee, but for
// less than one unit of rounding in the pool, in the owners' part and in its own share.
TEST(SplitFee, EveryContributorIsPaidInProportionToWithinThreeUnits) {
  EXPECT_TRUE(rc::check("|paid - rest · bp / 10000 · millibits / total| < 3", [] {
    Case any = any_case();
    any.coverage_scaled = true;
    Ledger millibits;
    for (const Credit& credit : any.credits) {
      millibits[account_of("contributor", credit.contributor)] += big(credit.millibits);
    }
    Ledger paid = ledger_of(split_fee(any.terms, any.fee, any.split()).value());
    const mpz_class rest = big(any.fee) - big(any.terms.platform_fee);
    const mpz_class unit = mpz_class(10'000) * big(any.total_millibits);
    for (const auto& [account, credited] : millibits) {
      if (unit == 0) continue;
      const mpz_class difference = paid[account] * unit - rest * any.terms.contributors_basis_points * credited;
      RC_ASSERT(abs(difference) < 3 * unit);
    }
  }));
}

// Exhaustively: every small fee, split and pair of credits.
TEST(SplitFee, SmallCasesAsTheTwin) {
  for (int64_t fee = 0; fee <= 7; ++fee) {
    for (uint32_t model = 0; model <= 10'000; model += 2500) {
      for (uint32_t stakers = 0; model + stakers <= 10'000; stakers += 2500) {
        for (uint64_t a = 0; a <= 4; ++a) {
          for (uint64_t b = 0; b <= 4; ++b) {
            const std::vector<Credit> credits = {{EntryIndex(1), a}, {EntryIndex(2), b}};
            const std::vector<Treasury> treasuries = {{EntryIndex(0), 400}, {EntryIndex(3), 600}};
            const Split split{.model = EntryIndex(4),
                              .total_millibits = 8,
                              .coverage_scaled = true,
                              .credits = credits,
                              .treasuries = treasuries};
            const Terms terms = split_of(model, stakers, 10'000 - model - stakers);
            ASSERT_EQ(ledger_of(split_fee(terms, Amount(fee), split).value()), naive_split(terms, Amount(fee), split));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace tribute::settle
