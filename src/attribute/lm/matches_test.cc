#include "lm/matches.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <utility>

#include "lm/testing/compare.h"
#include "ngram/naive_shard.h"

namespace tribute::lm {
namespace {

using ngram::testing::Random;
using ngram::testing::tokens_of;

using Pairs = std::vector<std::pair<uint64_t, uint32_t>>;

Pairs matches_of(const ngram::Shard& shard, const Query& query, const QueryOptions& options, uint64_t from,
                 MatchOrder order = MatchOrder::by_density) {
  Pairs pairs;
  Matches(shard, query, options, order).for_each(from, [&](const Match& match) {
    pairs.emplace_back(match.position, match.clause);
    return true;
  });
  return pairs;
}

// Where each clause's runs begin, in documents one after another.
std::set<std::pair<uint64_t, uint32_t>> naive_matches(const std::vector<ngram::NaiveDocument>& documents,
                                                      const Query& query) {
  std::set<std::pair<uint64_t, uint32_t>> all;
  uint64_t begin = 0;
  for (const auto& document : documents) {
    for (uint64_t at = 0; at < document.tokens.size(); ++at) {
      for (uint32_t clause = 0; clause < query.clauses.size(); ++clause) {
        for (const auto& run : query.clauses[clause]) {
          const auto rest = std::span(document.tokens).subspan(at);
          if (rest.size() >= run.size() && std::ranges::equal(rest.first(run.size()), run)) {
            all.emplace(begin + at, clause);
          }
        }
      }
    }
    begin += document.tokens.size() + 1;
  }
  return all;
}

TEST(Matches, AreThoseOfComparingEachOnceInOrder) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const testing::CorpusShape shape{.alphabet = 2, .dead_permille = 200};
    const NaiveCorpus corpus = testing::random_corpus(random, shape);
    std::vector<testing::Tokens> texts = {{TokenId{0}}};
    for (int i = 0; i < 5; ++i) texts.push_back(random.text(2, 2, 8, testing::all_documents(corpus)));
    const Query query = testing::random_query(random, texts);
    const ngram::NaiveShard shard(corpus[0], 2);
    const uint64_t from = shard.position_end() == 0 ? 0 : random.below(static_cast<uint32_t>(shard.position_end()));
    const auto all = naive_matches(corpus[0], query);
    Pairs expected;
    std::set<uint32_t> clauses;
    for (const auto& [position, clause] : all) {
      clauses.insert(clause);
      if (position >= from) expected.emplace_back(position, clause);
    }
    if (clauses.size() < query.clauses.size()) expected.clear();
    // In any memory; by bits all of them.
    const QueryOptions options{.matches_at_once =
                                   *rc::gen::element(uint64_t{0}, uint64_t{random.below(30)}, uint64_t{1} << 20)};
    RC_ASSERT(matches_of(shard, query, options, from, MatchOrder::by_bits) == expected);

    // Else some of them: at least those near a match of every clause.
    for (const MatchOrder order : {MatchOrder::by_density, MatchOrder::by_sorting}) {
      const Pairs some = matches_of(shard, query, options, from, order);
      RC_ASSERT(std::ranges::includes(expected, some));
      for (const auto& [position, clause] : expected) {
        std::set<uint32_t> near;
        for (const auto& [other, its_clause] : all) {
          const uint64_t distance = other > position ? other - position : position - other;
          if (distance <= query.max_distance) near.insert(its_clause);
        }
        if (near.size() == query.clauses.size()) {
          RC_ASSERT(std::ranges::binary_search(some, std::pair(position, clause)));
        }
      }
    }
  }));
}

// More than are sorted at first, and stopped at any place.
TEST(Matches, ManyAreInOrderToo) {
  std::string text;
  Random random(4);
  for (int i = 0; i < 30'000; ++i) text += static_cast<char>('a' + random.below(3));
  std::vector<ngram::NaiveDocument> documents = {{1, tokens_of(text)}};
  const Query query{.clauses = {{tokens_of("a")}, {tokens_of("b"), tokens_of("ba")}}, .max_distance = 9};
  const auto all = naive_matches(documents, query);
  const Pairs expected(all.begin(), all.end());
  const ngram::NaiveShard shard(std::move(documents), 256);
  for (const MatchOrder order : {MatchOrder::by_sorting, MatchOrder::by_bits}) {
    ASSERT_EQ(matches_of(shard, query, {}, 0, order), expected);
    for (const size_t stop : {size_t{1}, size_t{1023}, size_t{1024}, size_t{1025}, size_t{17'408}, size_t{17'409}}) {
      Pairs found;
      Matches(shard, query, {}, order).for_each(0, [&](const Match& match) {
        found.emplace_back(match.position, match.clause);
        return found.size() < stop;
      });
      ASSERT_EQ(found, Pairs(expected.begin(), expected.begin() + static_cast<ptrdiff_t>(stop)));
    }
  }
}

// Counts what is read.
class CountingShard final : public ngram::NaiveShard {
 public:
  using NaiveShard::NaiveShard;
  void positions(ngram::RankRange range, std::span<uint64_t> positions) const override {
    read_count += range.size();
    NaiveShard::positions(range, positions);
  }
  mutable uint64_t read_count = 0;
};

TEST(Matches, AreReadOnceOrOnceAShare) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += i % 50 == 7 ? "x" : "ab";
  const CountingShard shard({{1, tokens_of(text)}}, 256);
  const auto reads = [&](const std::vector<std::vector<testing::Tokens>>& clauses, uint64_t at_once,
                         MatchOrder order = MatchOrder::by_density) {
    shard.read_count = 0;
    Matches(shard, {.clauses = clauses, .max_distance = 3}, {.matches_at_once = at_once}, order)
        .for_each(0, [](const Match&) { return true; });
    return shard.read_count;
  };
  const auto a = tokens_of("a");
  const auto b = tokens_of("b");
  const auto x = tokens_of("x");
  EXPECT_EQ(reads({{a}, {b}}, 1000), 392);
  EXPECT_EQ(reads({{a, tokens_of("ab"), a}, {b}}, 1000), 392);  // nested runs are read once
  EXPECT_EQ(reads({{a}, {b}}, 6), 392 * 3);                     // in three stretches of 3 · 64 positions
  EXPECT_EQ(reads({{a}, {b}}, 1000, MatchOrder::by_sorting), 392);
  EXPECT_EQ(reads({{a}, {b}}, 100, MatchOrder::by_sorting), 392 * (1 + 4));  // counted, then in four shares
  EXPECT_EQ(reads({{a}, {x}}, 1000), 4 + 200);                               // the rarest, then all near it
  EXPECT_EQ(reads({{a}, {x}}, 100), 4 + 200 + 200);                          // counted before, which are few
  EXPECT_EQ(reads({{a}, {tokens_of("c")}}, 1000), 0);                        // nothing to find
}

}  // namespace
}  // namespace tribute::lm
