#include "ngram/packed_ints.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "base/bytes.h"

namespace tribute::ngram {
namespace {

TEST(PackedInts, WidthIsExactAtEveryPowerOfTwo) {
  EXPECT_EQ(bits_below(1), 1U);
  EXPECT_EQ(bits_below(2), 1U);
  EXPECT_EQ(bits_below(256), 8U);
  EXPECT_EQ(bits_below(50'257), 16U);
  for (uint32_t k = 1; k < 57; ++k) {
    const uint64_t power = uint64_t{1} << k;
    EXPECT_EQ(bits_below(power - 1), power - 1 > power / 2 ? k : std::max(k - 1, 1U));
    EXPECT_EQ(bits_below(power), k);
    EXPECT_EQ(bits_below(power + 1), k + 1);
  }
}

TEST(PackedInts, BytesAreThoseOfTheFormat) {
  IntPacker packer(12);
  for (const uint32_t value : {0xABCU, 0x123U, 0x456U, 0x789U, 0xDEFU, 0x321U}) packer.append(value);
  EXPECT_EQ(to_hex(std::move(packer).finish()), "bc3a12569478ef1d3200000000000000");
}

TEST(PackedInts, RoundTripAtEveryWidth) {
  EXPECT_TRUE(rc::check([] {
    const auto bits = *rc::gen::inRange(1U, kMaxPackedBits + 1);
    const auto values = *rc::gen::container<std::vector<uint64_t>>(rc::gen::inRange(uint64_t{0}, uint64_t{1} << bits));
    IntPacker packer(bits);
    std::string bytes;
    for (const uint64_t value : values) {
      packer.append(value);
      if (value % 5 == 0) bytes += packer.take_words();
    }
    RC_ASSERT(packer.count() == values.size());
    bytes += std::move(packer).finish();
    RC_ASSERT(bytes.size() == packed_size(values.size(), bits));
    bytes += "xxxxxxx";
    for (size_t i = 0; i < values.size(); ++i) RC_ASSERT(packed_at(bytes.data(), i, bits) == values[i]);
  }));
}

}  // namespace
}  // namespace tribute::ngram
