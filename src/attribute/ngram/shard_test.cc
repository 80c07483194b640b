#include "ngram/shard.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "ngram/naive_shard.h"
#include "ngram/partition.h"
#include "ngram/segment_shard.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Library;
using testing::Random;
using testing::Tokens;

// Every range that holds the suffixes with one beginning, with that one's length.
std::vector<std::pair<RankRange, uint64_t>> ranges_of(const Shard& shard, const std::vector<Tokens>& texts) {
  std::vector<std::pair<RankRange, uint64_t>> ranges = {{shard.suffixes(), 0}};
  for (const Tokens& text : texts) {
    if (text.empty()) continue;
    const std::span<const TokenId> run = text;
    const RankRange range = shard.find(std::span(&run, 1)).front();
    // Where nothing is found, the place does not matter.
    ranges.emplace_back(range.is_empty() ? RankRange{} : range, text.size());
  }
  return ranges;
}

// Of each text's suffixes, after the whole of it and after another text.
void expect_equal_tails(const Shard& shard, const Shard& naive, const std::vector<Tokens>& texts) {
  for (size_t i = 0; i < texts.size(); ++i) {
    Tokens longer = texts[(i + 1) % texts.size()];
    longer.insert(longer.end(), texts[i].begin(), texts[i].end());
    for (uint32_t length = 1; length <= texts[i].size(); ++length) {
      const auto suffix = std::span(texts[i]).last(length);
      const RankRange range = shard.find(std::span(&suffix, 1)).front();
      if (range.is_empty()) break;
      RC_ASSERT(shard.has_live(range) == naive.has_live(range));
      RC_ASSERT(shard.tails(range, longer, length) == naive.tails(range, longer, length));
      RC_ASSERT(shard.tails(range, texts[i], length) == naive.tails(range, texts[i], length));
    }
  }
}

void expect_equal(const Shard& shard, const Shard& naive, const std::vector<Tokens>& texts) {
  RC_ASSERT(shard.document_count() == naive.document_count());
  RC_ASSERT(shard.live() == naive.live());
  RC_ASSERT(shard.position_end() == naive.position_end());
  RC_ASSERT(shard.suffixes() == naive.suffixes());
  RC_ASSERT(shard.vocabulary_size() == naive.vocabulary_size());
  const auto ranges = ranges_of(shard, texts);
  RC_ASSERT(ranges == ranges_of(naive, texts));
  for (const auto& [range, length] : ranges) {
    RC_ASSERT(shard.count(range) == naive.count(range));
    RC_ASSERT(shard.continuations(range, length) == naive.continuations(range, length));
    std::vector<uint64_t> positions(range.size());
    std::vector<uint64_t> expected(range.size());
    shard.positions(range, positions);
    naive.positions(range, expected);
    RC_ASSERT(positions == expected);
  }
  for (const Tokens& text : texts) {
    RC_ASSERT(shard.longest_matches(text) == naive.longest_matches(text));
  }
  expect_equal_tails(shard, naive, texts);
  for (uint64_t i = 0; i < shard.document_count(); ++i) {
    RC_ASSERT(shard.document(i) == naive.document(i));
    RC_ASSERT(shard.find_document(shard.document(i).id) == i);
  }
  RC_ASSERT(!shard.find_document(1'000'000'000).has_value());
  for (uint64_t position = 0; position < shard.position_end(); ++position) {
    RC_ASSERT(shard.document_at(position) == naive.document_at(position));
    RC_ASSERT(shard.tokens(position, 3) == naive.tokens(position, 3));
    RC_ASSERT(shard.tokens(position, 0).empty());
  }
  RC_ASSERT(shard.status().has_value());
}

TEST(SegmentShard, SaysWhatTheNaiveOneSays) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const uint32_t vocabulary_size = *rc::gen::element(1U, 2U, 3U, 256U, 65'536U, 1U << 18);
    const uint32_t alphabet = std::min(vocabulary_size, 3U);
    std::vector<Document> documents;
    for (uint32_t i = random.below(10); i > 0; --i) {
      documents.push_back(document_of(documents.size() * 3, 1, random.text(vocabulary_size, alphabet, 60, documents)));
    }
    std::vector<NaiveDocument> naive;
    DocumentSet dead(static_cast<uint32_t>(documents.size()));
    const uint32_t dead_permille = *rc::gen::element(0U, 300U);
    for (uint32_t i = 0; i < documents.size(); ++i) {
      const bool is_dead = random.chance(dead_permille);
      if (is_dead) dead.insert(DocId{i});
      naive.push_back({documents[i].entry.value(), documents[i].tokens, !is_dead});
    }
    Library library(vocabulary_size, random.chance(500) ? PageLayout::disk : PageLayout::standard);
    const Segment segment = library.segment(documents);
    std::vector<Tokens> texts;
    for (int i = 0; i < 12; ++i) texts.push_back(random.text(vocabulary_size, alphabet, 8, documents));
    texts.push_back({TokenId{vocabulary_size}});
    expect_equal(SegmentShard(segment, dead_permille == 0 ? nullptr : &dead), NaiveShard(naive, vocabulary_size),
                 texts);
  }));
}

TEST(Partition, IsTheGroupingOfAllKeysForAFewOfTheReads) {
  EXPECT_TRUE(rc::check([] {
    const auto sizes = *rc::gen::container<std::vector<uint16_t>>(rc::gen::inRange<uint16_t>(1, 2000));
    const uint64_t begin = *rc::gen::inRange<uint64_t>(0, 100);
    std::vector<uint64_t> keys(begin, 99'999);
    std::vector<KeyedRange> expected;
    for (size_t i = 0; i < sizes.size(); ++i) {
      expected.push_back({i * 7, {keys.size(), keys.size() + sizes[i]}});
      keys.resize(keys.size() + sizes[i], i * 7);
    }
    uint64_t reads = 0;
    const auto parts = partition({begin, keys.size()}, [&](std::span<const uint64_t> ranks, std::span<uint64_t> out) {
      RC_ASSERT(ranks.size() == out.size());
      reads += ranks.size();
      for (size_t i = 0; i < ranks.size(); ++i) out[i] = keys.at(ranks[i]);
    });
    RC_ASSERT(parts == expected);
    RC_ASSERT(reads <= keys.size() - begin);
    RC_ASSERT(reads <= 34 + sizes.size() * 17);
  }));
}

// Exhaustively: all sequences of keys below 3 up to length 9, and one that falls.
TEST(Partition, TilesTheRangeWhateverTheKeys) {
  for (uint32_t length = 0; length <= 9; ++length) {
    uint32_t sequences = 1;
    for (uint32_t i = 0; i < length; ++i) sequences *= 3;
    for (uint32_t code = 0; code < sequences; ++code) {
      std::vector<uint64_t> keys;
      for (uint32_t i = 0, rest = code; i < length; ++i, rest /= 3) keys.push_back(rest % 3);
      uint64_t end = 0;
      for (const auto& [key, range] : partition({0, length}, [&](auto ranks, auto out) {
             std::ranges::transform(ranks, out.begin(), [&](uint64_t rank) { return keys[rank]; });
           })) {
        ASSERT_EQ(range.begin, end);
        ASSERT_FALSE(range.is_empty());
        for (uint64_t rank = range.begin; rank < range.end; ++rank) ASSERT_EQ(keys[rank], key);
        end = range.end;
      }
      ASSERT_EQ(end, length);
    }
  }
  const auto falling = partition({0, 1000}, [](auto ranks, auto out) {
    std::ranges::transform(ranks, out.begin(), [](uint64_t rank) { return 1000 - rank; });
  });
  EXPECT_EQ(falling.size(), 1000);
}

}  // namespace
}  // namespace tribute::ngram
