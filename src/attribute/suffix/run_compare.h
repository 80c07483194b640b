// Comparing suffixes of several runs, whose texts are on disk.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "suffix/run_text.h"

namespace tribute::suffix {

// Where two suffixes part: what they share, up to a separator, and the symbols behind it. Both are separators where the
// suffixes are equal; else the symbols differ.
struct Parting {
  uint32_t shared = 0;
  uint32_t first_symbol = 0;
  uint32_t second_symbol = 0;
};

// Passages that stand in two runs are what takes long to compare, and they are compared again from each of their
// positions: suffix i + 1 with suffix j + 1 after i with j. So it is remembered where texts at some distance from one
// another run along and where they part. What is forgotten is read again. The text must outlive it. Not thread-safe.
class RunCompare {
 public:
  // Remembers `passages`, kPassageBytes each.
  RunCompare(RunText& text, uint64_t passages);
  static constexpr uint64_t kPassageBytes = 20;

  // Compares the suffixes at two positions, not the same, that share `known` symbols at least.
  // Errors: those of RunText::around(); data_loss where they do not share as much.
  Result<Parting> compare(uint32_t first, uint32_t second, uint32_t known);

 private:
  static constexpr size_t kWays = 4;

  // The texts are the same from `begin` to `end`, and from `begin + distance` on. No distance: nothing.
  struct Passage {
    uint32_t distance = 0;
    uint32_t begin = 0;
    uint32_t end = 0;
    uint32_t low_symbol = 0;   // at `end`
    uint32_t high_symbol = 0;  // at `end + distance`
  };
  static_assert(sizeof(Passage) == kPassageBytes);

  Passage* set_of(uint32_t distance);
  // What is shared from `low + length` on is added to `length`, until it is `limit`; the symbols there, if it is less.
  Result<Parting> forward(uint32_t low, uint32_t distance, uint32_t length, uint32_t limit);
  // How far the texts are the same before `low`, at most `limit`.
  Result<uint32_t> backward(uint32_t low, uint32_t distance, uint32_t limit);

  RunText& text_;
  std::vector<Passage> passages_;  // sets of kWays; in a set, what was used last is first
};

}  // namespace tribute::suffix
