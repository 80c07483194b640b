#include "lm/draw.h"

#include <array>
#include <bit>

#include "base/check.h"
#include "base/checked.h"

namespace tribute::lm {
namespace {

// The largest root with root² ≤ square. Bit by bit; of constants, at compile time.
constexpr uint64_t root_of(uint128_t square) {
  uint64_t root = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const uint64_t larger = root | uint64_t{1} << bit;
    if (uint128_t{larger} * larger <= square) root = larger;
  }
  return root;
}

// 2^-(2^-k) for k from 1, in units of 2^-62: each is the root of the one before.
constexpr std::array<uint64_t, 32> roots_of_a_half() {
  std::array<uint64_t, 32> roots{};
  uint64_t last = uint64_t{1} << 61;
  for (uint64_t& root : roots) {
    root = root_of(uint128_t{last} << 62);
    last = root;
  }
  return roots;
}

constexpr std::array<uint64_t, 32> kRoots = roots_of_a_half();

}  // namespace

uint64_t Generator::next() {
  state_ += 0x9E3779B97F4A7C15;
  uint64_t z = state_;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

uint64_t Generator::below(uint64_t end) {
  CHECK(end > 0);
  uint128_t product = uint128_t{next()} * end;
  // The first `2^64 mod end` of the low words would make their number likelier.
  if (static_cast<uint64_t>(product) < end) {
    const uint64_t excess = (0 - end) % end;
    while (static_cast<uint64_t>(product) < excess) product = uint128_t{next()} * end;
  }
  return static_cast<uint64_t>(product >> 64);
}

// Squaring a number from 1 to 2 tells the next bit of its logarithm.
uint64_t log2_q32(uint64_t x) {
  CHECK(x > 0);
  const int zeros = std::countl_zero(x);
  uint64_t log = 63 - static_cast<uint64_t>(zeros);
  uint64_t rest = x << zeros;  // in units of 2^-63
  for (int bit = 0; bit < 32; ++bit) {
    uint128_t square = uint128_t{rest} * rest >> 63;
    log <<= 1;
    if (square >> 64 != 0) {
      square >>= 1;
      log |= 1;
    }
    rest = static_cast<uint64_t>(square);
  }
  return log;
}

uint64_t exp2_of_minus_q32(uint64_t e) {
  const uint64_t whole = e >> 32;
  if (whole > 40) return 0;
  uint64_t power = uint64_t{1} << 62;
  for (uint32_t k = 0; k < 32; ++k) {
    if ((e >> (31 - k) & 1) != 0) power = static_cast<uint64_t>(uint128_t{power} * kRoots[k] >> 62);
  }
  return power >> (22 + whole);
}

uint64_t weight_of(uint64_t count, uint64_t most, uint32_t temperature_permille) {
  CHECK(count > 0 && count <= most && temperature_permille > 0);
  // Below 2^38, so that the product is below 2^48.
  const uint64_t below = log2_q32(most) - log2_q32(count);
  return exp2_of_minus_q32(below * 1000 / temperature_permille);
}

}  // namespace tribute::lm
