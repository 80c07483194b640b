#include "ngram/bit_search.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

namespace tribute::ngram {
namespace {

using Symbols = std::vector<uint32_t>;

// Bit by bit; a suffix goes on through its separator, a run has zeros behind its end.
uint32_t common_bits(const Symbols& suffix, const Symbols& run, uint32_t symbol_bits) {
  uint32_t bits = 0;
  for (size_t i = 0; i < std::min(suffix.size(), run.size()); ++i) {
    for (uint32_t bit = symbol_bits; bit-- > 0; ++bits) {
      if (bits == kMostSharedBits || (suffix[i] >> bit & 1) != (run[i] >> bit & 1)) return bits;
    }
  }
  return bits;
}

std::vector<uint8_t> shared_of(const std::vector<Symbols>& suffixes, uint32_t symbol_bits) {
  std::vector<uint8_t> shared;
  for (size_t i = 0; i + 1 < suffixes.size(); ++i) {
    const auto& [before, after] = std::pair(suffixes[i], suffixes[i + 1]);
    uint32_t length = 0;
    while (before[length] == after[length] && before[length] != 0) ++length;
    shared.push_back(static_cast<uint8_t>(shared_bits(length, before[length], after[length], symbol_bits)));
  }
  return shared;
}

// Sorted suffixes, each with its separator, over a small alphabet of symbols that begin with zeros and ones.
struct Case {
  uint32_t symbol_bits = 0;
  std::vector<Symbols> suffixes;
  Symbols run;
};
Case any_case() {
  Case drawn;
  drawn.symbol_bits = *rc::gen::element(1U, 2U, 3U, 8U, 9U, 16U, 17U, 19U);
  const uint32_t top = (1U << drawn.symbol_bits) - 1;
  const auto symbol = rc::gen::element(1U, top, std::max(1U, top / 2), top / 2 + 1, top - top / 8);
  const auto text = rc::gen::container<Symbols>(symbol);
  drawn.suffixes = *rc::gen::nonEmpty(rc::gen::container<std::vector<Symbols>>(rc::gen::nonEmpty(text)));
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {  // much that is shared, and equal ones
    Symbols longer(300 / drawn.symbol_bits, 1U);
    const Symbols& tail = drawn.suffixes[*rc::gen::inRange<size_t>(0, drawn.suffixes.size())];
    longer.insert(longer.end(), tail.begin(), tail.end());
    drawn.suffixes.push_back(longer);
    drawn.suffixes.push_back(drawn.suffixes.front());
  }
  std::ranges::sort(drawn.suffixes);
  if (*rc::gen::inRange(0, 2) == 0) {
    drawn.run = *rc::gen::nonEmpty(text);
  } else {
    const Symbols& from = drawn.suffixes[*rc::gen::inRange<size_t>(0, drawn.suffixes.size())];
    drawn.run.assign(from.begin(), from.begin() + *rc::gen::inRange<std::ptrdiff_t>(1, std::ssize(from) + 1));
    if (*rc::gen::inRange(0, 2) == 0) drawn.run.back() = *symbol;
  }
  for (Symbols& suffix : drawn.suffixes) suffix.push_back(0);
  return drawn;
}

TEST(BitSearch, FindsOneThatSharesTheMost) {
  EXPECT_TRUE(rc::check([] {
    const Case drawn = any_case();
    const std::vector<uint8_t> shared = shared_of(drawn.suffixes, drawn.symbol_bits);
    const uint32_t nearest = find_nearest(shared, RunBits(drawn.run, drawn.symbol_bits));
    RC_ASSERT(nearest < drawn.suffixes.size());
    uint32_t most = 0;
    for (const Symbols& suffix : drawn.suffixes) {
      most = std::max(most, common_bits(suffix, drawn.run, drawn.symbol_bits));
    }
    RC_ASSERT(common_bits(drawn.suffixes[nearest], drawn.run, drawn.symbol_bits) == most);
  }));
}

TEST(BitSearch, BearsAnyBits) {
  EXPECT_TRUE(rc::check([](const std::vector<uint8_t>& shared, const Symbols& run) {
    RC_ASSERT(find_nearest(shared, RunBits(run, 16)) <= shared.size());
  }));
}

TEST(BitSearch, KnowsTheBitsOfARun) {
  const Symbols run = {0x8001, 0x4000};
  const RunBits bits(run, 16);
  for (uint32_t i = 0; i < 256; ++i) EXPECT_EQ(bits.at(i), i == 0 || i == 15 || i == 17) << i;
  const Symbols all(100, 0x7FFFF);
  const RunBits ones(all, 19);
  for (uint32_t i = 0; i < kMostSharedBits; ++i) EXPECT_TRUE(ones.at(i));
  EXPECT_FALSE(RunBits({}, 1).at(0));
}

TEST(BitSearch, SkipsSixteenAtATimeAsOneByOne) {
  EXPECT_TRUE(rc::check([](const std::vector<uint8_t>& shared) {
    for (uint32_t bits = 0; bits < 256; bits += 15) {
      for (uint32_t i = 0; i <= shared.size(); ++i) {
        RC_ASSERT(skip_above(shared, i, bits) == skip_above_plain(shared, i, bits));
      }
    }
  }));
}

TEST(BitSearch, TellsHowFarNeighboursShare) {
  const std::vector<uint8_t> shared = {3, 9, 9, 2, 9};
  const auto around = [&](uint32_t of, uint32_t least) {
    const SuffixesAround found = sharing_around(shared, of, least);
    return std::pair(found.begin, found.end);
  };
  EXPECT_EQ(around(0, 3), std::pair(0U, 4U));
  EXPECT_EQ(around(0, 4), std::pair(0U, 1U));
  EXPECT_EQ(around(2, 9), std::pair(1U, 4U));
  EXPECT_EQ(around(3, 10), std::pair(3U, 4U));
  EXPECT_EQ(around(5, 9), std::pair(4U, 6U));
  EXPECT_EQ(around(5, 1), std::pair(0U, 6U));
}

}  // namespace
}  // namespace tribute::ngram
