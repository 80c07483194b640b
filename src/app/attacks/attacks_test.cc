#include "attacks/attacks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "ngram/columns.h"

namespace tribute::attacks {
namespace {

// Documents of words whose frequencies fall as in real text (the k-th word 1/k as often as the first).
std::vector<ngram::Document> documents(uint32_t count, uint32_t tokens, uint32_t contributors) {
  constexpr uint32_t kWords = 2000;
  std::vector<uint64_t> sums;
  for (uint64_t k = 1, sum = 0; k <= kWords; ++k) sums.push_back(sum += 1'000'000 / k);
  std::mt19937_64 random(7);
  std::vector<ngram::Document> documents;
  for (uint32_t d = 0; d < count; ++d) {
    std::vector<TokenId> text;
    for (uint32_t i = 0; i < tokens; ++i) {
      const auto word = std::ranges::upper_bound(sums, random() % sums.back()) - sums.begin();
      text.emplace_back(static_cast<uint32_t>(word));
    }
    documents.push_back({.entry = EntryIndex{10 + 3 * d},
                         .contributor = EntryIndex{1 + d % contributors},
                         .role = d % 10 == 9 ? ngram::Role::guard : ngram::Role::paid,
                         .tokens_sha256 = ngram::tokens_hash(text),
                         .tokens = text});
  }
  return documents;
}

Setting setting() {
  Setting setting;
  setting.documents = documents(40, 500, 12);
  setting.terms.rate_out = Amount{1'000'000};
  setting.terms.platform_fee = Amount{500};
  return setting;
}

class AttackTable : public testing::Test {
 protected:
  static const std::map<std::string, Row>& rows() {
    static const std::map<std::string, Row> rows = [] {
      std::map<std::string, Row> by_name;
      const auto table = attacks::table(setting(), {.answers = 12});
      EXPECT_TRUE(table.has_value()) << table.error().message;
      for (const Row& row : *table) {
        EXPECT_TRUE(by_name.emplace(row.attack, row).second) << row.attack;
        EXPECT_EQ(row.answers, 12U);
      }
      return by_name;
    }();
    return rows;
  }
  static const Row& row(const std::string& attack) { return rows().at(attack); }
};

TEST_F(AttackTable, HasEveryKnownAttack) {
  std::vector<std::string> names;
  for (const auto& [name, row] : rows()) names.push_back(name);
  for (const char* attack :
       {"copy", "copy and extend by a half", "half copy", "weave in, 250 bits", "edit every 12 tokens", "near clones",
        "split", "squat on common phrases", "land-grab of public text", "commons griefing", "treasury stuffing",
        "inflate counts", "prompt stuffing", "harvest outputs", "withdraw and re-register", "wash"}) {
    EXPECT_THAT(names, testing::Contains(attack));
  }
}

TEST_F(AttackTable, PlainCopiesGainNothing) {
  for (const char* attack : {"copy", "half copy", "near clones", "edit every 40 tokens"}) {
    EXPECT_GT(row(attack).honest_before_permille, 300) << attack;
    EXPECT_EQ(row(attack).attacker_before_permille, 0) << attack;
  }
  for (const char* attack : {"copy", "half copy", "near clones"}) {
    EXPECT_EQ(row(attack).attacker_after_permille, 0) << attack;
  }
  EXPECT_EQ(row("copy").honest_after_permille, row("copy").honest_before_permille);
}

// Up to half more earns what was added, and takes nothing from what was there; the honest part may
// move by what the new words change in the counts.
TEST_F(AttackTable, ExtensionsTakeNothing) {
  for (const char* attack : {"copy and extend by a quarter", "copy and extend by a half"}) {
    EXPECT_LE(std::abs(row(attack).honest_after_permille - row(attack).honest_before_permille), 15) << attack;
    EXPECT_GT(row(attack).attacker_after_permille, 50) << attack;
  }
}

// Parts that are passages by themselves stay whose they are; of shorter ones the weaver was the first
// to hold a claim.
TEST_F(AttackTable, WeavingTakesShortPartsOnly) {
  EXPECT_LT(row("weave in, 250 bits").attacker_after_permille, 100);
  EXPECT_GT(row("weave in, 80 bits").attacker_after_permille, 500);
}

TEST_F(AttackTable, OrderGuardsPinsAndPromptsHold) {
  EXPECT_EQ(row("land-grab of guarded text").attacker_after_permille, 0);
  EXPECT_GT(row("land-grab of public text").attacker_after_permille, 50);
  EXPECT_EQ(row("harvest outputs").attacker_after_permille, 0);
  EXPECT_EQ(row("prompt stuffing").attacker_after_permille, 0);
  EXPECT_LE(row("withdraw and re-register").gain_permille(), 0);
  EXPECT_LE(row("split").gain_permille(), 0);
  EXPECT_GT(row("split").attacker_before_permille, 0);
}

// Griefing destroys but earns nothing; only a treasury that gets all of the rest would.
TEST_F(AttackTable, GriefingEarnsNothingByItself) {
  EXPECT_EQ(row("commons griefing").attacker_after_permille, 0);
  EXPECT_LT(row("commons griefing").honest_after_permille, row("commons griefing").honest_before_permille / 2);
  EXPECT_GT(row("treasury stuffing").gain_permille(), 100);
}

TEST_F(AttackTable, WashingLosesAtLeastThePlatformsFee) {
  EXPECT_LT(row("wash").attacker_after_permille, 0);
  EXPECT_LT(row("wash with the model").attacker_after_permille, 0);
  EXPECT_GT(row("wash with the model").attacker_after_permille, row("wash").attacker_after_permille);
}

TEST_F(AttackTable, IsAFunctionOfTheSeed) {
  const Setting same = setting();
  const auto of_seed = [&](uint64_t seed) { return table(same, {.seed = seed, .answers = 1, .max_tokens = 4'000}); };
  const auto first = of_seed(5);
  EXPECT_EQ(first, of_seed(5));
  EXPECT_NE(first, of_seed(6));
}

TEST_F(AttackTable, TakesASampleOfManyDocuments) {
  const Options options{.seed = 1, .answers = 1, .max_tokens = 2'000};
  EXPECT_TRUE(table(setting(), options).has_value());
}

TEST_F(AttackTable, RefusesWhatCannotBeAttacked) {
  EXPECT_EQ(table(Setting{}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(table(setting(), {.answers = 0}).error().code, ErrorCode::invalid_argument);
  Setting wrong = setting();
  std::swap(wrong.documents[0], wrong.documents[1]);
  EXPECT_EQ(table(wrong).error().code, ErrorCode::invalid_argument);
  wrong = setting();
  wrong.policy.min_span_tokens = 0;
  EXPECT_EQ(table(wrong).error().code, ErrorCode::invalid_argument);
  wrong = setting();
  wrong.terms.model_basis_points = 1;
  EXPECT_EQ(table(wrong).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace tribute::attacks
