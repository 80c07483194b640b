#include "bpe/encoder.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "base/testing/stride.h"
#include "bpe/naive.h"
#include "bpe/rank_queue.h"
#include "bpe/testing/definitions.h"

namespace tribute::bpe {
namespace {

using testing::below;
using testing::Random;

struct Slice {
  uint32_t begin = 0;
  uint32_t end = 0;
};

std::vector<uint32_t> encode(Encoder& encoder, std::string_view text, const std::vector<Slice>& pieces) {
  std::vector<TokenId> tokens;
  const auto done = encoder.encode<Slice>(text, pieces, tokens);
  EXPECT_TRUE(done.has_value()) << done.error().message;
  std::vector<uint32_t> ids;
  for (const TokenId token : tokens) ids.push_back(token.value());
  return ids;
}

std::vector<uint32_t> encode(Encoder& encoder, std::string_view piece) {
  return encode(encoder, piece, {{.begin = 0, .end = static_cast<uint32_t>(piece.size())}});
}

const std::vector<std::string> kBytes{"a", "b", "c", "\xff"};
const std::vector<std::string> kCharacters{"a", "b", "\xc3\xa9", "\xe4\xb8\xad", "\xf0\x9f\x98\x80", "\xff", "\x80"};

// Many pieces in one text, so that every width of load and batch is met; each twice, so that the cache answers.
void compare(Random& random, const Definition& definition, const std::vector<std::string>& letters) {
  const auto model = Model::build(definition);
  RC_ASSERT(model.has_value());
  const NaiveEncoder naive(definition);
  Encoder encoder(*model);
  std::string text;
  std::vector<Slice> pieces;
  std::vector<uint32_t> expected;
  for (int i = 0; i < 60; ++i) {
    const size_t count = 1 + below(random, i % 10 == 0 ? 150 : i % 3 == 0 ? 40 : 12);
    const std::string piece = testing::random_piece(random, letters, count);
    const std::vector<uint32_t> ids = naive.encode(piece);
    for (int twice = 0; twice < 2; ++twice) {
      pieces.push_back(
          {.begin = static_cast<uint32_t>(text.size()), .end = static_cast<uint32_t>(text.size() + piece.size())});
      text += piece;
      expected.insert(expected.end(), ids.begin(), ids.end());
    }
  }
  RC_ASSERT(encode(encoder, text, pieces) == expected);
}

TEST(Encoder, EqualsItsNaiveTwin) {
  EXPECT_TRUE(rc::check("listed merges of bytes", [](uint64_t seed) {
    Random random(seed);
    compare(random, testing::random_listed(random, kBytes, 1 + below(random, 80), Symbols::bytes), kBytes);
  }));
  EXPECT_TRUE(rc::check("listed merges of characters", [](uint64_t seed) {
    Random random(seed);
    compare(random, testing::random_listed(random, kCharacters, 1 + below(random, 80), Symbols::characters),
            kCharacters);
  }));
  EXPECT_TRUE(rc::check("merges by result", [](uint64_t seed) {
    Random random(seed);
    compare(random, testing::random_by_result(random, "abc", 1 + below(random, 120)), kBytes);
  }));
}

TEST(Encoder, EqualsItsNaiveTwinOnAllShortPieces) {
  Random random(7);
  for (int round = 0; round < 20; ++round) {
    const Definition definition = round % 2 == 0 ? testing::random_listed(random, {"a", "b"}, 12, Symbols::bytes)
                                                 : testing::random_by_result(random, "ab", 12);
    const Model model = Model::build(definition).value();
    const NaiveEncoder naive(definition);
    Encoder encoder(model);
    for (uint32_t size = 1; size <= 10; ++size) {
      for (uint32_t bits = 0; bits < 1U << size; bits += kTestStride) {
        std::string piece;
        for (uint32_t i = 0; i < size; ++i) piece.push_back((bits >> i & 1) != 0 ? 'b' : 'a');
        ASSERT_EQ(encode(encoder, piece), naive.encode(piece)) << piece << " in round " << round;
      }
    }
  }
}

// What a tokenizer's file says of each step, on a piece whose greedy longest match would differ.
TEST(Encoder, MergesTheLowestRankFirstAndTheLeftmostOfEquals) {
  Definition definition = testing::byte_definition();
  const uint32_t bc = definition.entries.size();
  definition.entries.append("bc", EntryUse::text);
  definition.entries.append("ab", EntryUse::text);
  definition.entries.append("aa", EntryUse::text);
  definition.merges = {{'b', 'c', bc}, {'a', 'b', bc + 1}, {'a', 'a', bc + 2}};
  const Model model = Model::build(definition).value();
  Encoder encoder(model);
  EXPECT_EQ(encode(encoder, "abc"), (std::vector<uint32_t>{'a', bc}));
  EXPECT_EQ(encode(encoder, "abab"), (std::vector<uint32_t>{bc + 1, bc + 1}));
  EXPECT_EQ(encode(encoder, "aaa"), (std::vector<uint32_t>{bc + 2, 'a'}));
}

TEST(Encoder, IgnoresMergesForAnEntryThatTheyDoNotReach) {
  Definition definition = testing::byte_definition();
  definition.entries.append("abc", EntryUse::text);
  const std::string long_entry(40, 'z');
  definition.entries.append(long_entry, EntryUse::text);
  for (const bool ignore : {false, true}) {
    definition.ignore_merges = ignore;
    const Model model = Model::build(definition).value();
    Encoder encoder(model);
    EXPECT_EQ(encode(encoder, "abc"), ignore ? std::vector<uint32_t>{256} : (std::vector<uint32_t>{'a', 'b', 'c'}));
    EXPECT_EQ(encode(encoder, "abcd"), (std::vector<uint32_t>{'a', 'b', 'c', 'd'}));
    EXPECT_EQ(encode(encoder, long_entry), ignore ? std::vector<uint32_t>{257} : std::vector<uint32_t>(40, 'z'));
    // A part between cuts is no piece: the entry does not stand for it.
    EXPECT_EQ(encode(encoder, long_entry + long_entry), std::vector<uint32_t>(80, 'z'));
  }
}

// "a" doubles up to 2^12 letters: the worst of merging is repetition.
Definition doubling(MergeOrder order) {
  Definition definition = testing::byte_definition();
  definition.order = order;
  uint32_t part = 'a';
  for (size_t size = 2; size <= 4096; size *= 2) {
    const uint32_t result = definition.entries.size();
    definition.entries.append(std::string(size, 'a'), EntryUse::text);
    if (order == MergeOrder::listed) definition.merges.push_back({.left = part, .right = part, .result = result});
    part = result;
  }
  return definition;
}

TEST(Encoder, LongRunsTakeAboutLinearTime) {
  for (const MergeOrder order : {MergeOrder::listed, MergeOrder::by_result}) {
    const Definition definition = doubling(order);
    const Model model = Model::build(definition).value();
    Encoder encoder(model);
    for (const size_t size : {95U, 96U, 97U, 98U, 1000U}) {
      EXPECT_EQ(encode(encoder, std::string(size, 'a')), NaiveEncoder(definition).encode(std::string(size, 'a')));
    }
    // In quadratic time it would not come back.
    const size_t size = size_t{1} << 20;
    EXPECT_EQ(encode(encoder, std::string(size, 'a')), std::vector<uint32_t>(size / 4096, 256 + 11));
  }
}

// Number 0 has no bit by which it could be told from nothing.
TEST(Encoder, IgnoresMergesForTheFirstEntryToo) {
  Definition definition;
  definition.order = MergeOrder::by_result;
  definition.ignore_merges = true;
  definition.entries.append("aaa", EntryUse::text);  // which no merge reaches
  for (uint32_t byte = 0; byte < 256; ++byte) {
    definition.entries.append(std::string(1, static_cast<char>(static_cast<uint8_t>(byte))), EntryUse::text);
  }
  const auto model = Model::build(definition);
  ASSERT_TRUE(model.has_value()) << model.error().message;
  Encoder encoder(*model);
  EXPECT_EQ(encode(encoder, "aaa"), std::vector<uint32_t>{0});
  EXPECT_EQ(NaiveEncoder(definition).encode("aaa"), std::vector<uint32_t>{0});
}

TEST(Encoder, RefusesAPieceThatIsTooLongToMerge) {
  const Model model = Model::build(doubling(MergeOrder::listed)).value();
  Encoder encoder(model);
  std::vector<TokenId> tokens;
  const std::string text(kMaxPieceBytes + 1, 'a');
  const std::vector<Slice> pieces{{.begin = 0, .end = static_cast<uint32_t>(text.size())}};
  const auto refused = encoder.encode<Slice>(text, pieces, tokens);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::resource_exhausted);
}

TEST(RankQueue, GivesTheLowestRankAndPlaceFirst) {
  EXPECT_TRUE(rc::check("equals a set", [](uint64_t seed) {
    Random random(seed);
    RankQueue queue(10);
    std::set<std::pair<uint32_t, uint32_t>> twin;
    uint32_t rank = 0;
    uint32_t place = 0;
    for (int i = 0; i < 300; ++i) {
      const std::pair<uint32_t, uint32_t> both{below(random, 10), below(random, 50)};
      if (random() % 3 != 0) {
        if (twin.insert(both).second) queue.push(both.first, both.second);
        continue;
      }
      RC_ASSERT(queue.pop(rank, place) == !twin.empty());
      if (twin.empty()) continue;
      RC_ASSERT(std::pair(rank, place) == *twin.begin());
      twin.erase(twin.begin());
    }
  }));
}

}  // namespace
}  // namespace tribute::bpe
