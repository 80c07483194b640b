#include "ngram/brute_force_source.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

namespace tribute::ngram {
namespace {

using Tokens = std::vector<TokenId>;

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

Document document(uint64_t entry, uint64_t contributor, const Tokens& tokens, Role role = Role::paid) {
  return {EntryIndex{entry}, EntryIndex{contributor}, role, tokens_hash(tokens), tokens};
}

// The twin: every answer by std::search over the documents, one document and one run at a time.
class SearchTwin {
 public:
  explicit SearchTwin(std::vector<Document> documents) : documents_(std::move(documents)) {}

  static uint64_t occurrences(const Document& document, std::span<const TokenId> run) {
    uint64_t count = 0;
    for (auto at = document.tokens.begin();; ++at, ++count) {
      at = std::search(at, document.tokens.end(), run.begin(), run.end());
      if (at == document.tokens.end()) return count;
    }
  }

  bool is_first_member(size_t d) const {
    for (size_t other = 0; other < d; ++other) {
      if (documents_[other].tokens == documents_[d].tokens) return false;
    }
    return true;
  }

  CorpusFacts facts() const {
    CorpusFacts facts;
    std::set<EntryIndex> contributors;
    for (size_t d = 0; d < documents_.size(); ++d) {
      if (!is_first_member(d)) continue;
      facts.token_count += documents_[d].tokens.size();
      if (documents_[d].role == Role::paid) contributors.insert(documents_[d].contributor);
    }
    facts.contributor_count = contributors.size();
    return facts;
  }

  uint64_t token_count(TokenId token) const {
    uint64_t count = 0;
    for (size_t d = 0; d < documents_.size(); ++d) {
      if (is_first_member(d)) count += static_cast<uint64_t>(std::ranges::count(documents_[d].tokens, token));
    }
    return count;
  }

  uint32_t longest_match(std::span<const TokenId> text, size_t i) const {
    uint32_t length = 0;
    while (i + length < text.size() &&
           std::ranges::any_of(
               documents_,
               [&](const Document& document) { return occurrences(document, text.subspan(i, length + 1)) > 0; })) {
      ++length;
    }
    return length;
  }

  RunFacts find(std::span<const TokenId> run, const RunQuestion& question) const {
    RunFacts facts;
    std::set<EntryIndex> contributors;
    for (size_t d = 0; d < documents_.size(); ++d) {
      const Document& document = documents_[d];
      const uint64_t count = occurrences(document, run);
      if (count == 0) continue;
      facts.occurrence_count += count;
      ++facts.datapoint_count;
      if (facts.datapoints.size() < question.datapoint_limit) facts.datapoints.push_back(document.entry);
      if (!facts.first) facts.first = Holder{document.entry, document.contributor};
      if (document.role == Role::guard) facts.in_guard = true;
      if (document.role == Role::paid && !facts.first_paid) {
        facts.first_paid = Holder{document.entry, document.contributor};
      }
      if (document.role == Role::paid && is_first_member(d)) contributors.insert(document.contributor);
    }
    facts.exceeds_contributor_limit = question.contributor_limit && contributors.size() > *question.contributor_limit;
    return facts;
  }

 private:
  std::vector<Document> documents_;
};

void expect_agreement(const std::vector<Document>& documents, const Tokens& text, const RunQuestion& question) {
  const BruteForceSource source(documents);
  const SearchTwin twin(documents);
  RC_ASSERT(source.facts().token_count == twin.facts().token_count);
  RC_ASSERT(source.facts().contributor_count == twin.facts().contributor_count);
  const auto counts = *source.token_counts(text);
  const auto lengths = *source.longest_matches(text);
  std::vector<Run> runs;
  for (uint32_t i = 0; i < text.size(); ++i) {
    RC_ASSERT(counts[i] == twin.token_count(text[i]));
    RC_ASSERT(lengths[i] == twin.longest_match(text, i));
    // From the longest to the shortest, so that questions come out of order; one doubled.
    for (uint32_t end = static_cast<uint32_t>(text.size()); end > i; --end) runs.push_back({i, end});
    runs.push_back({i, i + 1});
  }
  const auto facts = *source.find(text, runs, question);
  RC_ASSERT(facts.size() == runs.size());
  for (size_t k = 0; k < runs.size(); ++k) {
    RC_ASSERT(facts[k] == twin.find(std::span(text).subspan(runs[k].begin, runs[k].length()), question));
  }
}

TEST(BruteForceSource, AgreesWithItsTwinOnRandomDocuments) {
  EXPECT_TRUE(rc::check([] {
    const auto alphabet = *rc::gen::element(1U, 2U, 3U, 4U, 256U);
    const auto token = rc::gen::map(rc::gen::inRange(0U, alphabet), [](uint32_t id) { return TokenId{id}; });
    const auto texts = *rc::gen::container<std::vector<Tokens>>(rc::gen::container<Tokens>(token));
    std::vector<Document> documents;
    for (const Tokens& text : texts) {
      if (documents.size() == 12) break;
      const Role role = *rc::gen::inRange(0, 4) == 0 ? Role::guard : Role::paid;
      const bool copies = !documents.empty() && *rc::gen::inRange(0, 4) == 0;
      documents.push_back(document(documents.size() * 3 + 1, *rc::gen::inRange(0U, 4U),
                                   copies ? documents.front().tokens : text, role));
    }
    auto text = *rc::gen::container<Tokens>(token);
    if (!documents.empty() && *rc::gen::arbitrary<bool>()) {
      const Tokens& quoted = documents.back().tokens;
      text.insert(text.end(), quoted.begin(), quoted.begin() + static_cast<std::ptrdiff_t>(quoted.size() / 2));
    }
    if (text.size() > 24) text.resize(24);
    expect_agreement(documents, text, {*rc::gen::inRange(0U, 4U), *rc::gen::inRange(0U, 4U)});
  }));
}

TEST(BruteForceSource, AgreesWithItsTwinOnEveryShortText) {
  const std::vector<Document> documents = {
      document(1, 1, tokens_of("abaababaabaab")), document(2, 2, {}),
      document(3, 2, tokens_of("aaaa")),          document(5, 1, tokens_of("b"), Role::guard),
      document(8, 3, tokens_of("abaababaabaab")), document(9, 3, tokens_of("bbab"))};
  for (uint32_t length = 0; length <= 6; ++length) {
    for (uint32_t bits = 0; bits < 1U << length; ++bits) {
      Tokens text;
      for (uint32_t i = 0; i < length; ++i) text.emplace_back(uint32_t{'a'} + (bits >> i & 1));
      expect_agreement(documents, text, {1, 2});
    }
  }
}

TEST(BruteForceSource, AMatchNeverCrossesADocumentsEdge) {
  const BruteForceSource source({document(1, 1, tokens_of("ab")), document(2, 1, tokens_of("cd"))});
  const Tokens text = tokens_of("abcd");
  EXPECT_EQ(*source.longest_matches(text), (std::vector<uint32_t>{2, 1, 2, 1}));
  const std::vector<ngram::Run> runs = {{1, 3}};
  EXPECT_EQ(source.find(text, runs, {})->front(), RunFacts{});
}

TEST(BruteForceSource, HasNothingToSayWithoutDocuments) {
  const BruteForceSource source({});
  EXPECT_EQ(source.facts().token_count, 0U);
  EXPECT_EQ(*source.longest_matches(tokens_of("abc")), (std::vector<uint32_t>{0, 0, 0}));
  EXPECT_TRUE(source.longest_matches({})->empty());
  EXPECT_TRUE(source.find({}, {}, {})->empty());
}

TEST(BruteForceSourceDeathTest, WantsAscendingEntries) {
  EXPECT_DEATH(BruteForceSource({document(2, 1, {}), document(2, 1, {})}), "CHECK failed");
}

}  // namespace
}  // namespace tribute::ngram
