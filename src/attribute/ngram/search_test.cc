#include "ngram/search.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "base/testing/stride.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Library;
using testing::Random;
using testing::Tokens;

// All suffixes of a segment's documents, by comparing them: the twin of the file's pages.
struct Suffix {
  uint64_t position;
  Tokens tokens;
};

std::vector<Suffix> suffixes_of(const std::vector<Document>& documents) {
  std::vector<Suffix> suffixes;
  uint64_t position = 0;
  for (const Document& document : documents) {
    for (auto at = document.tokens.begin(); at != document.tokens.end(); ++at) {
      suffixes.push_back({position++, {at, document.tokens.end()}});
    }
    ++position;
  }
  std::ranges::stable_sort(suffixes, {}, &Suffix::tokens);
  return suffixes;
}

std::vector<Document> random_documents(Random& random, uint32_t vocabulary_size, uint32_t count) {
  std::vector<Document> documents;
  for (uint32_t i = 0; i < count; ++i) {
    documents.push_back(document_of(i, 1, random.text(vocabulary_size, std::min(vocabulary_size, 3U), 40, documents)));
  }
  return documents;
}

TEST(SegmentSearch, FindsWhatComparingFinds) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const uint32_t vocabulary_size = *rc::gen::element(1U, 2U, 3U, 255U, 256U, 65'535U, 65'536U, 1U << 18);
    const auto documents = random_documents(random, vocabulary_size, random.below(12));
    Library library(vocabulary_size);
    const Segment segment = library.segment(documents);
    const auto suffixes = suffixes_of(documents);
    RC_ASSERT(segment.token_count() == suffixes.size());
    for (uint64_t rank = 0; rank < suffixes.size(); ++rank) {
      RC_ASSERT(segment.position_of(rank) == suffixes[rank].position);
    }
    DocumentSet dead(segment.document_count());
    for (uint32_t i = 0; i < segment.document_count(); ++i) {
      if (random.chance(300)) dead.insert(DocId{i});
    }
    const SegmentSearch search(segment);
    const SegmentSearch live_search(segment, &dead);
    for (int k = 0; k < 20; ++k) {
      const Tokens text = random.text(vocabulary_size, std::min(vocabulary_size, 3U), 20, documents);
      uint32_t longest = 0;
      uint32_t live_longest = 0;
      for (const Suffix& suffix : suffixes) {
        const auto shared = static_cast<uint32_t>(std::ranges::mismatch(text, suffix.tokens).in1 - text.begin());
        longest = std::max(longest, shared);
        if (!dead.contains(segment.document_at(suffix.position))) live_longest = std::max(live_longest, shared);
      }
      RC_ASSERT(search.longest_match(text) == longest);
      RC_ASSERT(live_search.longest_match(text) == live_longest);
      if (text.empty()) continue;
      const RankRange range = search.find(text);
      for (uint64_t rank = 0; rank < suffixes.size(); ++rank) {
        const Tokens& tokens = suffixes[rank].tokens;
        const bool begins = tokens.size() >= text.size() && std::equal(text.begin(), text.end(), tokens.begin());
        RC_ASSERT(begins == (range.begin <= rank && rank < range.end));
      }
    }
    RC_ASSERT(segment.status().has_value());
  }));
}

// The least position of any range, with any documents dead.
TEST(SegmentSearch, FindsTheFirstPositionOfAnyRange) {
  Random random(3);
  std::vector<Document> documents;
  for (uint32_t i = 0; i < 5000; ++i) {
    Tokens tokens;
    for (uint32_t k = random.below(60); k > 0; --k) tokens.emplace_back(random.below(3));
    documents.push_back(document_of(i, 1, std::move(tokens)));
  }
  Library library(3);
  const Segment segment = library.segment(documents);
  ASSERT_GT(segment.layout().page_count(), kMinimaFanOut);
  for (const uint32_t dead_permille : {0U, 100U, 900U, 1000U}) {
    DocumentSet dead(segment.document_count());
    for (uint32_t i = 0; i < segment.document_count(); ++i) {
      if (random.chance(dead_permille)) dead.insert(DocId{i});
    }
    const SegmentSearch search(segment, &dead);
    for (uint32_t k = 0; k < 60; k += kTestStride) {
      const auto tokens = static_cast<uint32_t>(segment.token_count());
      const uint32_t begin = random.below(tokens);
      const uint32_t size = random.below(random.chance(500) ? tokens - begin : std::min(tokens - begin, 3000U)) + 1;
      std::optional<uint64_t> expected;
      for (uint64_t rank = begin; rank < uint64_t{begin} + size; ++rank) {
        const uint64_t position = segment.position_of(rank);
        if (dead.contains(segment.document_at(position))) continue;
        expected = std::min(expected.value_or(position), position);
      }
      ASSERT_EQ(search.first_position({begin, uint64_t{begin} + size}), expected) << begin << " " << size;
    }
  }
}

TEST(SegmentSearch, ADocumentsPlaceIsFoundAmongEmptyOnes) {
  std::vector<Document> documents;
  for (uint32_t i = 0; i < 2000; ++i) documents.push_back(document_of(i, 1, Tokens(i % 100 == 7 ? 60 : 0, TokenId{1})));
  Library library(2);
  const Segment segment = library.segment(documents);
  uint64_t position = 0;
  for (uint32_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(segment.text_begin(DocId{i}), position);
    for (size_t k = 0; k <= documents[i].tokens.size(); ++k) ASSERT_EQ(segment.document_at(position++), DocId{i});
  }
}

}  // namespace
}  // namespace tribute::ngram
