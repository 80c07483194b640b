#include "trace/surprisal.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "trace/naive.h"

namespace tribute::trace {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

TEST(Surprisal, OfKnownValues) {
  EXPECT_EQ(surprisal_millibits(1, 1), 0U);
  EXPECT_EQ(surprisal_millibits(1, 2), 1000U);
  EXPECT_EQ(surprisal_millibits(1, 10), 3321U);  // log2 10 = 3.32192…
  EXPECT_EQ(surprisal_millibits(3, 10), 1736U);  // log2 10/3 = 1.73696…
  EXPECT_EQ(surprisal_millibits(0, 10), 3321U);  // a token that does not occur counts as once
  EXPECT_EQ(surprisal_millibits(0, 0), 0U);
  EXPECT_EQ(surprisal_millibits(5, 0), 0U);
  EXPECT_EQ(surprisal_millibits(1, kMax), 63'999U);  // 64 - 2^-64/ln 2
  EXPECT_EQ(surprisal_millibits(1, kMax / 2 + 1), 63'000U);
  EXPECT_EQ(surprisal_millibits(kMax - 1, kMax), 0U);
}

TEST(Surprisal, AgreesWithBigIntegersForAllSmallNumbers) {
  for (uint64_t token_count = 1; token_count <= 100; ++token_count) {
    for (uint64_t count = 1; count <= token_count; ++count) {
      ASSERT_EQ(surprisal_millibits(count, token_count), naive_surprisal_millibits(count, token_count))
          << count << " of " << token_count;
    }
  }
}

// Ratios of exactly a power of two, and the nearest ones above and below.
TEST(Surprisal, AgreesWithBigIntegersNextToIntegers) {
  for (uint32_t power = 0; power < 64; ++power) {
    for (uint32_t shift = 0; shift <= power; shift += 3) {
      const uint64_t token_count = uint64_t{1} << power;
      const uint64_t count = token_count >> shift;
      EXPECT_EQ(surprisal_millibits(count, token_count), 1000 * shift);
      for (const uint64_t near : {token_count - 1, token_count + 1}) {
        if (near < count) continue;
        EXPECT_EQ(surprisal_millibits(count, near), naive_surprisal_millibits(count, near)) << count << " of " << near;
      }
    }
  }
}

// The first N of each of many values: next to integers that are no multiples of a thousand. From
// 12,000 on the numbers are so large that no value is left out.
TEST(Surprisal, AgreesWithBigIntegersNextToThousandths) {
  for (uint32_t m = 12'001; m < 64'000; m += 997) {
    uint64_t low = 1;
    uint64_t high = kMax;
    while (low < high) {  // the least N with at least m millibits for a count of 1
      const uint64_t middle = low + (high - low) / 2;
      if (naive_surprisal_millibits(1, middle) < m) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    EXPECT_EQ(surprisal_millibits(1, low), m);
    EXPECT_LT(surprisal_millibits(1, low - 1), m);
  }
}

TEST(Surprisal, AgreesWithBigIntegersOnRandomNumbers) {
  EXPECT_TRUE(rc::check([] {
    const uint64_t a = *rc::gen::arbitrary<uint64_t>() >> *rc::gen::inRange(0, 64) | 1;
    const uint64_t b = *rc::gen::arbitrary<uint64_t>() >> *rc::gen::inRange(0, 64) | 1;
    const auto [count, token_count] = std::minmax(a, b);
    RC_ASSERT(surprisal_millibits(count, token_count) == naive_surprisal_millibits(count, token_count));
  }));
}

TEST(Surprisal, OfRunsIsASum) {
  Surprisals surprisals;
  EXPECT_EQ(surprisals.total(), 0U);
  for (const uint64_t millibits : {5U, 7U, 11U}) surprisals.append(millibits);
  EXPECT_EQ(surprisals.token_count(), 3U);
  EXPECT_EQ(surprisals.of_token(1), 7U);
  EXPECT_EQ(surprisals.of({0, 3}), 23U);
  EXPECT_EQ(surprisals.of({1, 2}), 7U);
  EXPECT_EQ(surprisals.total(), 23U);
}

}  // namespace
}  // namespace tribute::trace
