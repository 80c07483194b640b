#include "ngram/index_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "base/testing/stride.h"
#include "ngram/brute_force_source.h"
#include "ngram/manifest.h"
#include "ngram/segment_format.h"
#include "ngram/testing/documents.h"
#include "ngram/testing/world.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using ::testing::ElementsAreArray;
using testing::expect_agreement;
using ::testing::HasSubstr;
using testing::LargeWorld;
using testing::Library;
using testing::Random;
using testing::Tokens;
using testing::tokens_of;
using testing::World;

// The twin's answers while the text grows, some tokens at a time.
void expect_agreement_while_it_grows(const IndexSource& source, const BruteForceSource& twin, const Tokens& text,
                                     Random& random) {
  const auto query = source.query({});
  const auto expected = twin.query({});
  for (size_t size = 0; size < text.size();) {
    const size_t step = std::min<size_t>(text.size() - size, random.chance(700) ? 1 : random.below(9));
    const auto tokens = std::span(text).subspan(size, step);
    size += step;
    query->append(tokens);
    expected->append(tokens);
    if (random.chance(700)) {
      const auto matches = *query->final_matches();
      ASSERT_THAT(*expected->final_matches(), ElementsAreArray(matches.begin(), matches.end())) << "of " << size;
    }
    if (random.chance(200)) {
      ASSERT_EQ(query->longest_matches(), expected->longest_matches());
    }
    if (random.chance(300) && size > 0) {
      // Runs of places that are known and that are not.
      std::vector<Run> runs;
      for (uint32_t i = 0; i < 8; ++i) {
        const auto begin = random.below(static_cast<uint32_t>(size));
        runs.push_back({begin, begin + 1 + random.below(static_cast<uint32_t>(size) - begin)});
      }
      if (random.chance(500)) std::ranges::sort(runs);
      const RunQuestion question{.contributor_limit = random.below(4), .datapoint_limit = 2, .histogram = true};
      ASSERT_EQ(query->find(runs, question), expected->find(runs, question));
    }
  }
}

TEST(IndexSource, AgreesWithBruteForceOnDataNetsOfEveryShape) {
  EXPECT_TRUE(rc::check([] {
    World world(*rc::gen::arbitrary<uint64_t>());
    const auto source = IndexSource::open(std::move(world.indexes), world.withdrawn);
    RC_ASSERT(source.has_value());
    const BruteForceSource twin(world.live);
    for (uint32_t i = 0; i < 5; i += kTestStride) {
      Tokens text = world.make_text();
      const Tokens more = world.make_text();
      text.insert(text.end(), more.begin(), more.end());
      if (world.random.chance(200)) text.emplace_back(world.random.below(1U << 19));  // maybe of no vocabulary
      expect_agreement(*source, twin, text, world.random);
      expect_agreement_while_it_grows(*source, twin, text, world.random);
      RC_ASSERT(!::testing::Test::HasFailure());
    }
  }));
}

TEST(IndexSource, AgreesWithBruteForceOnEveryShortText) {
  const std::vector<std::vector<Document>> paid = {
      {document_of(1, 1, tokens_of("abaababaabaab")), document_of(3, 2, {}), document_of(9, 3, tokens_of("bbab"))},
      {document_of(2, 2, tokens_of("aaaa")), document_of(8, 3, tokens_of("abaababaabaab")),
       document_of(10, 1, tokens_of("bababb"))}};
  const std::vector<std::vector<Document>> guard = {
      {document_of(5, 1, tokens_of("b"), Role::guard), document_of(6, 1, tokens_of("abba"), Role::guard)}};
  Library library(256);
  std::vector<Index> indexes;
  indexes.push_back(library.index(1, Role::paid, paid, {EntryIndex{2}}));
  indexes.push_back(library.index(2, Role::guard, guard));
  const std::vector<EntryIndex> withdrawn = {EntryIndex{1}};
  const auto source = IndexSource::open(std::move(indexes), withdrawn);
  ASSERT_TRUE(source.has_value()) << source.error().message;
  const BruteForceSource twin({paid[0][1], guard[0][0], guard[0][1], paid[1][1], paid[0][2], paid[1][2]});
  Random random(1);
  for (uint32_t length = 0; length <= 10; ++length) {
    for (uint32_t bits = 0; bits < 1U << length; bits += kTestStride) {
      Tokens text;
      for (uint32_t i = 0; i < length; ++i) text.emplace_back(uint32_t{'a'} + (bits >> i & 1));
      expect_agreement(*source, twin, text, random);
      expect_agreement_while_it_grows(*source, twin, text, random);
    }
    ASSERT_FALSE(HasFailure());
  }
}

// Ranges over many pages: minima of several levels, some of them of documents that are dead.
TEST(IndexSource, AgreesWithBruteForceOnLargeSegments) {
  Random random(7);
  LargeWorld world(random, 3000, [](uint32_t i) { return i < 500 || i % 3 == 0; });
  EXPECT_GT(world.indexes[0].segments()[0].layout().minima_levels().size(), 3U);
  const auto source = IndexSource::open(std::move(world.indexes), world.withdrawn);
  ASSERT_TRUE(source.has_value());
  const Tokens& tokens = world.live[0].tokens;
  expect_agreement(*source, BruteForceSource(world.live), Tokens(tokens.begin(), tokens.begin() + 9), random);
}

// Long matches, which go on from many places, some of them of a document that is dead.
TEST(IndexSource, AgreesWithBruteForceWhileATextOfShortPeriodsGrows) {
  const auto repeated = [](std::string_view pattern, size_t times) {
    std::string text;
    for (size_t i = 0; i < times; ++i) text += pattern;
    return tokens_of(text);
  };
  const std::vector<Document> documents = {
      document_of(0, 1, repeated("a", 50)),   document_of(1, 2, repeated("a", 125)),
      document_of(2, 3, repeated("a", 200)),  document_of(3, 1, repeated("ab", 40)),
      document_of(4, 2, repeated("ab", 100)), document_of(5, 3, tokens_of("ba"))};
  Tokens text = repeated("a", 140);
  for (const Tokens& more : {repeated("ba", 95), tokens_of("zb"), repeated("a", 60)}) {
    text.insert(text.end(), more.begin(), more.end());
  }
  Random random(11);
  for (const uint64_t dead : {99U, 2U}) {
    Library library(256);
    std::vector<Index> indexes;
    indexes.push_back(library.index(1, Role::paid, {documents}));
    const std::vector<EntryIndex> withdrawn = {EntryIndex{dead}};
    const auto source = IndexSource::open(std::move(indexes), withdrawn);
    ASSERT_TRUE(source.has_value()) << source.error().message;
    std::vector<Document> live = documents;
    std::erase_if(live, [&](const Document& document) { return document.entry == withdrawn[0]; });
    expect_agreement_while_it_grows(*source, BruteForceSource(live), text, random);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(IndexSource, HasNothingToSayWithoutManifests) {
  const auto source = IndexSource::open({});
  ASSERT_TRUE(source.has_value());
  EXPECT_EQ(source->facts().token_count, 0U);
  EXPECT_EQ(*source->longest_matches(tokens_of("abc")), (std::vector<uint32_t>{0, 0, 0}));
}

TEST(IndexSource, RefusesAnEntryInTwoManifests) {
  Library library(256);
  std::vector<Index> indexes;
  indexes.push_back(library.index(1, Role::paid, {{document_of(3, 1, tokens_of("abc"))}}));
  indexes.push_back(library.index(2, Role::paid, {{document_of(3, 1, tokens_of("x")), document_of(4, 1, {})}}));
  const auto source = IndexSource::open(std::move(indexes));
  ASSERT_FALSE(source.has_value());
  EXPECT_EQ(source.error().code, ErrorCode::invalid_argument);
  EXPECT_THAT(source.error().message, HasSubstr("entry 3"));
}

TEST(IndexSource, SeesAManifestThatCountsOtherFirstMembers) {
  Library library(256);
  const std::vector<Document> documents = {document_of(3, 1, tokens_of("abc")), document_of(4, 1, tokens_of("abc"))};
  Manifest manifest = library.index(1, Role::paid, {documents}).manifest();
  manifest.first_member_tokens += 1;
  manifest.unigram_correction.pop_back();  // so that the sums agree
  std::vector<Index> indexes;
  indexes.push_back(*Index::open(library.files(), ".", *write_manifest(library.files(), ".", manifest)));
  const auto source = IndexSource::open(std::move(indexes));
  ASSERT_FALSE(source.has_value());
  EXPECT_EQ(source.error().code, ErrorCode::data_loss);
  EXPECT_THAT(source.error().message, HasSubstr("first_member_tokens"));
}

TEST(IndexSource, SeesAManifestThatTakesAwayMoreThanThereIs) {
  Library library(256);
  const std::vector<Document> documents = {document_of(3, 1, tokens_of("abc")), document_of(4, 1, tokens_of("abc"))};
  Manifest manifest = library.index(1, Role::paid, {documents}).manifest();
  manifest.unigram_correction = {{TokenId{'a'}, 3}};  // of two, and the sums agree
  std::vector<Index> indexes;
  indexes.push_back(*Index::open(library.files(), ".", *write_manifest(library.files(), ".", manifest)));
  const auto source = IndexSource::open(std::move(indexes));
  ASSERT_FALSE(source.has_value());
  EXPECT_EQ(source.error().code, ErrorCode::data_loss);
  EXPECT_THAT(source.error().message, HasSubstr("more of token 97"));
  EXPECT_THAT(source.error().message, HasSubstr("build the index again"));
}

}  // namespace
}  // namespace tribute::ngram
