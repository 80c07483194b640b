// The evaluation's own search and rule against scans and the rule written out.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "quotes/explain.h"
#include "quotes/matches.h"
#include "quotes/rule.h"
#include "quotes/stitch.h"
#include "text/tokenizer_choice.h"
#include "trace/naive.h"
#include "trace/testing/datanets.h"

namespace tribute::evaluate {
namespace {

using trace::testing::Maker;
using trace::testing::Tokens;
using trace::testing::tokens_of;

std::vector<Datapoint> datapoints_of(const std::vector<ngram::Document>& documents) {
  std::vector<Datapoint> datapoints;
  for (const ngram::Document& document : documents) {
    datapoints.push_back({.entry = document.entry, .contributor = document.contributor, .tokens = document.tokens});
  }
  std::ranges::sort(datapoints, {}, &Datapoint::entry);
  return datapoints;
}

// Every pair of places, lengthened as far as it goes.
std::vector<Match> naive_matches(const std::vector<Datapoint>& datapoints, const Tokens& text, uint32_t window) {
  std::set<Match> matches;
  for (uint32_t d = 0; d < datapoints.size(); ++d) {
    const auto& tokens = datapoints[d].tokens;
    for (uint32_t i = 0; i < text.size(); ++i) {
      for (size_t p = 0; p < tokens.size(); ++p) {
        if (i > 0 && p > 0 && text[i - 1] == tokens[p - 1]) continue;
        uint32_t length = 0;
        while (i + length < text.size() && p + length < tokens.size() && text[i + length] == tokens[p + length])
          ++length;
        if (length >= window) matches.insert({.run = {i, i + length}, .datapoint = d});
      }
    }
  }
  return {matches.begin(), matches.end()};
}

TEST(Matches, AreThoseOfAScan) {
  EXPECT_TRUE(rc::check("all matches", [](uint64_t seed) {
    Maker maker(seed, {.alphabet = 3, .documents = 6, .document_tokens = 30});
    const auto documents = maker.documents();
    const auto datapoints = datapoints_of(documents);
    const Tokens text = maker.answer(documents, 60);
    const uint32_t window = 1 + maker.below(7);
    const MatchTable table(datapoints, window);
    RC_ASSERT(table.matches(text) == naive_matches(datapoints, text, window));
  }));
}

TEST(Matches, FirstHolderMayBeTheLastDatapointAndNeverTwoTogether) {
  const Tokens first = tokens_of("abc");
  const Tokens second = tokens_of("defabx");
  const std::vector<Datapoint> datapoints = {{.entry = EntryIndex{3}, .contributor = EntryIndex{1}, .tokens = first},
                                             {.entry = EntryIndex{5}, .contributor = EntryIndex{1}, .tokens = second}};
  const MatchTable table(datapoints, 6);
  EXPECT_EQ(table.first_holder(tokens_of("ab")), 0U);
  EXPECT_EQ(table.first_holder(tokens_of("abx")), 1U);
  EXPECT_EQ(table.first_holder(tokens_of("cd")), std::nullopt);
  EXPECT_TRUE(table.matches(tokens_of("abcdef")).empty());
}

// Every token's fate, bits and owner, and every common claim's crowd, for any policy and no guards.
TEST(Rule, FromTheDatapointsSideIsTheRuleWrittenOut) {
  EXPECT_TRUE(rc::check("judgements", [](uint64_t seed) {
    Maker maker(seed, {.alphabet = 4, .documents = 10, .document_tokens = 40, .contributors = 5, .guard_permille = 0});
    const auto documents = maker.documents();
    const auto datapoints = datapoints_of(documents);
    const Tokens answer = maker.answer(documents, 60);
    const trace::Policy policy = maker.policy();
    const Judgement judgement = Rule(datapoints, policy).judge(answer);
    const auto naive = trace::naive_attribute(documents, answer, std::vector<bool>(answer.size()), policy);
    for (size_t i = 0; i < answer.size(); ++i) {
      const TokenJudgement& token = judgement.tokens[i];
      RC_ASSERT(token.fate == naive.tokens[i].fate);
      RC_ASSERT(token.millibits == naive.tokens[i].surprisal_millibits);
      if (naive.tokens[i].owner)
        RC_ASSERT(datapoints[token.first->datapoint].entry == naive.tokens[i].owner->datapoint);
    }
  }));
}

// A small corpus of letters, one token each, and what explain() says of an answer that the rule written out
// attributes.
class Explanation {
 public:
  Explanation(const std::vector<std::pair<uint64_t, std::string>>& documents, const trace::Policy& policy)
      : policy_(policy) {
    for (const auto& [contributor, text] : documents) {
      Document document;
      document.entry = EntryIndex{corpus_.known.size() + 100};
      document.contributor = EntryIndex{contributor};
      document.text = text;
      document.tokens = tokens_of(text);
      for (uint32_t i = 1; i <= text.size(); ++i) document.ends.push_back(i);
      documents_.push_back(trace::testing::document_of(document.entry.value(), contributor, document.tokens));
      corpus_.known.push_back(std::move(document));
    }
  }

  // The outcomes, a letter each, of `before`, all of the document at that place, and `after`.
  std::string of(
      const std::string& before, size_t document, const std::string& after,
      const std::function<void(trace::Attribution&)>& change = [](trace::Attribution&) {}) const {
    const std::string& passage = corpus_.known[document].text;
    StitchedText text;
    text.bytes = before + passage + after;
    const auto begin = static_cast<uint32_t>(before.size());
    const auto length = static_cast<uint32_t>(passage.size());
    text.passages.push_back(
        {.bucket = 0, .document = document, .source = {0, length}, .bytes = {begin, begin + length}});
    text::TokenizedText answer;
    answer.tokens = tokens_of(text.bytes);
    for (uint32_t i = 0; i < text.bytes.size(); ++i) answer.ranges.push_back({i, i + 1});
    auto attribution =
        trace::naive_attribute(documents_, answer.tokens, std::vector<bool>(answer.tokens.size()), policy_);
    change(attribution);
    const std::vector<Datapoint> datapoints = corpus_.datapoints();
    const Rule rule(datapoints, policy_);
    const TextFinding finding = explain({.corpus = corpus_, .rule = rule}, text, answer, attribution);
    static constexpr std::string_view kLetters = "!RstlcSBEourq";  // by Outcome
    std::string letters;
    for (const Outcome outcome : finding.outcomes) letters += kLetters.at(static_cast<size_t>(outcome));
    return letters;
  }

 private:
  trace::Policy policy_;
  Corpus corpus_;
  std::vector<ngram::Document> documents_;
};

constexpr trace::Policy kPolicy = {.min_span_tokens = 3,
                                   .chance_margin_bits = 1,
                                   .priority_permille = 600,
                                   .passage_bits = 1000,
                                   .commons_contributors = 2};

TEST(Explain, NamesEachCause) {
  // Right, uncredited, and a quote beside it.
  EXPECT_EQ(Explanation({{1, "abcdef"}, {2, "uvwxyz"}}, kPolicy).of("..", 0, "--uvwx"), "uuRRRRRRuuqqqq");
  // What follows the passage by chance follows it in a later datapoint, too.
  EXPECT_EQ(Explanation({{1, "abcdef"}, {2, "zzabcdefg"}}, kPolicy).of("", 0, "g."), "RRRRRRru");
  // An earlier datapoint has most of the passage; or less, but as many bits as a passage needs.
  EXPECT_EQ(Explanation({{1, "abcde."}, {2, "abcdef"}}, kPolicy).of("", 1, ""), "SSSSSR");
  trace::Policy bits = kPolicy;
  bits.passage_bits = 8;
  EXPECT_EQ(Explanation({{1, "abc.."}, {2, "abcdefgh"}}, bits).of("", 1, ""), "BBBRRRRR");
  // … or what runs over the edge.
  EXPECT_EQ(Explanation({{1, "..xyab"}, {2, "abcdef"}}, kPolicy).of("xy", 1, ""), "rrEERRRR");
  // Three contributors are more than two.
  EXPECT_EQ(Explanation({{1, "abcdef"}, {2, ".abcdef"}, {3, ":abcdef"}}, kPolicy).of("", 0, ""), "cccccc");
  // A later datapoint has the passage and twice as much around it.
  EXPECT_EQ(Explanation({{1, "abcd"}, {2, "uvwabcdxyz"}}, kPolicy).of("uvw", 0, "xyz"), "rrroooorrr");
  // Two tokens are no run of three; three of few bits are no evidence.
  EXPECT_EQ(Explanation({{1, "ab"}, {2, "xxxxxx"}}, kPolicy).of("-", 0, "-"), "uttu");
  EXPECT_EQ(Explanation({{1, "aaa"}, {2, "aaaaaaaab"}}, kPolicy).of("-", 0, "-"), "ulllu");
}

TEST(Explain, DoesNotExplainAnEngineThatErrs) {
  const Explanation explanation({{1, "abcdef"}, {2, "uvwxyz"}}, kPolicy);
  EXPECT_EQ(explanation.of("", 0, "uvwx", [](trace::Attribution& a) { a.tokens[1] = a.tokens[7]; }), "R!RRRRqqqq");
  EXPECT_EQ(explanation.of("", 0, "-", [](trace::Attribution& a) { a.tokens[6].surprisal_millibits += 1; }), "RRRRRR!");
  EXPECT_EQ(explanation.of("", 0, "-", [](trace::Attribution& a) { a.tokens[0].fate = trace::Fate::common; }),
            "!RRRRRu");
}

TEST(Locate, FindsTheTokensThatTheSeamsLeave) {
  const auto tokenizer = *text::make_tokenizer("default");
  Document document;
  document.text = "The quick brown fox jumps over the lazy dog";
  const auto tokenized = *tokenizer->encode_with_ranges(document.text);
  document.tokens = tokenized.tokens;
  for (const text::ByteRange range : tokenized.ranges) document.ends.push_back(range.end);
  const auto count = static_cast<uint32_t>(document.tokens.size());
  const Passage passage{.bucket = 0, .document = 0, .source = {0, count}, .bytes = {5, 5 + 43}};
  // "dog" becomes the begin of another word.
  const auto answer = *tokenizer->encode_with_ranges("Once " + document.text + "matically.");
  const Located located = locate(passage, document, answer);
  ASSERT_GT(located.core.length(), count - 4);
  EXPECT_LT(located.core.length(), count);
  EXPECT_LE(located.tokens.begin, located.core.begin);
  EXPECT_LE(located.core.end, located.tokens.end);
  EXPECT_GE(answer.ranges[located.tokens.begin].begin, passage.bytes.begin);
  EXPECT_LE(answer.ranges[located.tokens.end - 1].end, passage.bytes.end);
}

TEST(Stitcher, MakesTheSameTextsOfWholeTokens) {
  const auto tokenizer = *text::make_tokenizer("bytes");
  Corpus corpus;
  for (std::vector<Document>* documents : {&corpus.known, &corpus.unrelated}) {
    for (int i = 0; i < 3; ++i) {
      Document document;
      document.text = std::string(200, static_cast<char>((documents == &corpus.known ? 'a' : 'x') + i));
      document.tokens = *tokenizer->encode(document.text);
      for (uint32_t end = 1; end <= document.tokens.size(); ++end) document.ends.push_back(end);
      documents->push_back(std::move(document));
    }
  }
  Stitcher stitcher(corpus, 7);
  Stitcher twin(corpus, 7);
  for (int i = 0; i < 20; ++i) {
    const StitchedText text = stitcher.next(500);
    EXPECT_EQ(text.bytes, twin.next(500).bytes);
    EXPECT_GE(text.bytes.size(), 500U);
    for (const Passage& passage : text.passages) {
      EXPECT_GE(passage.source.length(), kBuckets.at(passage.bucket).low);
      EXPECT_LE(passage.source.length(), kBuckets.at(passage.bucket).high);
      EXPECT_EQ(text.bytes.substr(passage.bytes.begin, passage.bytes.end - passage.bytes.begin),
                corpus.known[passage.document].text.substr(0, passage.source.length()));
    }
  }
}

}  // namespace
}  // namespace tribute::evaluate
