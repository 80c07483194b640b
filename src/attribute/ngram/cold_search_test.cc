// Searches by reads of blocks, against those in memory, in both layouts.
#include "ngram/cold_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/testing/stride.h"
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

constexpr std::array kLayouts = {PageLayout::standard, PageLayout::disk};

// The same segment for both kinds of search.
struct Opened {
  Opened(Library& library, const std::vector<Document>& documents)
      : files(library.files()),
        name(library.write_segment(documents)),
        whole(*Segment::open(files, ".", name)),
        columns(*Segment::open_columns(files, ".", name)) {}

  ColdSearch cold(uint64_t cached_blocks) const {
    return std::move(*ColdSearch::open(files, columns, {.cached_blocks = cached_blocks}));
  }

  io::FileSystem& files;
  Hash256 name;
  Segment whole;
  Segment columns;
};

// Texts one after another, each as a run.
struct Runs {
  explicit Runs(const std::vector<Tokens>& texts) {
    for (const Tokens& part : texts) {
      const auto begin = static_cast<uint32_t>(text.size());
      text.insert(text.end(), part.begin(), part.end());
      runs.push_back({begin, static_cast<uint32_t>(text.size())});
    }
  }
  Tokens text;
  std::vector<Run> runs;
};

std::vector<uint64_t> positions_of(const SegmentSearch& search, RankRange range) {
  std::vector<uint64_t> positions;
  search.for_each_positions(range, [&](std::span<const uint64_t> some) {
    positions.insert(positions.end(), some.begin(), some.end());
    return true;
  });
  return positions;
}

std::string shown(const Tokens& tokens) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(tokens.size(), 20); ++i) text += std::to_string(tokens[i].value()) + " ";
  return text + "(" + std::to_string(tokens.size()) + " tokens)";
}

void expect_same(const SegmentSearch& warm, ColdSearch& cold, const std::vector<Tokens>& texts) {
  const Runs all(texts);
  const auto ranges = cold.find(all.text, all.runs);
  ASSERT_TRUE(ranges.has_value()) << ranges.error().message;
  const std::vector<RankRange> expected = warm.find(all.text, all.runs);
  for (size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ((*ranges)[i], expected[i]) << "run " << i << ": " << shown(texts[i]) << " of "
                                         << warm.segment().vocabulary_size() << " tokens, "
                                         << (warm.segment().layout().is_for_disk() ? "disk" : "standard");
    ASSERT_EQ(*cold.first_position(expected[i]), warm.first_position(expected[i])) << i;
    if (i % 8 == 0 && expected[i].size() < 5000) {
      ASSERT_EQ(*cold.positions(expected[i]), positions_of(warm, expected[i])) << i;
    }
    if (texts[i].size() > 600 && i % 16 != 0) continue;
    const auto matches = cold.longest_matches(texts[i]);
    ASSERT_TRUE(matches.has_value());
    ASSERT_EQ(*matches, warm.longest_matches(texts[i])) << i;
  }
}

// In both layouts, with caches that hold all, little and nothing.
void expect_same(const std::vector<Document>& documents, uint32_t vocabulary_size, const std::vector<Tokens>& texts) {
  for (const PageLayout layout : kLayouts) {
    Library library(vocabulary_size, layout);
    const Opened opened(library, documents);
    const SegmentSearch warm(opened.whole);
    for (const uint64_t cached : {uint64_t{100'000}, uint64_t{2}, uint64_t{0}}) {
      ColdSearch cold = opened.cold(cached);
      expect_same(warm, cold, texts);
      if (::testing::Test::HasFatalFailure()) return;
    }
  }
}

TEST(ColdSearch, RandomTokensOfEveryWidth) {
  Random random(1);
  for (const uint32_t vocabulary_size : {1U, 2U, 3U, 255U, 256U, 32'768U, 50'257U, 65'535U, 65'536U, 1U << 18}) {
    std::vector<Document> documents;
    for (uint32_t i = 0; i < 60; ++i)
      documents.push_back(document_of(i, 1, random_tokens(random, vocabulary_size, 300)));
    expect_same(documents, vocabulary_size, texts_of(random, documents, vocabulary_size, 12, 60));
    expect_same(documents, vocabulary_size, texts_of(random, documents, vocabulary_size, 299, 10));
  }
}

// Every text over {a, b} up to length 7, cut into documents in every third way.
TEST(ColdSearch, EveryShortText) {
  std::vector<Tokens> texts;
  for (uint32_t length = 1; length <= 4; ++length) {
    for (uint32_t number = 0; number < 1U << length; ++number) {
      Tokens& text = texts.emplace_back();
      for (uint32_t i = 0; i < length; ++i) text.emplace_back(number >> i & 1);
      texts.push_back(text);
      texts.back().emplace_back(2U);
    }
  }
  for (uint32_t length = 0; length <= 7; ++length) {
    for (uint32_t number = 0; number < 1U << length; number += kTestStride) {
      std::vector<Document> documents = {document_of(1, 1, {})};
      for (uint32_t i = 0; i < length; ++i) {
        if ((number + i) % 3 == 0) documents.push_back(document_of(i + 2, 1, {}));
        documents.back().tokens.emplace_back(number >> i & 1);
      }
      expect_same(documents, 2, texts);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(ColdSearch, PhrasesThatFillPages) {
  for (uint64_t seed = 0; seed < 6; seed += kTestStride) {
    Random random(seed);
    Tokens text;
    while (text.size() < 40'000) {
      const Tokens phrase = random_phrase(random, 30);
      text.insert(text.end(), phrase.begin(), phrase.end());
    }
    std::vector<Tokens> runs;
    for (int i = 0; i < 1500; ++i) {
      const Tokens phrase = random_phrase(random, 700);
      const uint32_t begin = random.below(6);
      const auto first = phrase.begin() + begin;
      runs.emplace_back(first, first + 1 + random.below(static_cast<uint32_t>(phrase.size()) - begin));
    }
    expect_same({document_of(1, 1, text)}, 40, runs);
  }
}

TEST(ColdSearch, OneToken) {
  const std::vector<Document> documents = {document_of(1, 1, Tokens(12'000, TokenId{0})),
                                           document_of(2, 1, Tokens(7'000, TokenId{0}))};
  std::vector<Tokens> texts;
  for (const uint32_t size : {1U, 2U, 100U, 255U, 256U, 4095U, 4096U, 4097U, 6999U, 7000U, 7001U, 11'999U, 12'001U}) {
    texts.emplace_back(size, TokenId{0});
    texts.push_back(texts.back());
    texts.back().emplace_back(1U);
  }
  expect_same(documents, 1, texts);
  expect_same(documents, 50'000, texts);
}

TEST(ColdSearch, PeriodsAndFibonacciWords) {
  Random random(2);
  const std::vector<Document> documents = periods_and_fibonacci_words(20'000);
  expect_same(documents, 2, texts_of(random, documents, 2, 9000, 40));
  expect_same(documents, 60'000, texts_of(random, documents, 60'000, 9000, 40));
}

TEST(ColdSearch, ManyCopiesOfOneDocument) {
  Random random(3);
  const std::vector<Document> documents = copies_of_one(random_tokens(random, 50'000, 40), 3000);
  expect_same(documents, 50'000, texts_of(random, documents, 50'000, 40, 80));
}

TEST(ColdSearch, LongDocumentsThatDifferAtTheirEnds) {
  Random random(4);
  const std::vector<Document> documents = alike_up_to_their_ends(random, 300, kMaxShared + 900, 20);
  expect_same(documents, 300, texts_of(random, documents, 300, kMaxShared + 903, 40));
}

TEST(ColdSearch, NothingToFind) {
  const std::vector<Tokens> texts = {Tokens{TokenId{0}}, Tokens{TokenId{9}, TokenId{10}}, Tokens{TokenId{500}}};
  expect_same({}, 10, texts);
  expect_same({document_of(1, 1, {})}, 10, texts);
  expect_same({document_of(1, 1, {TokenId{9}}), document_of(2, 1, {})}, 10, texts);
}

// Runs of 1 to 15 tokens, each alone and from nothing in memory.
TEST(ColdSearch, WaitsThreeTimesAtMostInTheDiskLayout) {
  Random random(5);
  for (const bool is_random : {true, false}) {
    std::vector<Document> documents;
    for (uint32_t i = 0; i < 200; ++i) {
      Tokens text = random_tokens(random, 50'000, 200);
      while (!is_random && text.size() < 900) {
        const Tokens phrase = random_phrase(random, 100);
        text.insert(text.end(), phrase.begin(), phrase.end());
      }
      documents.push_back(document_of(i, 1, std::move(text)));
    }
    Library library(50'000, PageLayout::disk);
    const Opened opened(library, documents);
    ASSERT_GT(opened.columns.layout().page_count(), 20U);
    const SegmentSearch warm(opened.whole);
    ColdSearch cold = opened.cold(0);
    uint32_t most = 0;
    for (const Tokens& run : texts_of(random, documents, 50'000, 15, 2000)) {
      if (run.size() > 15) continue;
      const ColdCounts before = cold.counts();
      const ngram::Run whole{.begin = 0, .end = static_cast<uint32_t>(run.size())};
      ASSERT_EQ(cold.find(run, {&whole, 1})->front(), warm.find(run));
      const ColdCounts after = cold.counts();
      ASSERT_LE(after.rounds - before.rounds, 3U);
      // The page's first suffix, two pages, and the nearest suffix: of these no search needs all four. A text may lie
      // in two blocks.
      ASSERT_LE(after.blocks_read - before.blocks_read, 5U);
      ASSERT_EQ(*cold.first_position(warm.find(run)), warm.first_position(warm.find(run)));
      ASSERT_LE(cold.counts().blocks_read - after.blocks_read, 2U);
      most = std::max(most, static_cast<uint32_t>(after.rounds - before.rounds));
    }
    EXPECT_EQ(most, 3U);
    EXPECT_EQ(cold.counts().most_rounds, 3U);
  }
}

// All searches of a batch go on together, and what two of them need is read once.
TEST(ColdSearch, ReadsTogetherWhatABatchNeeds) {
  Random random(6);
  std::vector<Document> documents;
  for (uint32_t i = 0; i < 100; ++i) documents.push_back(document_of(i, 1, random_tokens(random, 50'000, 500)));
  Library library(50'000, PageLayout::disk);
  const Opened opened(library, documents);
  std::vector<Tokens> texts = texts_of(random, documents, 50'000, 10, 200);
  const Runs once(texts);
  texts.insert(texts.end(), texts.begin(), texts.begin() + 200);
  const Runs twice(texts);
  ColdSearch cold = opened.cold(0);
  ASSERT_TRUE(cold.find(once.text, once.runs).has_value());
  const ColdCounts first = cold.counts();
  EXPECT_LE(first.rounds, 3U);
  ASSERT_TRUE(cold.find(twice.text, twice.runs).has_value());
  EXPECT_EQ(cold.counts().blocks_read, 2 * first.blocks_read);
  EXPECT_EQ(cold.counts().rounds, 2 * first.rounds);
  // What stays in memory is not read again, until it is forgotten.
  ColdSearch with_memory = opened.cold(100'000);
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(with_memory.find(once.text, once.runs).has_value());
  EXPECT_EQ(with_memory.counts().blocks_read, first.blocks_read);
  with_memory.forget();
  ASSERT_TRUE(with_memory.find(once.text, once.runs).has_value());
  EXPECT_EQ(with_memory.counts().blocks_read, 2 * first.blocks_read);
}

TEST(ColdSearch, ReadsRealFilesInBothWays) {
  Random random(7);
  std::vector<Document> documents;
  for (uint32_t i = 0; i < 100; ++i) documents.push_back(document_of(i, 1, random_tokens(random, 3000, 300)));
  const std::vector<Tokens> texts = texts_of(random, documents, 3000, 40, 100);
  const auto files = io::make_real_file_system();
  const std::string folder = ::testing::TempDir() + "tribute-cold-search";
  ASSERT_TRUE(io::make_folders(*files, folder).has_value());
  for (const PageLayout layout : kLayouts) {
    SegmentWriter writer(3000, layout);
    for (const Document& document : documents) {
      ASSERT_TRUE(writer.add(document.entry, document.contributor, document.tokens).has_value());
    }
    const auto name = std::move(writer).write(*files, folder);
    ASSERT_TRUE(name.has_value());
    const Segment whole = *Segment::open(*files, folder, *name);
    const Segment columns = *Segment::open_columns(*files, folder, *name);
    for (const io::PageAccess access : {io::PageAccess::queued, io::PageAccess::plain}) {
      ColdSearch cold = *ColdSearch::open(*files, columns, {.cached_blocks = 10, .access = access});
      expect_same(SegmentSearch(whole), cold, texts);
    }
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tribute::ngram
