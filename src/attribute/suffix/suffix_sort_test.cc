#include "suffix/suffix_sort.h"
#include "base/testing/stride.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace tribute::suffix {
namespace {

using Text = std::vector<uint32_t>;

// The twin: compares suffixes symbol by symbol, separators by their positions.
std::vector<uint32_t> sorted_by_comparison(const Text& text) {
  std::vector<uint32_t> order(text.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, [&](uint32_t a, uint32_t b) {
    for (; text[a] == text[b]; ++a, ++b) {
      if (text[a] == kSeparator) return a < b;
    }
    return text[a] < text[b];
  });
  return order;
}

template <typename Symbol>
std::vector<uint32_t> sorted(const Text& text) {
  const std::vector<Symbol> symbols(text.begin(), text.end());
  std::vector<uint32_t> order(text.size());
  const uint32_t symbol_count = text.empty() ? 1 : *std::ranges::max_element(text) + 1;
  sort_suffixes(std::span<const Symbol>(symbols), symbol_count, order);
  return order;
}

// Whether the order is right, in linear time: it is a permutation, and each suffix is above the one
// before it by its first symbol or, where these are equal, by the ranks of the rests.
bool is_sorted(const Text& text, const std::vector<uint32_t>& order) {
  std::vector<uint32_t> ranks(text.size(), UINT32_MAX);
  for (uint32_t i = 0; i < order.size(); ++i) {
    if (order[i] >= text.size() || ranks[order[i]] != UINT32_MAX) return false;
    ranks[order[i]] = i;
  }
  for (uint32_t i = 1; i < order.size(); ++i) {
    const uint32_t a = order[i - 1];
    const uint32_t b = order[i];
    if (text[a] > text[b]) return false;
    if (text[a] < text[b]) continue;
    if (text[a] == kSeparator ? a > b : ranks[a + 1] > ranks[b + 1]) return false;
  }
  return true;
}

void append(Text& text, std::string_view letters) {
  for (const char letter : letters) text.push_back(static_cast<uint32_t>(letter - 'a' + 1));
  text.push_back(kSeparator);
}

TEST(SuffixSort, OrdersEqualSuffixesByTheirDocument) {
  Text text;
  append(text, "ab");
  append(text, "");
  append(text, "ab");
  append(text, "b");
  // Positions: a0 b1 |2 |3 a4 b5 |6 b7 |8
  EXPECT_EQ(sorted<uint16_t>(text), (std::vector<uint32_t>{2, 3, 6, 8, 0, 4, 1, 5, 7}));
}

TEST(SuffixSort, PutsTheShorterOneFirst) {
  Text text;
  append(text, "aaa");
  append(text, "aa");
  // a0 a1 a2 |3 a4 a5 |6: a| before a|, then aa| before aa|, then aaa|
  EXPECT_EQ(sorted<uint16_t>(text), (std::vector<uint32_t>{3, 6, 2, 5, 1, 4, 0}));
}

// Every text over {a, b} up to length 10, cut into documents at every set of places.
TEST(SuffixSort, AgreesWithItsTwinOnEveryShortText) {
  for (uint32_t length = 0; length <= 10; ++length) {
    for (uint32_t letters = 0; letters < 1U << length; letters += kTestStride) {
      for (uint32_t cuts = 0; cuts < 1U << (length == 0 ? 0 : length - 1); ++cuts) {
        Text text;
        for (uint32_t i = 0; i < length; ++i) {
          text.push_back(1 + (letters >> i & 1));
          if (i + 1 == length || (cuts >> i & 1) != 0) text.push_back(kSeparator);
        }
        ASSERT_EQ(sorted<uint16_t>(text), sorted_by_comparison(text)) << length << " " << letters << " " << cuts;
      }
    }
  }
}

TEST(SuffixSort, AgreesWithItsTwinOnRandomTexts) {
  EXPECT_TRUE(rc::check([] {
    const auto alphabet = *rc::gen::element(1U, 2U, 3U, 20U, 65'535U, (1U << 18) - 1);
    const auto symbol = *rc::gen::element(0U, 1U) == 0
                            ? rc::gen::inRange(0U, alphabet + 1)  // many separators
                            : rc::gen::map(rc::gen::inRange(0U, 20 * alphabet), [alphabet](uint32_t value) {
                                return value == 0 ? 0 : 1 + value % alphabet;
                              });
    Text text = *rc::gen::scale(5, rc::gen::container<Text>(symbol));
    if (*rc::gen::arbitrary<bool>()) text.insert(text.end(), text.begin(), text.end());  // repeats
    if (!text.empty()) text.push_back(kSeparator);
    const auto expected = sorted_by_comparison(text);
    RC_ASSERT(sorted<uint32_t>(text) == expected);
    if (alphabet < 1U << 16) {
      RC_ASSERT(sorted<uint16_t>(text) == expected);
    }
    RC_ASSERT(is_sorted(text, expected));
  }));
}

// What makes a naive sorter quadratic: it would not come back.
TEST(SuffixSort, IsLinearOnWhatRepeats) {
  constexpr uint32_t kSize = (1 << 20) / kTestStride;
  std::vector<Text> texts;
  texts.emplace_back(kSize, 1U);
  Text& period = texts.emplace_back();
  for (uint32_t i = 0; i < kSize; ++i) period.push_back(1 + i % 2);
  Text fibonacci = {2};
  for (Text shorter = {1}; fibonacci.size() < kSize;) {
    Text longer = fibonacci;
    longer.insert(longer.end(), shorter.begin(), shorter.end());
    shorter = std::exchange(fibonacci, std::move(longer));
  }
  texts.push_back(fibonacci);
  Text& copies = texts.emplace_back();
  while (copies.size() < kSize) append(copies, "abracadabrabanana");
  Text& separators = texts.emplace_back();
  separators.assign(kSize, kSeparator);
  for (Text& text : texts) {
    text.push_back(kSeparator);
    EXPECT_TRUE(is_sorted(text, sorted<uint16_t>(text)));
  }
}

TEST(SuffixSort, SortsTheWidestAlphabet) {
  Text text;
  for (uint32_t i = 0; i < 300'000; ++i) text.push_back(1 + (i * 2'654'435'761U) % ((1U << 18) - 1));
  text.push_back(kSeparator);
  EXPECT_TRUE(is_sorted(text, sorted<uint32_t>(text)));
}

TEST(SuffixSortDeathTest, WantsASeparatorAtTheEnd) {
  std::vector<uint32_t> order(2);
  EXPECT_DEATH(sort_suffixes(std::vector<uint16_t>{0, 1}, 2, order), "CHECK failed");
}

}  // namespace
}  // namespace tribute::suffix
