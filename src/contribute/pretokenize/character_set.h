// Sets of characters. Inside the module.
#pragma once

#include <cstdint>
#include <vector>

#include "pretokenize/unicode.h"

namespace tribute::pretokenize {

// A set of code points, of 139 kB. A byte outside well-formed UTF-8 is the code kCodePoints.
class CharacterSet {
 public:
  CharacterSet() : words_(kCodePoints / 64 + 1) {}

  // O(ranges of Unicode's table, and characters added).
  void add(Categories categories);
  void add_white_space();
  // The code points first ≤ c ≤ last < kCodePoints.
  void add(uint32_t first, uint32_t last);
  // Of a negated class. O(1) in what is in it.
  void invert();

  // `code` ≤ kCodePoints.
  bool contains(uint32_t code) const { return (words_[code / 64] >> code % 64 & 1) != 0; }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace tribute::pretokenize
