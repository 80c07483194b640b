#include "bpe/train.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tribute::bpe {
namespace {

using Counts = std::vector<std::pair<std::string, uint64_t>>;

Result<Definition> train_on(const Counts& counts, const TrainOptions& options) {
  std::vector<CountedPiece> pieces;
  for (const auto& [bytes, count] : counts) pieces.push_back({.bytes = bytes, .count = count});
  return train(pieces, options);
}

// The twin: entries are strings, and every pair is counted anew before each merge.
Definition naive_train(const Counts& counts, const TrainOptions& options) {
  Definition definition;
  std::map<std::string, uint32_t> ids;
  const auto add = [&](const std::string& bytes) {
    if (ids.emplace(bytes, definition.entries.size()).second) definition.entries.append(bytes, EntryUse::text);
    return ids.at(bytes);
  };
  for (int byte = 0; byte < 256; ++byte) add(std::string(1, static_cast<char>(byte)));
  std::vector<std::pair<std::vector<std::string>, uint64_t>> pieces;
  for (const auto& [bytes, count] : counts) {
    pieces.emplace_back();
    for (const char c : bytes) pieces.back().first.emplace_back(1, c);
    pieces.back().second = count;
  }
  while (definition.entries.size() < options.entry_count) {
    std::map<std::pair<std::string, std::string>, uint64_t> pairs;
    for (const auto& [symbols, count] : pieces) {
      for (size_t i = 0; i + 1 < symbols.size(); ++i) pairs[{symbols[i], symbols[i + 1]}] += count;
    }
    // Of a map in order the first of the greatest is the bytewise smallest.
    std::optional<std::pair<std::string, std::string>> best;
    uint64_t best_count = options.min_pair_count - 1;
    for (const auto& [pair, count] : pairs) {
      if (count <= best_count || pair.first.size() + pair.second.size() > options.max_entry_bytes) continue;
      best = pair;
      best_count = count;
    }
    if (!best) break;
    const uint32_t left = ids.at(best->first);
    const uint32_t right = ids.at(best->second);
    definition.merges.push_back({.left = left, .right = right, .result = add(best->first + best->second)});
    for (auto& [symbols, count] : pieces) {
      std::vector<std::string> merged;
      for (size_t i = 0; i < symbols.size(); ++i) {
        const bool here = i + 1 < symbols.size() && symbols[i] == best->first && symbols[i + 1] == best->second;
        merged.push_back(here ? symbols[i] + symbols[i + 1] : symbols[i]);
        if (here) ++i;
      }
      symbols = merged;
    }
  }
  return definition;
}

void expect_twins(const Counts& counts, const TrainOptions& options) {
  const auto trained = train_on(counts, options);
  ASSERT_TRUE(trained.has_value()) << trained.error().message;
  EXPECT_TRUE(validate(*trained).has_value());
  EXPECT_EQ(*trained, naive_train(counts, options));
}

std::vector<std::string> merges_of(const Definition& definition) {
  std::vector<std::string> merges;
  for (const Merge& merge : definition.merges) {
    merges.push_back(std::string(definition.entries.bytes(merge.left)) + "+" +
                     std::string(definition.entries.bytes(merge.right)));
  }
  return merges;
}

// The example of Sennrich, Haddow and Birch's paper, whose merges it lists; "e s" and "s t" are equally
// frequent there too.
TEST(Train, MergesTheMostFrequentPairFirst) {
  const Counts counts = {{"low_", 5}, {"lower_", 2}, {"newest_", 6}, {"widest_", 3}};
  const auto trained = train_on(counts, {.entry_count = 256 + 6});
  ASSERT_TRUE(trained.has_value());
  EXPECT_EQ(merges_of(*trained), (std::vector<std::string>{"e+s", "es+t", "est+_", "l+o", "lo+w", "e+w"}));
  expect_twins(counts, {.entry_count = 300, .min_pair_count = 1});
}

TEST(Train, EqualPairsGoByTheirBytes) {
  const auto trained = train_on({{"zy", 3}, {"ab", 3}, {"\xff\x01", 3}, {"aa", 3}}, {});
  ASSERT_TRUE(trained.has_value());
  EXPECT_EQ(merges_of(*trained), (std::vector<std::string>{"a+a", "a+b", "z+y", "\xff+\x01"}));
}

TEST(Train, RepeatedBytesMergeFromTheLeft) {
  for (size_t length = 1; length <= 40; ++length) {
    expect_twins({{std::string(length, 'a'), 3}, {std::string(length / 2 + 1, 'a') + "b", 2}}, {.entry_count = 280});
  }
}

TEST(Train, EveryShortCorpusOverTwoBytesEqualsTheTwin) {
  for (size_t length = 2; length <= 8; ++length) {
    for (uint32_t bits = 0; bits < (1U << length); ++bits) {
      std::string text;
      for (size_t i = 0; i < length; ++i) text += (bits >> i & 1) != 0 ? 'b' : 'a';
      // A second piece makes pairs' counts cross.
      expect_twins({{text, 2}, {text.substr(length / 2) + text.substr(0, 2), 1}},
                   {.entry_count = 270, .min_pair_count = 1});
      if (HasFailure()) FAIL() << text;
    }
  }
}

TEST(Train, RandomCorporaEqualTheTwin) {
  EXPECT_TRUE(rc::check("incremental counts equal counting anew", [] {
    const auto letters =
        *rc::gen::element<std::string>("ab", "abc", "abcdefgh", std::string("\x00\xe4\xb8\xad\xff ", 6));
    const auto counts = *rc::gen::container<Counts>(
        rc::gen::pair(rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(letters))),
                      rc::gen::inRange<uint64_t>(0, 5)));
    const TrainOptions options = {.entry_count = *rc::gen::inRange<uint32_t>(256, 400),
                                  .min_pair_count = *rc::gen::inRange<uint64_t>(1, 4),
                                  .max_entry_bytes = *rc::gen::inRange<uint32_t>(2, 12),
                                  .progress = {}};
    const auto trained = train_on(counts, options);
    RC_ASSERT(trained.has_value());
    RC_ASSERT(*trained == naive_train(counts, options));
  }));
}

TEST(Train, OrderAndGroupingOfPiecesDoNotMatter) {
  const Counts counts = {{"abab", 4}, {"bcab", 7}, {"cabcab", 2}, {"ba", 9}, {"abcabcabc", 1}};
  const auto expected = train_on(counts, {.entry_count = 300, .min_pair_count = 1});
  Counts split;
  for (const auto& [bytes, count] : counts) {
    for (uint64_t i = 0; i < count; ++i)
      split.emplace(split.begin() + static_cast<ptrdiff_t>(split.size() / 2), bytes, 1);
  }
  EXPECT_EQ(train_on(split, {.entry_count = 300, .min_pair_count = 1}), expected);
}

// "abc" comes of (ab, c) where "ab" was made first and of (a, bc) elsewhere.
TEST(Train, AMergeToAnEntryThatIsThereAddsNone) {
  const Counts counts = {{"ab", 50}, {"bc", 45}, {"abc", 20}, {"xbc", 40}, {"dabc", 3}};
  expect_twins(counts, {.entry_count = 300, .min_pair_count = 1});
  const auto trained = train_on(counts, {.entry_count = 300, .min_pair_count = 1});
  ASSERT_TRUE(trained.has_value());
  EXPECT_LE(trained->entries.size(), 256 + trained->merges.size());
}

TEST(Train, StopsWhereItIsTold) {
  EXPECT_EQ(train_on({{"abc", 5}}, {.entry_count = 256})->merges.size(), 0U);
  EXPECT_EQ(train_on({{"abc", 5}}, {.entry_count = 257})->merges.size(), 1U);
  EXPECT_EQ(train_on({{"abc", 5}}, {.min_pair_count = 5})->merges.size(), 2U);
  EXPECT_EQ(train_on({{"abc", 5}}, {.min_pair_count = 6})->merges.size(), 0U);
  EXPECT_EQ(train_on({{"abc", 5}}, {.max_entry_bytes = 2})->merges.size(), 1U);
  EXPECT_EQ(train_on({}, {})->entries.size(), 256U);
  std::string text;
  for (uint32_t i = 0, random = 1; i < 4000; ++i) {
    random = random * 1664525 + 1013904223;
    text += static_cast<char>('a' + (random >> 24) % 11);
  }
  std::vector<uint32_t> told;
  const auto stopped = train_on({{text, 1}}, {.progress = [&](uint32_t entries) {
                                  told.push_back(entries);
                                  return told.size() < 2;
                                }});
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
  EXPECT_EQ(told.size(), 2U);
}

TEST(Train, RefusesWhatCannotBe) {
  const auto code_of = [](const Counts& counts, const TrainOptions& options) {
    const auto trained = train_on(counts, options);
    return trained ? std::optional<ErrorCode>() : trained.error().code;
  };
  EXPECT_EQ(code_of({}, {.entry_count = 255}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({}, {.entry_count = kMaxEntries + 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({}, {.min_pair_count = 0}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({}, {.max_entry_bytes = 1}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of({{"", 1}}, {}), ErrorCode::invalid_argument);
  constexpr uint64_t kMost = uint64_t{1} << 62;
  EXPECT_EQ(code_of({{"a", kMost}}, {}), std::nullopt);
  EXPECT_EQ(code_of({{"a", kMost + 1}}, {}), ErrorCode::out_of_range);
  EXPECT_EQ(code_of({{"a", kMost}, {"a", 1}}, {}), ErrorCode::out_of_range);
  EXPECT_EQ(code_of({{"abc", kMost}}, {}), ErrorCode::out_of_range);
  EXPECT_EQ(code_of({{"a", UINT64_MAX}}, {}), ErrorCode::out_of_range);
}

}  // namespace
}  // namespace tribute::bpe
