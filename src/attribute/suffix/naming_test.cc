#include "suffix/naming.h"
#include "base/testing/stride.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "suffix/phrase_scan.h"
#include "suffix/testing/texts.h"

namespace tribute::suffix {
namespace {

constexpr Tuning kTuning = {.bucket_size = 32, .shared_entries = 64, .shared_text = 0, .table_text = 0};

// A level and what it stands on.
template <typename Symbol>
struct Stage {
  Stage(const Text& letters, Workers& workers)
      : text(letters.begin(), letters.end()),
        order(letters.size()),
        counters(size_t{3} * symbol_count_of(letters)),
        level{.text = text,
              .order = order,
              .spare = {},
              .buckets = bucket_spans(),
              .workers = workers,
              .tuning = kTuning} {
    for (const Symbol symbol : text) ++level.buckets.ends[symbol];
    uint32_t end = 0;
    for (uint32_t& bucket : level.buckets.ends) bucket = end += bucket;
  }

  Buckets bucket_spans() {
    const std::span<uint32_t> all(counters);
    const size_t count = all.size() / 3;
    return {.ends = all.first(count), .heads = all.subspan(count, count), .seeds = all.last(count)};
  }

  // The text of names and the number of seeds of each symbol.
  std::vector<uint32_t> outcome(const Reduced& reduced) const {
    std::vector<uint32_t> all(order.end() - reduced.size, order.end());
    all.insert(all.end(), level.buckets.seeds.begin(), level.buckets.seeds.end());
    all.push_back(reduced.name_count);
    all.push_back(reduced.separator_count);
    return all;
  }

  std::vector<Symbol> text;
  std::vector<uint32_t> order;
  std::vector<uint32_t> counters;
  Level<Symbol> level;
};

template <typename Symbol>
bool agree(const Text& text, Workers& workers) {
  Stage<Symbol> table(text, workers);
  Stage<Symbol> inducing(text, workers);
  const auto reduced = name_by_table(table.level);
  const Reduced expected = name_by_inducing(inducing.level);
  if (!reduced || table.outcome(*reduced) != inducing.outcome(expected)) return false;
  write_positions(table.level, *reduced);
  write_positions(inducing.level, expected);
  return std::equal(table.order.end() - expected.size, table.order.end(), inducing.order.end() - expected.size);
}

// By the definition of a seed, from the types of all suffixes.
std::vector<uint32_t> boundaries_by_types(const Text& text, bool with_separators) {
  std::vector<bool> is_s(text.size(), true);
  for (size_t i = text.size() - 1; i-- > 0;) {
    is_s[i] = text[i] == kSeparator || text[i] < text[i + 1] || (text[i] == text[i + 1] && is_s[i + 1]);
  }
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < text.size(); ++i) {
    const bool is_seed = i > 0 && text[i] != kSeparator && is_s[i] && !is_s[i - 1];
    if (is_seed || (with_separators && text[i] == kSeparator)) found.push_back(i);
  }
  return found;
}

// Every text over {separator, a, b, c} of up to seven symbols, in every range; and longer ones.
void expect_phrases(const Text& text, uint32_t begin, uint32_t end) {
  const auto boundaries = boundaries_by_types(text, true);
  std::vector<uint32_t> found;
  scan_phrases(std::span<const uint32_t>(text), begin, end, [&](std::span<const Phrase> phrases) {
    for (const auto& [position, length] : phrases) {
      found.push_back(position);
      const auto after = std::ranges::upper_bound(boundaries, position);
      ASSERT_EQ(position + length - 1, *after);
    }
  });
  std::vector<uint32_t> expected = boundaries_by_types(text, false);
  std::erase_if(expected, [&](uint32_t position) { return position < begin || position >= end; });
  std::ranges::reverse(expected);
  ASSERT_EQ(found, expected);
}

TEST(PhraseScan, AgreesWithTheDefinition) {
  uint32_t count = 1;
  for (uint32_t length = 0; length <= 7; ++length, count *= 4) {
    for (uint32_t number = 0; number < count; number += kTestStride) {
      Text text;
      for (uint32_t i = 0, rest = number; i < length; ++i, rest /= 4) text.push_back(rest % 4);
      text.push_back(kSeparator);
      for (uint32_t begin = 0; begin <= length; ++begin) {
        for (uint32_t end = begin; end <= length; ++end) expect_phrases(text, begin, end);
      }
    }
  }
}

// Runs of equal symbols go through words of 64.
TEST(PhraseScan, AgreesWithTheDefinitionAcrossWords) {
  for (uint32_t run = 1; run <= 200; ++run) {
    for (const uint32_t around : {1U, 3U}) {
      Text text(run % 7 + 60, 2);
      text.push_back(around);
      text.insert(text.end(), run, 2);
      text.push_back(run % 2 == 0 ? 1 : 3);
      text.push_back(kSeparator);
      const auto size = static_cast<uint32_t>(text.size());
      expect_phrases(text, 0, size - 1);
      expect_phrases(text, run / 2, size - 1 - run / 3);
    }
  }
}

TEST(Naming, ByTableAgreesWithByInducing) {
  Workers alone(1);
  for (uint32_t seed = 0; seed < 8; ++seed) {
    const Text text = repetitive(60'000, std::vector{4U, 100U, 1000U, 65'000U}[seed % 4], seed);
    EXPECT_TRUE(agree<uint16_t>(text, alone)) << seed;
    EXPECT_TRUE(agree<uint32_t>(text, alone)) << seed;
  }
}

// Phrases of hundreds of symbols, which differ at their ends, if at all, or in their lengths alone.
TEST(Naming, ByTableAgreesWithByInducingOnLongPhrases) {
  Workers alone(1);
  Text text;
  for (uint32_t i = 0; i < 2000; ++i) {
    text.push_back(1);
    text.insert(text.end(), 240 + i % 30, 2);
    text.push_back(3 + i % 3);
  }
  text.push_back(kSeparator);
  EXPECT_TRUE(agree<uint16_t>(text, alone));
  EXPECT_TRUE(agree<uint32_t>(text, alone));
}

// Where one phrase begins as another and goes on, the longer one is smaller.
TEST(Naming, ByTableAgreesWithByInducingWhereOnePhraseBeginsAnother) {
  Workers alone(1);
  Text text;
  for (uint32_t i = 0; i < 4000; ++i) append(text, i % 3 == 0 ? "bacacbcaxaczacaczazca" : "acbacbbaczacbcazbzza");
  EXPECT_TRUE(agree<uint16_t>(text, alone));
  EXPECT_TRUE(agree<uint32_t>(text, alone));
}

TEST(Naming, TheTableIsGivenUpWhereNothingRepeats) {
  Workers alone(1);
  Text text;
  for (uint32_t i = 0; i < 60'000; ++i) text.push_back(1 + (i * 2'654'435'761U >> 8) % 60'000);
  text.push_back(kSeparator);
  Stage<uint16_t> stage(text, alone);
  EXPECT_FALSE(name_by_table(stage.level).has_value());
}

TEST(NamingThreads, AgreeWithByInducing) {
  for (uint32_t threads = 2; threads <= 4; ++threads) {
    Workers workers(threads);
    Text text;  // each thread's part has all phrases many times
    const Text once = repetitive(4000, 1000, threads);
    for (uint32_t i = 0; i < 40; ++i) text.insert(text.end(), once.begin(), once.end());
    EXPECT_TRUE(agree<uint16_t>(text, workers)) << threads;
    EXPECT_TRUE(agree<uint32_t>(text, workers)) << threads;
  }
}

}  // namespace
}  // namespace tribute::suffix
