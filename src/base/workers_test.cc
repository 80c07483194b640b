#include "base/workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace tribute {
namespace {

TEST(Workers, SeeWhatTheOthersDidBeforeTheyMet) {
  for (uint32_t threads = 1; threads <= 4; ++threads) {
    Workers workers(threads);
    ASSERT_EQ(workers.threads(), threads);
    std::vector<uint32_t> values(threads);
    std::vector<uint32_t> sums(threads);
    for (uint32_t round = 1; round <= 100; ++round) {
      workers.run([&](uint32_t i) {
        values[i] = i + round;
        workers.meet();
        sums[i] = 0;
        for (const uint32_t value : values) sums[i] += value;
      });
      for (const uint32_t sum : sums) ASSERT_EQ(sum, threads * round + threads * (threads - 1) / 2);
    }
  }
}

TEST(Workers, TakeEachOnce) {
  for (uint32_t threads = 1; threads <= 4; ++threads) {
    Workers workers(threads);
    for (const size_t count : {0U, 1U, 3U, 1000U}) {
      std::vector<uint32_t> times(count);
      workers.run_each(count, [&](size_t j) { ++times[j]; });
      EXPECT_THAT(times, ::testing::Each(1U));
    }
  }
}

TEST(Workers, PartsCoverAll) {
  for (const uint64_t size : {0U, 1U, 7U, 4'000'000'000U}) {
    for (uint32_t count = 1; count <= 16; ++count) {
      EXPECT_EQ(part_begin(size, 0, count), 0U);
      EXPECT_EQ(part_begin(size, count, count), size);
    }
  }
}

}  // namespace
}  // namespace tribute
