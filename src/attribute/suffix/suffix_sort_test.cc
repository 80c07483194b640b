#include "suffix/suffix_sort.h"
#include "base/testing/stride.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "suffix/reduction.h"
#include "suffix/testing/texts.h"

namespace tribute::suffix {
namespace {

template <typename Symbol>
std::vector<uint32_t> sorted(const Text& text, uint32_t threads = 1) {
  const std::vector<Symbol> symbols(text.begin(), text.end());
  std::vector<uint32_t> order(text.size());
  sort_suffixes(std::span<const Symbol>(symbols), symbol_count_of(text), order, {.threads = threads});
  return order;
}

// As the sort of a large text works, whatever the text's size.
template <typename Symbol>
std::vector<uint32_t> sorted_as_if_large(const Text& text, Workers& workers, const Tuning& tuning) {
  const std::vector<Symbol> symbols(text.begin(), text.end());
  std::vector<uint32_t> order(text.size());
  sort_level(std::span<const Symbol>(symbols), symbol_count_of(text), order, workers, tuning);
  return order;
}

constexpr Tuning kByBuckets = {.bucket_size = 0, .shared_entries = 2, .shared_text = 0, .table_text = 0};
constexpr Tuning kByEntries = {.bucket_size = 1'000'000, .shared_entries = 2, .shared_text = 0, .table_text = 0};
constexpr Tuning kWithoutTable = {.bucket_size = 4, .shared_entries = 16, .shared_text = 0, .table_text = UINT32_MAX};

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

// Every text over {separator, a, b} up to length 10, a separator after it.
TEST(SuffixSort, AgreesWithItsTwinOnEveryShortText) {
  Workers alone(1);
  uint32_t count = 1;
  for (uint32_t length = 0; length <= 10; ++length, count *= 3) {
    for (uint32_t number = 0; number < count; number += kTestStride) {
      Text text;
      for (uint32_t i = 0, rest = number; i < length; ++i, rest /= 3) text.push_back(rest % 3);
      text.push_back(kSeparator);
      const auto expected = sorted_by_comparison(text);
      ASSERT_EQ(sorted<uint16_t>(text), expected) << length << " " << number;
      ASSERT_EQ(sorted_as_if_large<uint16_t>(text, alone, kByBuckets), expected) << length << " " << number;
    }
  }
}

TEST(SuffixSort, AgreesWithItsTwinOnRandomTexts) {
  Workers alone(1);
  EXPECT_TRUE(rc::check([&] {
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
    RC_ASSERT(is_sorted(text, expected));
    if (text.empty()) return;
    for (const Tuning& tuning : {kByBuckets, kByEntries}) {
      RC_ASSERT(sorted_as_if_large<uint32_t>(text, alone, tuning) == expected);
    }
    if (alphabet < 1U << 16) {
      RC_ASSERT(sorted<uint16_t>(text) == expected);
      RC_ASSERT(sorted_as_if_large<uint16_t>(text, alone, kByBuckets) == expected);
    }
  }));
}

TEST(SuffixSort, AgreesWithItsTwinOnRepetitiveTexts) {
  Workers alone(1);
  for (uint32_t seed = 0; seed < 12; ++seed) {
    const uint32_t symbol_count = std::vector{3U, 50U, 1000U, 60'000U}[seed % 4];
    const Text text = repetitive(20'000, symbol_count, seed);
    const auto expected = sorted_by_comparison(text);
    for (const Tuning& tuning : {kByBuckets, kByEntries, kWithoutTable}) {
      ASSERT_EQ(sorted_as_if_large<uint16_t>(text, alone, tuning), expected) << seed;
      ASSERT_EQ(sorted_as_if_large<uint32_t>(text, alone, tuning), expected) << seed;
    }
  }
}

// What makes a naive sorter quadratic: it would not come back.
TEST(SuffixSort, IsLinearOnWhatRepeats) {
  Workers alone(1);
  for (const Text& text : periodic_texts((1 << 20) / kTestStride)) {
    EXPECT_TRUE(is_sorted(text, sorted<uint16_t>(text)));
    EXPECT_TRUE(is_sorted(text, sorted_as_if_large<uint32_t>(text, alone, kByEntries)));
  }
}

TEST(SuffixSort, SortsTheWidestAlphabet) {
  Text text;
  for (uint32_t i = 0; i < 300'000; ++i) text.push_back(1 + (i * 2'654'435'761U) % (1U << 18));
  text.push_back(kSeparator);
  EXPECT_TRUE(is_sorted(text, sorted<uint32_t>(text)));
}

TEST(SuffixSort, SortsOneTokenAndNone) {
  EXPECT_EQ(sorted<uint16_t>({}), std::vector<uint32_t>());
  EXPECT_EQ(sorted<uint16_t>({kSeparator}), std::vector<uint32_t>{0});
  EXPECT_EQ(sorted<uint32_t>({7, kSeparator}), (std::vector<uint32_t>{1, 0}));
}

TEST(SuffixSortThreads, MakeTheSameOrder) {
  for (uint32_t threads = 1; threads <= 4; ++threads) {
    Workers workers(threads);
    // Small texts meet at every second entry, large ones at every thousandth, since meetings are what takes time.
    for (uint32_t seed = 0; seed < 6; ++seed) {
      const bool is_small = seed % 2 == 0;
      const Text text = repetitive(is_small ? 200 : 20'000, std::vector{3U, 50U, 1000U}[seed / 2], seed);
      const auto expected = sorted_by_comparison(text);
      Tuning tuning = kByBuckets;
      if (!is_small) tuning.shared_entries = 1000;
      ASSERT_EQ(sorted_as_if_large<uint16_t>(text, workers, tuning), expected) << threads << " " << seed;
      if (!is_small) tuning.table_text = UINT32_MAX;
      ASSERT_EQ(sorted_as_if_large<uint32_t>(text, workers, tuning), expected) << threads << " " << seed;
    }
  }
}

TEST(SuffixSort, SortsALargeTextWithThreads) {
  const Text text = repetitive(1'200'000, 20'000, 1);
  const auto expected = sorted<uint16_t>(text);
  EXPECT_TRUE(is_sorted(text, expected));
  EXPECT_EQ(sorted<uint16_t>(text, 2), expected);
  EXPECT_EQ(sorted<uint32_t>(text, 3), expected);
}

TEST(SuffixSortDeathTest, WantsASeparatorAtTheEnd) {
  std::vector<uint32_t> order(2);
  EXPECT_DEATH(sort_suffixes(std::vector<uint16_t>{0, 1}, 2, order), "CHECK failed");
}

TEST(SuffixSortDeathTest, WantsAThread) {
  std::vector<uint32_t> order(2);
  EXPECT_DEATH(sort_suffixes(std::vector<uint16_t>{1, 0}, 2, order, {.threads = 0}), "CHECK failed");
}

}  // namespace
}  // namespace tribute::suffix
