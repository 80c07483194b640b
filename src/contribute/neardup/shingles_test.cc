#include "neardup/shingles.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace tribute::neardup {
namespace {

using Tokens = std::vector<TokenId>;

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

// The runs themselves, as a set of vectors.
std::set<Tokens> naive_shingles(const Tokens& tokens) {
  std::set<Tokens> result;
  if (!tokens.empty() && tokens.size() < kShingleTokens) result.insert(tokens);
  for (size_t i = 0; i + kShingleTokens <= tokens.size(); ++i) {
    const auto begin = tokens.begin() + static_cast<std::ptrdiff_t>(i);
    result.emplace(begin, begin + kShingleTokens);
  }
  return result;
}

uint32_t naive_jaccard_permille(const Tokens& a, const Tokens& b) {
  const auto of_a = naive_shingles(a);
  const auto of_b = naive_shingles(b);
  std::set<Tokens> all = of_a;
  all.insert(of_b.begin(), of_b.end());
  if (all.empty()) return 1000;
  return static_cast<uint32_t>((of_a.size() + of_b.size() - all.size()) * 1000 / all.size());
}

uint32_t similarity(const Tokens& a, const Tokens& b) { return jaccard_permille(ShingleSet(a), ShingleSet(b)); }

TEST(Shingles, AgreeWithSetsOfRuns) {
  EXPECT_TRUE(rc::check([] {
    // Few different tokens, the least and the greatest among them, so that runs repeat.
    const auto token =
        rc::gen::map(rc::gen::element(0U, 1U, 2U, (1U << 18) - 1), [](uint32_t t) { return TokenId(t); });
    const auto a = *rc::gen::container<Tokens>(token);
    const auto b = *rc::gen::container<Tokens>(token);
    RC_ASSERT(ShingleSet(a).size() == naive_shingles(a).size());
    RC_ASSERT(similarity(a, b) == naive_jaccard_permille(a, b));
    RC_ASSERT(similarity(a, b) == similarity(b, a));
  }));
}

TEST(Shingles, AShortDocumentIsOneShingleOfItsOwn) {
  EXPECT_EQ(ShingleSet(Tokens{}).size(), 0U);
  for (const char* text : {"a", "ab", "abc", "abcd", "abcde"}) EXPECT_EQ(ShingleSet(tokens_of(text)).size(), 1U);
  EXPECT_EQ(similarity(tokens_of("abcd"), tokens_of("abcd")), 1000U);
  EXPECT_EQ(similarity(tokens_of("abcd"), tokens_of("abc")), 0U);
  EXPECT_EQ(similarity(Tokens{TokenId(0)}, Tokens{TokenId(0), TokenId(0)}), 0U) << "token 0 is no filling";
  EXPECT_EQ(similarity({}, {}), 1000U);
  EXPECT_EQ(similarity({}, tokens_of("a")), 0U);
}

TEST(Shingles, AThousandMeansEqualSets) {
  // 1,999 of 2,000 shingles in common is 999 thousandths.
  Tokens a;
  for (uint32_t i = 0; i < 2'004; ++i) a.emplace_back(i);
  Tokens b = a;
  b.pop_back();
  EXPECT_EQ(similarity(a, b), 999U);
  EXPECT_EQ(similarity(tokens_of("xyxyxyxy"), tokens_of("xyxyxyxyxyxy")), 1000U) << "sets, whatever the repetitions";
}

}  // namespace
}  // namespace tribute::neardup
