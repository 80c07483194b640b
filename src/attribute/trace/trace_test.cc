#include "trace/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <sstream>

#include "base/testing/stride.h"
#include "ngram/brute_force_source.h"
#include "trace/naive.h"
#include "trace/testing/datanets.h"
#include "trace/trace_stream.h"

namespace tribute::trace {
namespace {

using ngram::BruteForceSource;
using ngram::Document;
using ngram::Holder;
using ngram::Role;
using testing::document_of;
using testing::Maker;
using testing::Tokens;
using testing::tokens_of;

std::map<Fate, uint64_t> expect_agreement(const std::vector<Document>& documents, const Tokens& answer,
                                          const std::vector<bool>& copied, const Policy& policy,
                                          const Options& options = {}) {
  const auto fast = attribute(BruteForceSource(documents), answer, copied, policy, options);
  EXPECT_TRUE(fast.has_value());
  const Attribution naive = naive_attribute(documents, answer, copied, policy, options);
  EXPECT_EQ(fast->spans, naive.spans);
  EXPECT_EQ(fast->claims, naive.claims);
  EXPECT_EQ(fast->tokens, naive.tokens);
  EXPECT_EQ(*fast, naive);
  std::map<Fate, uint64_t> fates;
  for (const TokenFate& token : fast->tokens) ++fates[token.fate];
  return fates;
}

TEST(Trace, AgreesWithTheRuleWrittenOut) {
  std::map<Fate, uint64_t> fates;
  EXPECT_TRUE(rc::check([&] {
    const auto seed = *rc::gen::arbitrary<uint64_t>();
    Maker maker(seed, {.alphabet = *rc::gen::element(1U, 2U, 3U, 4U, 256U),
                       .documents = *rc::gen::inRange(0U, 14U),
                       .document_tokens = *rc::gen::inRange(1U, 60U),
                       .contributors = *rc::gen::inRange(1U, 12U),
                       .guard_permille = *rc::gen::element(0U, 50U, 500U)});
    const auto documents = maker.documents();
    const Options options{.datapoint_limit = *rc::gen::inRange(0U, 4U)};
    for (int i = 0; i < 40; ++i) {
      const Tokens answer = maker.answer(documents, 60);
      const auto copied = maker.flags(answer.size());
      for (const auto& [fate, count] : expect_agreement(documents, answer, copied, maker.policy(), options)) {
        fates[fate] += count;
      }
      RC_ASSERT(!::testing::Test::HasFailure());
    }
  }));
  // The comparison means something only if every fate is met often.
  for (const Fate fate : {Fate::none, Fate::owned, Fate::common, Fate::copied}) EXPECT_GT(fates[fate], 500U);
}

TEST(Trace, AgreesWithTheRuleWrittenOutOnEveryShortAnswer) {
  const std::vector<std::vector<Document>> datanets = {
      {},
      {document_of(1, 1, {})},
      {document_of(1, 1, tokens_of("a")), document_of(2, 2, tokens_of("b"), Role::guard)},
      {document_of(3, 1, tokens_of("abaababaabaab")), document_of(5, 2, tokens_of("babab")),
       document_of(6, 3, tokens_of("abaababaabaab"))},
      {document_of(1, 1, tokens_of("aaaaaaaa")), document_of(2, 2, tokens_of("bbaa"), Role::guard),
       document_of(4, 2, tokens_of("bbbabbab")), document_of(8, 1, tokens_of("abba"))}};
  Policy loose;
  loose.min_span_tokens = 1;
  loose.chance_margin_bits = 0;
  Policy shared = loose;
  shared.commons_contributors = 1;
  shared.priority_permille = 1000;
  Policy passages = loose;
  passages.min_span_tokens = 2;
  passages.passage_bits = 4;
  for (uint32_t length = 0; length <= 10; ++length) {
    for (uint32_t bits = 0; bits < 1U << length; bits += kTestStride) {
      Tokens answer;
      for (uint32_t i = 0; i < length; ++i) answer.emplace_back(uint32_t{'a'} + (bits >> i & 1));
      const std::vector<bool> copied(length, false);
      for (const auto& documents : datanets) {
        for (const Policy& policy : {loose, shared, passages}) expect_agreement(documents, answer, copied, policy);
      }
    }
    ASSERT_FALSE(HasFailure());
  }
}

// The size of an audit: a whole document quoted makes a span of many thousand claims.
TEST(Trace, AgreesWithTheRuleWrittenOutOnLongQuotes) {
  Maker maker(1, {.alphabet = 256, .documents = 100, .document_tokens = 1, .contributors = 20, .guard_permille = 20});
  auto documents = maker.documents();
  for (Document& document : documents) {
    document = document_of(document.entry.value(), document.contributor.value(), maker.noise(1000), document.role);
  }
  Tokens answer = maker.noise(20);
  answer.insert(answer.end(), documents[3].tokens.begin() + 100, documents[3].tokens.begin() + 500);
  answer.insert(answer.end(), documents[7].tokens.begin(), documents[7].tokens.begin() + 80);
  auto copy = documents[3].tokens;
  copy.resize(350);
  documents.push_back(document_of(100'000, 5, copy));
  const auto fates = expect_agreement(documents, answer, std::vector<bool>(500, false), Policy{});
  EXPECT_EQ(fates, (std::map<Fate, uint64_t>{{Fate::none, 20}, {Fate::owned, 480}}));
}

// The worked example of docs/design/0001-the-rule.md, computed by hand there.
struct WorkedExample : ::testing::Test {
  const std::vector<Document> documents = {document_of(10, 1, tokens_of("abcdef")),
                                           document_of(11, 2, tokens_of("xabcdefy")),
                                           document_of(12, 3, tokens_of("ghijk"), Role::guard),
                                           document_of(13, 4, tokens_of("lmnz")),
                                           document_of(14, 5, tokens_of("zlmn")),
                                           document_of(15, 6, tokens_of("lmnt")),
                                           document_of(16, 6, tokens_of("nml")),
                                           document_of(20, 7, tokens_of("uvw")),
                                           document_of(21, 7, tokens_of("zzzzzzzzzzzzzz")),
                                           document_of(22, 7, tokens_of("tttttttoooopp")),
                                           document_of(30, 8, tokens_of("abcdef"))};
  const Tokens answer = tokens_of("xabcdefyqghijqlmnquvwzz");
  const std::vector<Tokens> prompt = {tokens_of("say uvw")};

  static Policy policy() {
    Policy policy;
    policy.min_span_tokens = 3;
    policy.chance_margin_bits = 2;
    policy.commons_contributors = 2;
    return policy;
  }

  static Holder holder(uint64_t datapoint, uint64_t contributor) {
    return {EntryIndex{datapoint}, EntryIndex{contributor}};
  }
};

TEST_F(WorkedExample, IsAsComputedByHand) {
  const auto copied = copied_tokens(answer, prompt, policy().min_span_tokens);
  const auto attribution = attribute(BruteForceSource(documents), answer, copied, policy(), {.datapoint_limit = 2});
  ASSERT_TRUE(attribution.has_value()) << attribution.error().message;
  EXPECT_EQ(attribution->total_millibits, 118'000U);
  EXPECT_EQ(attribution->credited_millibits, 42'000U);

  const auto at = [](uint64_t entry) { return EntryIndex{entry}; };
  const std::vector<Span> spans = {{{0, 8}, 1, 42'000, true, 1, {at(11)}},
                                   {{9, 13}, 1, 24'000, true, 1, {at(12)}},
                                   {{14, 17}, 3, 12'000, true, 3, {at(13), at(14)}},
                                   {{18, 21}, 1, 18'000, true, 1, {at(20)}},
                                   {{21, 23}, 13, 4'000, false, 0, {}}};
  EXPECT_EQ(attribution->spans, spans);

  const Holder ada = holder(10, 1);
  const Holder ben = holder(11, 2);
  const std::vector<Claim> claims = {
      {{0, 5}, ben, false},           {{0, 6}, ben, false},           {{1, 7}, ada, false},
      {{2, 8}, ben, false},           {{3, 8}, ben, false},           {{9, 12}, std::nullopt, true},
      {{10, 13}, std::nullopt, true}, {{14, 17}, std::nullopt, true}, {{18, 21}, holder(20, 7), false}};
  EXPECT_EQ(attribution->claims, claims);

  const auto fates = [&] {
    std::string text;
    for (const TokenFate& token : attribution->tokens) {
      const char names[] = {'?', '-', 'o', 'c', 'p'};
      text += token.owner == ada ? 'A' : token.owner == ben ? 'B' : names[static_cast<size_t>(token.fate)];
    }
    return text;
  };
  EXPECT_EQ(fates(),
            "BAAAAAAB"
            "-"
            "cccc"
            "-"
            "ccc"
            "-"
            "ppp"
            "--");
  EXPECT_EQ(naive_attribute(documents, answer, copied, policy(), {.datapoint_limit = 2}), *attribution);
}

// Without the first registration everything that was copied from it goes to the copyist.
TEST_F(WorkedExample, FollowsTheFirstLiveRegistration) {
  std::vector<Document> later(documents.begin() + 1, documents.end());
  const auto copied = copied_tokens(answer, prompt, policy().min_span_tokens);
  const auto attribution = attribute(BruteForceSource(later), answer, copied, policy());
  ASSERT_TRUE(attribution.has_value());
  for (uint32_t i = 0; i < 8; ++i) EXPECT_EQ(attribution->tokens[i].owner, holder(11, 2));
}

TEST(Trace, OfAnEmptyAnswerOrAnEmptyDataNet) {
  EXPECT_EQ(attribute(BruteForceSource({}), {}, {}, {}), Attribution{});
  const auto attribution = attribute(BruteForceSource({}), tokens_of("abc"), std::vector<bool>(3, false), {});
  ASSERT_TRUE(attribution.has_value());
  EXPECT_EQ(attribution->total_millibits, 0U);
  EXPECT_EQ(attribution->tokens, std::vector<TokenFate>(3));
}

TEST(Trace, RefusesFlagsOfAnotherLengthAndPoliciesOutOfRange) {
  const BruteForceSource source({});
  EXPECT_EQ(attribute(source, tokens_of("abc"), {true}, {}).error().code, ErrorCode::invalid_argument);
  Policy policy;
  policy.priority_permille = 1001;
  EXPECT_EQ(attribute(source, {}, {}, policy).error().code, ErrorCode::invalid_argument);
}

// A source that answers wrongly, as one that reads damaged files might.
class WrongSource final : public ngram::SpanSource {
 public:
  explicit WrongSource(uint32_t what) : what_(what) {}

  ngram::CorpusFacts facts() const override { return {.token_count = 100, .contributor_count = 1}; }
  Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const override {
    return std::vector<uint64_t>(tokens.size() + (what_ == 0 ? 1 : 0), what_ == 1 ? 101 : 1);
  }
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const override {
    std::vector<uint32_t> lengths;
    for (size_t i = 0; i < text.size(); ++i) lengths.push_back(static_cast<uint32_t>(text.size() - i));
    if (what_ == 2) lengths.back() = 2;
    if (what_ == 3) lengths[1] = 0;
    if (what_ == 4) lengths.pop_back();
    return lengths;
  }
  Result<std::vector<ngram::RunFacts>> find(std::span<const TokenId>, std::span<const ngram::Run> runs,
                                            const ngram::RunQuestion&) const override {
    if (what_ == 5) return fail(ErrorCode::unavailable, "the shard does not answer");
    ngram::RunFacts facts;
    facts.occurrence_count = what_ == 9 ? 0 : 1;
    facts.datapoint_count = 1;
    facts.in_guard = what_ != 6;
    return std::vector<ngram::RunFacts>(runs.size() + (what_ == 7 ? 1 : 0), facts);
  }

 private:
  uint32_t what_;
};

TEST(Trace, ReportsASourceThatFailsOrContradictsItself) {
  const Tokens answer = tokens_of("abcdefgh");
  const std::vector<bool> copied(answer.size(), false);
  for (const uint32_t what : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U, 9U}) {
    const auto attribution = attribute(WrongSource(what), answer, copied, {});
    ASSERT_FALSE(attribution.has_value()) << what;
    EXPECT_EQ(attribution.error().code, what == 5 ? ErrorCode::unavailable : ErrorCode::data_loss) << what;
  }
  EXPECT_TRUE(attribute(WrongSource(8), answer, copied, {}).has_value());
}

TEST(TraceStream, ReportsASourceThatFailsOrContradictsItself) {
  for (const uint32_t what : {0U, 1U, 5U, 6U, 7U, 9U}) {
    const WrongSource source(what);
    auto stream = TraceStream::begin(source, {});
    ASSERT_TRUE(stream.has_value());
    Result<void> ended;
    for (const TokenId token : tokens_of("abcdefgh")) {
      if (const auto pushed = stream->push({&token, 1}); !pushed) ended = std::unexpected(pushed.error());
      if (!ended) break;
    }
    if (ended) {
      const auto attribution = std::move(*stream).finish(std::vector<bool>(8));
      ASSERT_FALSE(attribution.has_value()) << what;
      ended = std::unexpected(attribution.error());
    }
    EXPECT_EQ(ended.error().code, what == 5 ? ErrorCode::unavailable : ErrorCode::data_loss) << what;
  }
}

TEST(TraceStream, RefusesFlagsOfAnotherLengthAndPoliciesOutOfRange) {
  const BruteForceSource source({});
  auto stream = TraceStream::begin(source, {});
  ASSERT_TRUE(stream.has_value());
  EXPECT_TRUE(stream->push(tokens_of("abc")).has_value());
  EXPECT_EQ(std::move(*stream).finish({true}).error().code, ErrorCode::invalid_argument);
  Policy policy;
  policy.priority_permille = 1001;
  EXPECT_EQ(TraceStream::begin(source, policy).error().code, ErrorCode::invalid_argument);
}

TEST(Policy, CommonsLimitIsATwentiethWithinItsBounds) {
  Policy policy;
  const std::map<uint64_t, uint32_t> limits = {{0, 8},    {160, 8},   {161, 9},   {180, 9},
                                               {181, 10}, {1280, 64}, {1281, 64}, {~uint64_t{0}, 64}};
  for (const auto& [contributors, limit] : limits) EXPECT_EQ(commons_limit(policy, contributors), limit);
  policy.commons_contributors = 3;
  EXPECT_EQ(commons_limit(policy, 1'000'000), 3U);
}

TEST(Policy, RangesAreChecked) {
  const auto refused = [](auto change) {
    Policy policy;
    change(policy);
    return !validate(policy).has_value();
  };
  EXPECT_FALSE(refused([](Policy&) {}));
  EXPECT_TRUE(refused([](Policy& policy) { policy.min_span_tokens = 0; }));
  EXPECT_TRUE(refused([](Policy& policy) { policy.priority_permille = 1001; }));
  EXPECT_TRUE(refused([](Policy& policy) { policy.commons_contributors = 0; }));
}

}  // namespace
}  // namespace tribute::trace
