#include "ngram/packed_tokens.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "base/bytes.h"

namespace tribute::ngram {
namespace {

TEST(PackedTokens, WidthIsExactAtEveryPowerOfTwo) {
  EXPECT_EQ(token_bits(1), 1U);
  EXPECT_EQ(token_bits(2), 1U);
  EXPECT_EQ(token_bits(256), 8U);
  EXPECT_EQ(token_bits(50'257), 16U);
  EXPECT_EQ(token_bits(0xFFFFFFFF), 32U);
  for (uint32_t k = 1; k < 32; ++k) {
    EXPECT_EQ(token_bits((1U << k) - 1), std::max(k, 1U));
    EXPECT_EQ(token_bits(1U << k), k);
    EXPECT_EQ(token_bits((1U << k) + 1), k + 1);
  }
}

TEST(PackedTokens, BytesAreThoseOfTheFormat) {
  TokenPacker packer(12);
  for (const uint32_t token : {0xABCU, 0x123U, 0x456U, 0x789U, 0xDEFU, 0x321U}) packer.append(TokenId{token});
  EXPECT_EQ(to_hex(std::move(packer).finish()), "bc3a12569478ef1d3200000000000000");
}

TEST(PackedTokens, RoundTripsAtEveryWidth) {
  EXPECT_TRUE(rc::check([] {
    const auto bits = *rc::gen::inRange(1U, 33U);
    const auto values = *rc::gen::container<std::vector<uint64_t>>(rc::gen::inRange(uint64_t{0}, uint64_t{1} << bits));
    TokenPacker packer(bits);
    for (const uint64_t value : values) packer.append(TokenId{static_cast<uint32_t>(value)});
    RC_ASSERT(packer.count() == values.size());
    const std::string bytes = std::move(packer).finish();
    RC_ASSERT(bytes.size() == packed_size(values.size(), bits));
    const PackedTokens tokens(bytes, values.size(), bits);
    for (size_t i = 0; i < values.size(); ++i) RC_ASSERT(tokens[i].value() == values[i]);
    RC_ASSERT(tokens.tail_is_zero());
  }));
}

TEST(PackedTokens, SeesBitsAfterTheLastToken) {
  TokenPacker packer(9);
  packer.append(TokenId{511});
  std::string bytes = std::move(packer).finish();
  EXPECT_TRUE(PackedTokens(bytes, 1, 9).tail_is_zero());
  bytes[1] = '\x03';
  EXPECT_FALSE(PackedTokens(bytes, 1, 9).tail_is_zero());
  bytes[1] = '\x01';
  bytes[7] = '\x01';
  EXPECT_FALSE(PackedTokens(bytes, 1, 9).tail_is_zero());
}

}  // namespace
}  // namespace tribute::ngram
