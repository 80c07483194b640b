#include "io/random.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "io/clock.h"

namespace tribute::io {
namespace {

// The first outputs of SplitMix64 for seed 1234567, as the algorithm's reference program prints them.
TEST(SeededRandom, IsSplitMix64) {
  SeededRandom random(1234567);
  for (const uint64_t expected : {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                  4593380528125082431U, 16408922859458223821U}) {
    EXPECT_EQ(random.next(), expected);
  }
}

TEST(SeededRandom, BytesAreTheNumbersLittleEndian) {
  SeededRandom numbers(7);
  std::string expected;
  append_le64(expected, numbers.next());
  append_le64(expected, numbers.next());
  EXPECT_EQ(SeededRandom(7).bytes(11), expected.substr(0, 11));
  EXPECT_EQ(SeededRandom(7).bytes(0), "");
}

TEST(SystemRandom, GivesAsManyBytesAsAskedAndOtherOnesEachTime) {
  const auto random = make_system_random();
  EXPECT_EQ(random->bytes(0), "");
  EXPECT_EQ(random->bytes(100'000).size(), 100'000U);
  EXPECT_NE(random->bytes(32), random->bytes(32));
}

TEST(Clock, SystemTimeIsInThisCentury) {
  const uint64_t now_ms = make_system_clock()->now_ms();
  EXPECT_GT(now_ms, 1'700'000'000'000U);
  EXPECT_LT(now_ms, 4'102'444'800'000U);
}

TEST(Clock, SteppingClockSteps) {
  SteppingClock clock(100, 5);
  EXPECT_EQ(clock.now_ms(), 105U);
  EXPECT_EQ(clock.now_ms(), 110U);
}

}  // namespace
}  // namespace tribute::io
