// The fairness of the rule as properties over random DataNets and answers. What each says exactly, and
// where its plain wording would be false, is in docs/design/0001-the-rule.md.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "ngram/brute_force_source.h"
#include "trace/claims.h"
#include "trace/testing/datanets.h"
#include "trace/trace.h"

namespace tribute::trace {
namespace {

using ngram::BruteForceSource;
using ngram::Document;
using ngram::Role;
using ngram::Run;
using testing::document_of;
using testing::Maker;
using testing::Sizes;
using testing::Tokens;
using testing::tokens_of;

constexpr EntryIndex kAttacker{9999};

Sizes arbitrary_sizes() {
  return {.alphabet = *rc::gen::element(2U, 3U, 4U, 40U, 256U),
          .documents = *rc::gen::inRange(1U, 12U),
          .document_tokens = *rc::gen::inRange(1U, 60U),
          .contributors = *rc::gen::inRange(1U, 8U),
          .guard_permille = *rc::gen::element(0U, 100U)};
}

Attribution attributed(const std::vector<Document>& documents, const Tokens& answer, const Policy& policy) {
  return attribute(BruteForceSource(documents), answer, std::vector<bool>(answer.size(), false), policy).value();
}

std::map<EntryIndex, uint64_t> credits_by_contributor(const Attribution& attribution) {
  std::map<EntryIndex, uint64_t> credits;
  for (const TokenFate& token : attribution.tokens) {
    if (token.owner) credits[token.owner->contributor] += token.surprisal_millibits;
  }
  return credits;
}

bool contains(const Document& document, std::span<const TokenId> run) {
  return std::search(document.tokens.begin(), document.tokens.end(), run.begin(), run.end()) != document.tokens.end();
}

// What became of an answer, with the means to ask further.
struct Outcome {
  Outcome(const std::vector<Document>& documents, const Tokens& answer, const Policy& policy)
      : attribution(attributed(documents, answer, policy)),
        surprisals([&] {
          Surprisals sums;
          for (const TokenFate& token : attribution.tokens) sums.append(token.surprisal_millibits);
          return sums;
        }()),
        rule(policy, BruteForceSource(documents).facts().token_count, surprisals) {}
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;

  Attribution attribution;
  Surprisals surprisals;
  ClaimRule rule;
};

// All runs of the answer.
std::vector<Run> runs_of(const Tokens& answer) {
  std::vector<Run> runs;
  const auto size = static_cast<uint32_t>(answer.size());
  for (uint32_t begin = 0; begin < size; ++begin) {
    for (uint32_t end = begin + 1; end <= size; ++end) runs.push_back({begin, end});
  }
  return runs;
}

const Document* first_paid_holder(const std::vector<Document>& documents, std::span<const TokenId> run) {
  for (const Document& document : documents) {
    if (document.role == Role::paid && contains(document, run)) return &document;
  }
  return nullptr;
}

// Runs `check(maker, documents, answer)` over random DataNets, several answers each.
template <typename Check>
bool holds_everywhere(Check check, int answers = 20) {
  return rc::check([&] {
    const auto seed = *rc::gen::arbitrary<uint64_t>();
    Maker maker(seed, arbitrary_sizes());
    const auto documents = maker.documents();
    for (int i = 0; i < answers; ++i) check(maker, documents, maker.answer(documents, 60));
  });
}

// A later document of the attacker, made of parts of the documents and of the answer.
Document later_document(Maker& maker, const std::vector<Document>& documents, const Tokens& answer) {
  std::vector<Document> quotable = documents;
  for (int i = 0; i < 3; ++i) quotable.push_back(document_of(0, 0, answer));
  Tokens tokens = maker.text(quotable);
  if (maker.chance(500)) {
    const Tokens part = maker.part_of(answer);
    tokens.insert(tokens.end(), part.begin(), part.end());
  }
  return document_of(documents.back().entry.value() + 1 + maker.below(9), kAttacker.value(), tokens);
}

TEST(Fairness, ANullPlayerGetsNothing) {
  uint64_t null_players = 0;
  EXPECT_TRUE(holds_everywhere([&](Maker& maker, const std::vector<Document>& documents, const Tokens& answer) {
    const Policy policy = maker.policy();
    const Attribution attribution = attributed(documents, answer, policy);
    for (const Document& document : documents) {
      bool shares_a_run = false;
      for (size_t i = 0; i + policy.min_span_tokens <= answer.size(); ++i) {
        shares_a_run = shares_a_run || contains(document, std::span(answer).subspan(i, policy.min_span_tokens));
      }
      if (shares_a_run && document.role == Role::paid) continue;
      ++null_players;
      for (const TokenFate& token : attribution.tokens) {
        RC_ASSERT(!token.owner || token.owner->datapoint != document.entry);
      }
    }
  }));
  EXPECT_GT(null_players, 1000U);
}

TEST(Fairness, NamesDoNotMatter) {
  EXPECT_TRUE(holds_everywhere([](Maker& maker, const std::vector<Document>& documents, const Tokens& answer) {
    const Policy policy = maker.policy();
    const uint64_t key = maker.below(1 << 20) | 1;
    const auto renamed = [&](EntryIndex name) { return EntryIndex{(name.value() * key) ^ (key << 21)}; };
    std::vector<Document> others = documents;
    for (Document& document : others) document.contributor = renamed(document.contributor);
    Attribution expected = attributed(documents, answer, policy);
    for (TokenFate& token : expected.tokens) {
      if (token.owner) token.owner->contributor = renamed(token.owner->contributor);
    }
    for (Claim& claim : expected.claims) {
      if (claim.owner) claim.owner->contributor = renamed(claim.owner->contributor);
    }
    RC_ASSERT(attributed(others, answer, policy) == expected);
  }));
}

TEST(Fairness, ExactClonesThatComeLaterChangeNothing) {
  EXPECT_TRUE(holds_everywhere([](Maker& maker, const std::vector<Document>& documents, const Tokens& answer) {
    const Policy policy = maker.policy();
    std::vector<Document> cloned = documents;
    uint64_t entry = documents.back().entry.value();
    for (uint32_t i = 1 + maker.below(6); i > 0; --i) {
      const Document& original = cloned[maker.below(static_cast<uint32_t>(cloned.size()))];
      cloned.push_back(document_of(++entry, 1000 + maker.below(20), original.tokens));
    }
    const Attribution before = attributed(documents, answer, policy);
    const Attribution after = attributed(cloned, answer, policy);
    RC_ASSERT(after.tokens == before.tokens);
    RC_ASSERT(after.claims.size() == before.claims.size());
    for (size_t i = 0; i < after.claims.size(); ++i) {
      RC_ASSERT(after.claims[i].run == before.claims[i].run);
      RC_ASSERT(after.claims[i].common == before.claims[i].common);
      // Of what a guard holds, the claim names the first paid holder too, who gets nothing by it.
      RC_ASSERT(after.claims[i].owner == before.claims[i].owner || after.claims[i].common);
    }
    RC_ASSERT(after.total_millibits == before.total_millibits);
    RC_ASSERT(after.credited_millibits == before.credited_millibits);
  }));
}

// A clone in a guard is no clone of a paid datapoint: it says that the text is everybody's.
TEST(Fairness, ACloneInAGuardMakesCommon) {
  Policy policy;
  policy.min_span_tokens = 3;
  policy.chance_margin_bits = 0;
  const Tokens tokens = tokens_of("abcdefgh");
  std::vector<Document> documents = {document_of(1, 1, tokens)};
  EXPECT_EQ(attributed(documents, tokens, policy).tokens.front().fate, Fate::owned);
  documents.push_back(document_of(2, 2, tokens, Role::guard));
  EXPECT_EQ(attributed(documents, tokens, policy).tokens.front().fate, Fate::common);
}

// A passage that is evidence by itself keeps its earliest holder before anything that comes later.
TEST(Fairness, ALaterRegistrationNeverTakesAPassage) {
  uint64_t passages = 0;
  EXPECT_TRUE(holds_everywhere([&](Maker& maker, const std::vector<Document>& documents, const Tokens& answer) {
    const Policy policy = maker.policy();
    std::vector<Document> after = documents;
    after.push_back(later_document(maker, documents, answer));
    const Outcome outcome(after, answer, policy);
    for (const auto run : runs_of(answer)) {
      if (!outcome.rule.is_evidence(run)) continue;
      if (outcome.surprisals.of(run) < uint64_t{1000} * policy.passage_bits) continue;
      const Document* holder = first_paid_holder(documents, std::span(answer).subspan(run.begin, run.length()));
      if (holder == nullptr) continue;
      ++passages;
      for (uint32_t i = run.begin; i < run.end; ++i) {
        const TokenFate& token = outcome.attribution.tokens[i];
        // A third who was earlier still may get it: a registration changes the counts, and with them
        // what is a claim. The registration itself never does.
        RC_ASSERT(token.fate == Fate::common || token.owner->datapoint <= holder->entry);
      }
    }
  }));
  EXPECT_GT(passages, 2000U);
}

// Why "evidence" must be said: a passage that could stand there by chance is nobody's yet, and who
// registers the longer text around it is the first to hold a claim.
TEST(Fairness, APassageThatIsNoEvidenceCanBeTaken) {
  Policy policy;
  policy.min_span_tokens = 3;
  policy.chance_margin_bits = 10;
  policy.passage_bits = 5;
  const Tokens answer = tokens_of("abcdefgh");
  const auto attribution =
      attributed({document_of(1, 1, tokens_of("abcd")), document_of(2, 2, answer)}, answer, policy);
  EXPECT_GT(attribution.tokens[0].surprisal_millibits * 4, 5'000U);  // "abcd" has its passage bits
  EXPECT_EQ(attribution.tokens[0].owner->datapoint, EntryIndex{2});
}

TEST(Fairness, ACopyWithUpToHalfMoreAroundItEarnsNothingFromTheCopiedPart) {
  uint64_t attacks = 0;
  EXPECT_TRUE(holds_everywhere(
      [&](Maker& maker, const std::vector<Document>& documents, const Tokens&) {
        Policy policy = maker.policy();
        policy.priority_permille = std::min(policy.priority_permille, 666U);
        const Document& victim = documents[maker.below(static_cast<uint32_t>(documents.size()))];
        const Tokens copied = maker.part_of(victim.tokens);
        Tokens extended = maker.noise(maker.below(8));
        const auto begin = static_cast<uint32_t>(extended.size());
        extended.insert(extended.end(), copied.begin(), copied.end());
        const auto end = static_cast<uint32_t>(extended.size());
        const Tokens tail = maker.noise(maker.below(8));
        extended.insert(extended.end(), tail.begin(), tail.end());
        if (victim.role == Role::guard || begin == end) return;

        std::vector<Document> after = documents;
        after.push_back(document_of(documents.back().entry.value() + 1, kAttacker.value(), extended));
        const Outcome outcome(after, extended, policy);
        const uint64_t copied_millibits = outcome.surprisals.of({begin, end});
        if (!outcome.rule.is_evidence({begin, end})) return;
        if (2 * outcome.attribution.total_millibits > 3 * copied_millibits) return;
        ++attacks;
        for (uint32_t i = begin; i < end; ++i) {
          const auto& owner = outcome.attribution.tokens[i].owner;
          RC_ASSERT(!owner || owner->contributor != kAttacker);
        }
      },
      200));
  EXPECT_GT(attacks, 50U);
}

TEST(Fairness, OnesDataUnderManyNamesEarnsNoMore) {
  uint64_t earned_before = 0;
  EXPECT_TRUE(holds_everywhere([&](Maker& maker, const std::vector<Document>& documents, const Tokens& answer) {
    Policy policy = maker.policy();
    if (!policy.commons_contributors) policy.commons_contributors = 1 + maker.below(4);
    const EntryIndex one = documents[maker.below(static_cast<uint32_t>(documents.size()))].contributor;
    std::vector<Document> split = documents;
    const uint32_t names = 2 + maker.below(4);
    for (Document& document : split) {
      if (document.contributor == one) document.contributor = EntryIndex{kAttacker.value() + maker.below(names)};
    }
    const uint64_t before = credits_by_contributor(attributed(documents, answer, policy))[one];
    uint64_t after = 0;
    for (const auto& [name, millibits] : credits_by_contributor(attributed(split, answer, policy))) {
      if (name >= kAttacker) after += millibits;
    }
    earned_before += before;
    RC_ASSERT(after <= before);
  }));
  EXPECT_GT(earned_before, 1'000'000U);
}

// Why "with commons_contributors fixed": the default limit grows with the number of contributors, and
// more names can lift what a larger crowd holds out of the commons again.
TEST(Fairness, UnderTheDefaultLimitMoreNamesCanEarnMore) {
  Policy policy;
  policy.min_span_tokens = 3;
  policy.chance_margin_bits = 0;
  std::vector<Document> documents;
  const std::string phrase = "abcdefghijklmnop";
  for (uint32_t i = 0; i < 9; ++i) {  // one more than the default limit of eight
    documents.push_back(document_of(i + 1, i + 1, tokens_of(phrase + static_cast<char>('A' + i))));
  }
  const Tokens answer = tokens_of(phrase);
  EXPECT_TRUE(credits_by_contributor(attributed(documents, answer, policy)).empty());
  for (uint32_t i = 0; i < 152; ++i) {  // 161 contributors in all: a limit of nine
    documents.push_back(document_of(100 + i, 100 + i, {TokenId{1000 + i}}));
  }
  EXPECT_FALSE(credits_by_contributor(attributed(documents, answer, policy)).empty());
}

}  // namespace
}  // namespace tribute::trace
