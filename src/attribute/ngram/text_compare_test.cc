#include "ngram/text_compare.h"

#include <gtest/gtest.h>

#include <random>

#include "ngram/packed_ints.h"

namespace tribute::ngram {
namespace {

// The twin: symbol by symbol, from what was packed.
uint32_t shared_by_symbols(const std::vector<uint32_t>& text, const TextComparison& comparison) {
  uint32_t length = comparison.known;
  while (length < comparison.reach && text[comparison.position + length] == comparison.symbols[length]) ++length;
  return length;
}

TEST(TextCompare, EveryKernelCountsAsOneByOne) {
  std::mt19937_64 random(7);
  const auto below = [&](uint64_t end) { return static_cast<uint32_t>(random() % end); };
  for (const uint32_t bits : {1U, 2U, 7U, 8U, 13U, 15U, 16U, 17U, 19U}) {
    const uint64_t end = uint64_t{1} << bits;
    std::vector<uint32_t> text;
    IntPacker packer(bits);
    for (int i = 0; i < 4000; ++i) {
      text.push_back(below(4) == 0 ? below(end) : static_cast<uint32_t>(end - 1));
      packer.append(text.back());
    }
    const std::string bytes = std::move(packer).finish() + std::string(32, '\xFF');
    EXPECT_EQ(shared_symbols_for(bits), all_shared_symbols_for(bits).back());
    for (int trial = 0; trial < 3000; ++trial) {
      const uint32_t position = below(text.size());
      std::vector<uint32_t> symbols(text.begin() + position, text.end());
      symbols.resize(1 + below(symbols.size()));
      if (symbols.size() > 80) symbols.resize(1 + below(80));
      if (below(2) == 0) symbols[below(symbols.size())] = below(end + 1);
      const uint32_t reach = below(symbols.size() + 1);
      const TextComparison comparison{.text = bytes.data(),
                                      .position = position,
                                      .symbols = symbols.data(),
                                      .known = below(reach + 1),
                                      .reach = reach};
      const uint32_t expected = shared_by_symbols(text, comparison);
      for (const SharedSymbols shared_symbols : all_shared_symbols_for(bits)) {
        ASSERT_EQ(shared_symbols(comparison, bits), expected) << bits << " bits at " << position;
      }
    }
  }
}

}  // namespace
}  // namespace tribute::ngram
