#include "lm/model.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <memory>

#include "base/testing/stride.h"
#include "lm/naive.h"
#include "lm/query.h"
#include "lm/testing/compare.h"
#include "ngram/naive_shard.h"
#include "ngram/segment_shard.h"
#include "ngram/testing/documents.h"

namespace tribute::lm {
namespace {

using ngram::testing::Library;
using ngram::testing::Random;
using ngram::testing::tokens_of;
using testing::CorpusShape;
using testing::Tokens;

// Segments of a corpus's documents, and the shards over them.
class Segments {
 public:
  Segments(const NaiveCorpus& corpus, uint32_t vocabulary_size)
      : library_(vocabulary_size, vocabulary_size % 2 == 0 ? ngram::PageLayout::standard : ngram::PageLayout::disk) {
    for (const auto& documents : corpus) {
      std::vector<ngram::Document> written;
      ngram::DocumentSet dead(static_cast<uint32_t>(documents.size()));
      bool has_dead = false;
      for (uint32_t i = 0; i < documents.size(); ++i) {
        written.push_back(ngram::testing::document_of(documents[i].id, 1, documents[i].tokens));
        if (!documents[i].is_live) dead.insert(DocId{i});
        has_dead = has_dead || !documents[i].is_live;
      }
      segments_.push_back(std::make_unique<ngram::Segment>(library_.segment(written)));
      dead_.push_back(std::make_unique<ngram::DocumentSet>(dead));
      shards_.push_back(
          std::make_unique<ngram::SegmentShard>(*segments_.back(), has_dead ? dead_.back().get() : nullptr));
    }
  }

  Model model() const {
    std::vector<const ngram::Shard*> shards;
    for (const auto& shard : shards_) shards.push_back(shard.get());
    return Model(shards);
  }

 private:
  Library library_;
  std::vector<std::unique_ptr<ngram::Segment>> segments_;
  std::vector<std::unique_ptr<ngram::DocumentSet>> dead_;
  std::vector<std::unique_ptr<ngram::SegmentShard>> shards_;
};

CorpusShape random_shape(Random& random) {
  return {.shards = random.below(4),
          .documents = random.below(8),
          .size = 1 + random.below(40),
          .first_token = random.chance(500) ? 0 : random.below(1000),
          .alphabet = 1 + random.below(4),
          .dead_permille = random.chance(500) ? 0 : random.below(1001)};
}

TEST(Model, OverSegmentsSaysWhatItsNaiveTwinSays) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const CorpusShape shape = random_shape(random);
    const NaiveCorpus corpus = testing::random_corpus(random, shape);
    const Segments segments(corpus, shape.first_token + shape.alphabet);
    testing::compare_all(segments.model(), corpus, random, shape);
  }));
}

TEST(Model, OverNaiveShardsSaysWhatItsNaiveTwinSays) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const CorpusShape shape = random_shape(random);
    const NaiveCorpus corpus = testing::random_corpus(random, shape);
    std::vector<ngram::NaiveShard> shards;
    for (const auto& documents : corpus) shards.emplace_back(documents, shape.first_token + shape.alphabet);
    std::vector<const ngram::Shard*> pointers;
    for (const auto& shard : shards) pointers.push_back(&shard);
    testing::compare_all(Model(pointers), corpus, random, shape);
  }));
}

Tokens letters(uint32_t code, uint32_t length) {
  Tokens tokens;
  for (uint32_t i = 0; i < length; ++i) tokens.emplace_back(code >> i & 1);
  return tokens;
}

// All documents over {a, b} up to length 7, each cut in two at every place, with all contexts up to length 3
// and all queries of two clauses of one token at some distances.
TEST(Model, SmallCorporaExhaustively) {
  const std::vector<Query> queries = [] {
    std::vector<Query> all;
    for (uint32_t i = 0; i < 4; ++i) {
      for (const uint32_t distance : {0U, 1U, 2U, 9U}) {
        all.push_back({{{{TokenId{i & 1}}}, {{TokenId{i >> 1}, TokenId{1}}, {TokenId{0}, TokenId{0}}}}, distance});
      }
    }
    return all;
  }();
  for (uint32_t length = 0; length <= 7; ++length) {
    for (uint32_t code = 0; code < 1U << length; code += kTestStride) {
      const Tokens all = letters(code, length);
      const uint32_t cut = code % (length + 1);
      const NaiveCorpus corpus = {{{1, {all.begin(), all.begin() + cut}}, {2, {all.begin() + cut, all.end()}}}};
      const Segments segments(corpus, 2);
      const Model model = segments.model();
      for (uint32_t size = 0; size <= 3; ++size) {
        for (uint32_t run = 0; run < 1U << size; ++run) {
          const Tokens context = letters(run, size);
          ASSERT_EQ(model.distribution(context), naive_distribution(corpus, context));
          ASSERT_EQ(model.longest_suffix(context), naive_longest_suffix(corpus, context));
        }
      }
      for (const Query& query : queries) {
        ASSERT_EQ(count(model, query), naive_count(corpus, query));
        ASSERT_EQ(search(model, query, 10)->hits, naive_search(corpus, query));
      }
    }
  }
}

// A context longer than many searches at once, of which every length is tried as the longest that occurs.
TEST(Model, LongestSuffixOfLongContexts) {
  Tokens text;
  for (uint32_t i = 0; i < 400; ++i) text.emplace_back(i);
  for (uint32_t length = 0; length <= 400; length += kTestStride) {
    const NaiveCorpus corpus = {{{7, {text.end() - length, text.end()}}}};
    ngram::NaiveShard shard(corpus[0], 400);
    ASSERT_EQ(Model({&shard}).longest_suffix(text), length);
  }
}

// What occurs too often to be read, and what occurs as often in documents that are dead.
TEST(Model, LongestSuffixOfFrequentContexts) {
  constexpr uint32_t kCopies = 150;
  constexpr uint32_t kMost = 40;
  Tokens text;
  for (uint32_t i = 0; i < 2 * kMost; ++i) text.emplace_back(i);
  for (uint32_t length = 0; length <= kMost; length += kTestStride) {
    std::vector<ngram::NaiveDocument> documents;
    const std::span<const TokenId> live = std::span(text).last(length);
    const std::span<const TokenId> dead = std::span(text).last(size_t{2} * length);
    for (uint64_t i = 0; i < kCopies; ++i) {
      documents.push_back({2 * i, {live.begin(), live.end()}});
      documents.push_back({2 * i + 1, {dead.begin(), dead.end()}, false});
    }
    const NaiveCorpus corpus = {documents};
    const ngram::NaiveShard shard(documents, 2 * kMost);
    const Model model({&shard});
    ASSERT_EQ(model.longest_suffix(text), length);
    ASSERT_EQ(model.infinity_probability(text, std::nullopt), naive_probability(corpus, live, std::nullopt));
    ASSERT_EQ(model.infinity_distribution(text), naive_distribution(corpus, live));
  }
}

TEST(Model, WithoutShardsNothingOccurs) {
  const Model model({});
  const Tokens text = tokens_of("ab");
  EXPECT_EQ(model.count(std::span(text)), 0);
  EXPECT_EQ(model.infinity_distribution(text), Distribution{});
  EXPECT_EQ(model.vocabulary_size(), 0);
  EXPECT_EQ(count(model, {.clauses = {{text}}}), QueryCount{});
}

// A worked example, as in the documents: four occurrences of "ab", one at a document's end.
TEST(Model, WhatIsCountedByExample) {
  const NaiveCorpus corpus = {{{10, tokens_of("abcabd")}, {11, tokens_of("ab")}}, {{12, tokens_of("xabd")}}};
  const Segments segments(corpus, 256);
  const Model model = segments.model();
  const Tokens ab = tokens_of("ab");
  EXPECT_EQ(
      model.distribution(ab),
      (Distribution{
          .context_length = 2, .count = 4, .tokens = {{TokenId{'c'}, 1}, {TokenId{'d'}, 2}}, .end_of_document = 1}));
  EXPECT_EQ(model.probability(ab, TokenId{'d'}), (Probability{2, 2, 4}));
  EXPECT_EQ(model.probability(ab, std::nullopt), (Probability{2, 1, 4}));
  EXPECT_EQ(model.infinity_probability(tokens_of("zzab"), TokenId{'d'}), (Probability{2, 2, 4}));
  EXPECT_EQ(model.count(std::span<const TokenId>{}), 12 + 3);
  // "a" and "d" within 4 tokens: [3, 5] of the first document (not [0, 5]) and [1, 3] of the last.
  const Query query{.clauses = {{tokens_of("a")}, {tokens_of("d")}}, .max_distance = 4};
  EXPECT_EQ(count(model, query), (QueryCount{2, 2}));
  const auto page = search(model, query, 1);
  EXPECT_EQ(page->hits, (std::vector<Hit>{{{0, 0}, 10, 1, 3, 5}}));
  EXPECT_EQ(page->next, (DocumentPlace{1, 0}));
}

TEST(Query, RefusesWhatIsNone) {
  const Model model({});
  const Tokens a = tokens_of("a");
  for (const Query& query : {Query{}, Query{.clauses = {{}}}, Query{.clauses = {{a}, {a, {}}}},
                             Query{.clauses = std::vector<std::vector<Tokens>>(257, {a})}}) {
    EXPECT_EQ(count(model, query).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(search(model, query, 1).error().code, ErrorCode::invalid_argument);
  }
}

// Damage that is met is said, and no answer is believed.
TEST(Model, DamageIsAnError) {
  Library library(256);
  std::vector<ngram::Document> documents;
  for (uint32_t i = 0; i < 60; ++i)
    documents.push_back(ngram::testing::document_of(i, 1, tokens_of(std::string(200, static_cast<char>('a' + i % 7)))));
  const std::string path = ngram::segment_path(".", library.write_segment(documents));
  const std::string whole = io::read_file(library.files(), path).value();
  // Each block after the header, one at a time: the answer is right or an error.
  for (size_t block = 1; block < whole.size() / ngram::kBlockBytes; ++block) {
    std::string broken = whole;
    for (size_t i = 0; i < 64; ++i) broken[block * ngram::kBlockBytes + i * 64] ^= 0x55;
    ASSERT_TRUE(io::write_file_atomically(library.files(), path, broken).has_value());
    const auto segment = ngram::Segment::open_file(library.files(), path);
    if (!segment) {
      EXPECT_EQ(segment.error().code, ErrorCode::data_loss);
      continue;
    }
    const ngram::SegmentShard shard(*segment);
    const Model model({&shard});
    const Tokens text = tokens_of("aaabbbaaa");
    const auto distribution = model.infinity_distribution(std::span(text).first(3));
    const auto generated = generate(model, text, {.max_tokens = 10});
    const auto found = count(model, {.clauses = {{tokens_of("aa")}, {tokens_of("aaa")}}});
    const auto document = document_by_rank(model, 0, 77);
    for (const bool is_right :
         {!distribution || distribution->count == 1782, !generated || generated->steps.size() <= 10,
          !found || found->documents == 9, !document || document->tokens.size() == 200}) {
      EXPECT_TRUE(is_right) << block;
    }
    EXPECT_TRUE(distribution || distribution.error().code == ErrorCode::data_loss) << block;
  }
}

}  // namespace
}  // namespace tribute::lm
