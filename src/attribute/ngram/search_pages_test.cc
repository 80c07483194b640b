// Searches in segments of many pages, through the directory, against a look at every suffix.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/testing/stride.h"
#include "ngram/search.h"
#include "ngram/segment_writer.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::alike_up_to_their_ends;
using testing::copies_of_one;
using testing::document_of;
using testing::Library;
using testing::periods_and_fibonacci_words;
using testing::Random;
using testing::random_phrase;
using testing::random_tokens;
using testing::texts_of;
using testing::Tokens;

// The symbols from each rank's position up to its document's separator, by reading the documents.
class EverySuffix {
 public:
  EverySuffix(const Segment& segment, const std::vector<Document>& documents) : segment_(segment) {
    for (const Document& document : documents) {
      for (const TokenId token : document.tokens) text_.push_back(token.value() + 1);
      text_.push_back(0);
    }
  }

  uint32_t shared(uint64_t rank, std::span<const TokenId> run) const {
    const uint64_t position = segment_.position_of(rank);
    uint32_t length = 0;
    while (length < run.size() && text_[position + length] == run[length].value() + 1) ++length;
    return length;
  }
  // Whether the suffix, which shares so many tokens with the run and not all, stands before it.
  bool is_below(uint64_t rank, std::span<const TokenId> run, uint32_t shared) const {
    return text_[segment_.position_of(rank) + shared] < run[shared].value() + 1;
  }
  bool is_in_order() const {
    const auto suffix = [&](uint64_t rank) { return std::span(text_).subspan(segment_.position_of(rank)); };
    for (uint64_t rank = 1; rank < segment_.token_count(); ++rank) {
      const auto before = suffix(rank - 1);
      const auto at = suffix(rank);
      size_t i = 0;
      while (before[i] == at[i] && before[i] != 0) ++i;
      if (before[i] > at[i] || (before[i] == at[i] && before.data() > at.data())) return false;
    }
    return true;
  }

 private:
  const Segment& segment_;
  std::vector<uint32_t> text_;
};

void expect_right_answers(const std::vector<Document>& documents, uint32_t vocabulary_size,
                          const std::vector<Tokens>& texts, PageLayout page_layout) {
  Library library(vocabulary_size, page_layout);
  const Segment segment = library.segment(documents);
  ASSERT_GT(segment.layout().page_count(), 4U);
  const EverySuffix every(segment, documents);
  ASSERT_TRUE(every.is_in_order());
  const SegmentSearch search(segment);
  std::vector<std::span<const TokenId>> runs;
  Tokens all;
  std::vector<Run> places;
  for (const Tokens& text : texts) {
    runs.emplace_back(text);
    places.push_back({static_cast<uint32_t>(all.size()), static_cast<uint32_t>(all.size() + text.size())});
    all.insert(all.end(), text.begin(), text.end());
  }
  const std::vector<RankRange> ranges = search.find(all, places);
  for (size_t i = 0; i < runs.size(); i += kTestStride) {
    uint32_t longest = 0;
    RankRange expected;
    for (uint64_t rank = 0; rank < segment.token_count(); ++rank) {
      const uint32_t shared = every.shared(rank, runs[i]);
      longest = std::max(longest, shared);
      if (shared == runs[i].size()) {
        expected.end = rank + 1;
      } else if (every.is_below(rank, runs[i], shared)) {
        expected = {rank + 1, rank + 1};
      }
    }
    EXPECT_EQ(ranges[i], expected) << i << " of " << runs[i].size() << " tokens";
    EXPECT_EQ(search.find(runs[i]), ranges[i]) << "alone: " << i;
    EXPECT_EQ(search.longest_match(runs[i]), longest) << i;
    if (runs[i].size() > 600) continue;
    const std::vector<uint32_t> matches = search.longest_matches(runs[i]);
    for (size_t at = 0; at < matches.size(); at += 1 + matches.size() / 8) {
      EXPECT_EQ(matches[at], search.longest_match(runs[i].subspan(at))) << i << " at " << at;
    }
  }
  EXPECT_TRUE(segment.status().has_value());
}

void expect_right_answers(const std::vector<Document>& documents, uint32_t vocabulary_size,
                          const std::vector<Tokens>& texts) {
  expect_right_answers(documents, vocabulary_size, texts, PageLayout::standard);
  expect_right_answers(documents, vocabulary_size, texts, PageLayout::disk);
}

TEST(SearchPages, RandomTokensOfEveryWidth) {
  Random random(1);
  for (const uint32_t vocabulary_size : {1U, 2U, 3U, 255U, 256U, 32'768U, 50'257U, 65'535U, 65'536U, 1U << 18}) {
    std::vector<Document> documents;
    for (uint32_t i = 0; i < 60; ++i)
      documents.push_back(document_of(i, 1, random_tokens(random, vocabulary_size, 300)));
    expect_right_answers(documents, vocabulary_size, texts_of(random, documents, vocabulary_size, 12, 60));
  }
}

// As in real text, pages begin among suffixes that share a phrase and end behind these, so that what a run shares with
// a page's first suffix and with others of the page are two things. Of each range the suffixes at both edges are
// looked at: all others follow from the order.
TEST(SearchPages, PhrasesThatFillPages) {
  for (uint64_t seed = 0; seed < 24; seed += kTestStride) {
    Random random(seed);
    Tokens text;
    while (text.size() < 80'000) {
      const Tokens phrase = random_phrase(random, 30);
      text.insert(text.end(), phrase.begin(), phrase.end());
    }
    const std::vector<Document> documents = {document_of(1, 1, text)};
    Library library(40);
    const Segment segment = library.segment(documents);
    const EverySuffix every(segment, documents);
    ASSERT_TRUE(every.is_in_order());
    const SegmentSearch search(segment);
    for (int i = 0; i < 10'000; ++i) {
      const Tokens phrase = random_phrase(random, 700);
      const uint32_t begin = random.below(6);
      const auto run = std::span(phrase).subspan(begin, 1 + random.below(static_cast<uint32_t>(phrase.size()) - begin));
      const RankRange range = search.find(run);
      const auto is_in = [&](uint64_t rank) { return every.shared(rank, run) == run.size(); };
      const auto is_below = [&](uint64_t rank) {
        return !is_in(rank) && every.is_below(rank, run, every.shared(rank, run));
      };
      ASSERT_TRUE(range.begin == 0 || is_below(range.begin - 1)) << seed;
      ASSERT_TRUE(range.begin == segment.token_count() || !is_below(range.begin)) << seed;
      ASSERT_TRUE(range.is_empty() || is_in(range.end - 1)) << seed;
      ASSERT_TRUE(range.end == segment.token_count() || !is_in(range.end)) << seed;
    }
  }
}

TEST(SearchPages, OneToken) {
  const std::vector<Document> documents = {document_of(1, 1, Tokens(12'000, TokenId{0})),
                                           document_of(2, 1, Tokens(7'000, TokenId{0}))};
  std::vector<Tokens> texts;
  for (const uint32_t size : {1U, 2U, 100U, 4095U, 4096U, 4097U, 6999U, 7000U, 7001U, 11'999U, 12'000U, 12'001U}) {
    texts.emplace_back(size, TokenId{0});
    texts.push_back(texts.back());
    texts.back().emplace_back(1U);
  }
  expect_right_answers(documents, 1, texts);
  expect_right_answers(documents, 50'000, texts);
}

TEST(SearchPages, PeriodsAndFibonacciWords) {
  Random random(2);
  const std::vector<Document> documents = periods_and_fibonacci_words(20'000);
  expect_right_answers(documents, 2, texts_of(random, documents, 2, 9000, 40));
}

TEST(SearchPages, ManyCopiesOfOneDocument) {
  Random random(3);
  const std::vector<Document> documents = copies_of_one(random_tokens(random, 50'000, 20), 3000);
  expect_right_answers(documents, 50'000, texts_of(random, documents, 50'000, 20, 60));
}

// More tokens are shared than the directory compares.
TEST(SearchPages, LongDocumentsThatDifferAtTheirEnds) {
  Random random(4);
  const std::vector<Document> documents = alike_up_to_their_ends(random, 300, kMaxShared + 900, 40);
  expect_right_answers(documents, 300, texts_of(random, documents, 300, kMaxShared + 903, 40));
}

// A writer that is wrong or hostile can make checksums that fit: answers may be any, within their ranges.
TEST(SearchPages, WrongFilesLeadNowhereElse) {
  Random random(5);
  SegmentWriter writer(50'000);
  std::vector<Document> documents;
  for (uint32_t i = 0; i < 40; ++i) {
    documents.push_back(document_of(i, 1, i % 2 == 0 ? random_tokens(random, 50'000, 300) : documents.back().tokens));
    ASSERT_TRUE(writer.add(EntryIndex{i}, EntryIndex{1}, documents.back().tokens).has_value());
  }
  const std::string good = std::move(writer).finish();
  const SegmentLayout layout(parse_header(good)->shape);
  ASSERT_GT(layout.page_count(), 4U);
  const std::vector<Tokens> texts = texts_of(random, documents, 50'000, 40, 30);
  for (int trial = 0; trial < 200; ++trial) {
    std::string bad = good;
    for (const Section section : {Section::directory, Section::suffixes, Section::text, Section::minima}) {
      const Extent extent = layout.of(section);
      for (uint32_t i = random.below(8); i > 0; --i) {
        bad[extent.begin + random.below(static_cast<uint32_t>(extent.size))] = static_cast<char>(random.below(256));
      }
    }
    io::MemoryFileSystem files;
    ASSERT_TRUE(io::write_file_atomically(files, "x", resealed(bad)).has_value());
    const auto segment = Segment::open_file(files, "x");
    ASSERT_TRUE(segment.has_value());
    const SegmentSearch search(*segment);
    for (const Tokens& text : texts) {
      const RankRange range = search.find(text);
      ASSERT_TRUE(range.begin <= range.end && range.end <= segment->token_count());
      ASSERT_LE(search.first_position(range).value_or(0), layout.symbol_count());
      for (const uint32_t length : search.longest_matches(text)) ASSERT_LE(length, text.size());
    }
  }
}

}  // namespace
}  // namespace tribute::ngram
