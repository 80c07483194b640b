// Drawing from counts by integers alone, so that a seed gives the same text on every machine.
#pragma once

#include <cstdint>

namespace tribute::lm {

// SplitMix64: Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators" (2014). Not thread-safe.
class Generator {
 public:
  explicit Generator(uint64_t seed) : state_(seed) {}

  uint64_t next();
  // Every number below `end` (at least 1: CHECK) is as likely: Lemire: "Fast Random Integer Generation in an
  // Interval" (2019).
  uint64_t below(uint64_t end);

 private:
  uint64_t state_;
};

inline constexpr uint64_t kFullWeight = uint64_t{1} << 40;

// log2(x) · 2^32 for x ≥ 1 (CHECK), below it by at most 2.
uint64_t log2_q32(uint64_t x);

// 2^-(e / 2^32) · kFullWeight, rounded down, with a relative error below 2^-55 before the rounding.
uint64_t exp2_of_minus_q32(uint64_t e);

// (count / most)^(1000 / temperature_permille) · kFullWeight for 1 ≤ count ≤ most and a temperature of at
// least 1 (CHECK); kFullWeight if count = most. Computed by integers: the same on every machine. It never
// rises with a falling count, and its relative error is at most 2^-31 · (1 + 1000 / temperature_permille) and
// one unit.
uint64_t weight_of(uint64_t count, uint64_t most, uint32_t temperature_permille);

}  // namespace tribute::lm
