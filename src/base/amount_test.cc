#include "base/amount.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <numeric>

namespace tribute {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(Amount, AddsAndSubtractsInsideTheRangeOnly) {
  EXPECT_EQ(Amount(2).plus(Amount(3)), Amount(5));
  EXPECT_EQ(Amount(kMax).plus(Amount(0)), Amount(kMax));
  EXPECT_EQ(Amount(kMax).plus(Amount(1)), std::nullopt);
  EXPECT_EQ(Amount(-kMax).minus(Amount(1)), std::nullopt) << "-2^63 has no negative";
  EXPECT_EQ(Amount(0).minus(Amount(kMax)), Amount(-kMax));
}

TEST(Amount, SumRefusesAPartialSumOutOfRange) {
  const std::vector<Amount> amounts = {Amount(kMax), Amount(1), Amount(-1)};
  EXPECT_EQ(sum(amounts), std::nullopt);
  EXPECT_EQ(sum({}), Amount(0));
}

TEST(Amount, ParsesDigitsOnly) {
  EXPECT_EQ(parse_amount("0"), Amount(0));
  EXPECT_EQ(parse_amount("9223372036854775807"), Amount(kMax));
  EXPECT_EQ(parse_amount("9223372036854775808").error().code, ErrorCode::out_of_range);
  for (const char* bad : {"", "-1", "+1", "01", "1.5", "1e6", " 1", "1 ", "0x10"}) {
    EXPECT_EQ(parse_amount(bad).error().code, ErrorCode::invalid_argument) << bad;
  }
}

TEST(Amount, PriceIsRoundedUp) {
  EXPECT_EQ(price_per_thousand(0, Amount(999)), Amount(0));
  EXPECT_EQ(price_per_thousand(1, Amount(1)), Amount(1));
  EXPECT_EQ(price_per_thousand(1000, Amount(7)), Amount(7));
  EXPECT_EQ(price_per_thousand(1001, Amount(7)), Amount(8));
  EXPECT_EQ(price_per_thousand(1000, Amount(kMax)), Amount(kMax));
  EXPECT_EQ(price_per_thousand(1001, Amount(kMax)), std::nullopt);
  EXPECT_EQ(price_per_thousand(std::numeric_limits<uint64_t>::max(), Amount(kMax)), std::nullopt);
}

TEST(Amount, LargestRemainderGivesTheUnitsLeftToTheLargestRemaindersThenTheFirst) {
  EXPECT_EQ(split_by_largest_remainder(Amount(10), std::vector<uint64_t>{1, 1, 1}),
            (std::vector<Amount>{Amount(4), Amount(3), Amount(3)}));
  EXPECT_EQ(split_by_largest_remainder(Amount(10), std::vector<uint64_t>{6, 3, 0, 6}),
            (std::vector<Amount>{Amount(4), Amount(2), Amount(0), Amount(4)}));
  EXPECT_EQ(split_by_largest_remainder(Amount(1), std::vector<uint64_t>{1, 2}),
            (std::vector<Amount>{Amount(0), Amount(1)}));
  EXPECT_EQ(split_by_largest_remainder(Amount(kMax), std::vector<uint64_t>{1}), (std::vector<Amount>{Amount(kMax)}));
}

TEST(Amount, LargestRemainderConservesAndStaysWithinOneUnit) {
  EXPECT_TRUE(rc::check("shares sum to the whole and are floor or floor + 1", [] {
    const auto whole = *rc::gen::inRange<int64_t>(0, kMax);
    const auto weights =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<uint64_t>>(rc::gen::inRange<uint64_t>(0, 1ULL << 40)));
    const uint64_t total = std::accumulate(weights.begin(), weights.end(), uint64_t{0});
    RC_PRE(total > 0U);
    const auto shares = split_by_largest_remainder(Amount(whole), weights);
    RC_ASSERT(sum(shares) == Amount(whole));
    for (size_t i = 0; i < weights.size(); ++i) {
      const int64_t floor = share_rounded_down(Amount(whole), weights[i], total).millionths();
      const int64_t extra = shares[i].millionths() - floor;
      RC_ASSERT(extra == 0 || extra == 1);
      if (weights[i] == 0) RC_ASSERT(shares[i].is_zero());
    }
  }));
}

}  // namespace
}  // namespace tribute
