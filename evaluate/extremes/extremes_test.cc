#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "extremes/build.h"
#include "extremes/check.h"
#include "extremes/extreme.h"
#include "extremes/scan.h"
#include "io/file_system.h"
#include "ngram/brute_force_source.h"

namespace tribute::extremes {
namespace {

using ngram::BruteForceSource;
using ngram::RunFacts;
using ::testing::HasSubstr;

constexpr uint64_t kSmall = 10'000;  // the extremes are one in so many of their size

Tokens short_tokens(Numbers& numbers, uint32_t alphabet, uint64_t most) {
  Tokens tokens;
  for (uint64_t left = numbers.below(most + 1); left > 0; --left) {
    tokens.emplace_back(static_cast<uint32_t>(numbers.below(alphabet)));
  }
  return tokens;
}

TEST(Extremes, BuildToOneSegmentAndAgreeWithTheirTwins) {
  const auto files = io::make_real_file_system();
  const auto folder = ScratchFolder::make();
  ASSERT_TRUE(folder.has_value());
  for (const Extreme& extreme : all_extremes(kSmall)) {
    SCOPED_TRACE(extreme.name);
    const auto built = build(extreme, Building::in_memory, *files, folder->path());
    ASSERT_TRUE(built.has_value());
    const auto in_runs = build(extreme, Building::in_runs, *files, folder->path());
    ASSERT_TRUE(in_runs.has_value());
    EXPECT_EQ(built->name, in_runs->name);
    const auto source = open_source(extreme, built->name, *files, folder->path());
    ASSERT_TRUE(source.has_value());
    EXPECT_EQ(check(extreme, *source, live_documents(extreme)).disagreement, std::nullopt);
  }
}

TEST(Extremes, AreAsLargeAsTheirNamesSay) {
  for (const Extreme& extreme : all_extremes(kSmall)) {
    SCOPED_TRACE(extreme.name);
    uint32_t highest = 0;
    for (uint64_t number = 0; number < extreme.document_count; ++number) {
      const Tokens tokens = extreme.document(number);
      EXPECT_EQ(tokens, extreme.document(number));
      for (const TokenId token : tokens) highest = std::max(highest, token.value());
    }
    EXPECT_LT(highest, extreme.vocabulary_size);
    if (extreme.name.starts_with("the highest of")) {
      EXPECT_EQ(highest, extreme.vocabulary_size - 1);
    }
  }
}

TEST(Scan, AgreesWithBruteForce) {
  Numbers numbers(7);
  for (int round = 0; round < 300; ++round) {
    const auto alphabet = static_cast<uint32_t>(1 + numbers.below(3));
    Extreme extreme{.document_count = numbers.below(6), .contributor_count = 3};
    std::vector<Tokens> documents;
    for (uint64_t i = 0; i < extreme.document_count; ++i) documents.push_back(short_tokens(numbers, alphabet, 12));
    extreme.document = [&documents](uint64_t number) { return documents[number]; };
    const BruteForceSource twin(live_documents(extreme));
    const Scan scan(twin.documents());
    const Tokens text = short_tokens(numbers, alphabet + 1, 10);
    const std::vector<uint32_t> longest = *twin.longest_matches(text);
    for (uint32_t begin = 0; begin < text.size(); ++begin) {
      ASSERT_EQ(scan.longest_match(std::span(text).subspan(begin)), longest[begin]);
      for (uint32_t end = begin + 1; end <= text.size(); ++end) {
        const ngram::RunQuestion question{.contributor_limit = static_cast<uint32_t>(numbers.below(3)),
                                          .datapoint_limit = static_cast<uint32_t>(numbers.below(4)),
                                          .counted = static_cast<ngram::Counted>(numbers.below(3)),
                                          .holders = numbers.below(2) == 0,
                                          .holders_beyond_limit = numbers.below(2) == 0,
                                          .histogram = numbers.below(2) == 0};
        const ngram::Run run{begin, end};
        ASSERT_EQ(scan.find(std::span(text).subspan(begin, run.length()), question),
                  twin.find(text, {&run, 1}, question)->front());
      }
    }
  }
}

TEST(Periodic, AgreesWithBruteForce) {
  Numbers numbers(8);
  for (uint32_t period = 1; period <= 3; ++period) {
    for (uint64_t size = 1; size <= 9; ++size) {
      Periodic periodic{.size = size};
      for (uint32_t i = 0; i < period; ++i) periodic.pattern.emplace_back(period - i);
      const Extreme extreme{.document_count = 1, .document = [&periodic](uint64_t) {
                              Tokens tokens;
                              for (uint64_t i = 0; i < periodic.size; ++i) {
                                tokens.push_back(periodic.pattern[i % periodic.pattern.size()]);
                              }
                              return tokens;
                            }};
      const BruteForceSource twin(live_documents(extreme));
      for (int round = 0; round < 30; ++round) {
        Tokens text = short_tokens(numbers, period + 2, 4);
        for (uint64_t i = numbers.below(period); text.size() < 12; ++i) text.push_back(periodic.pattern[i % period]);
        ASSERT_EQ(longest_matches(periodic, text), *twin.longest_matches(text));
        for (uint32_t begin = 0; begin < text.size(); ++begin) {
          for (uint32_t end = begin + 1; end <= text.size(); ++end) {
            const ngram::Run run{begin, end};
            ASSERT_EQ(occurrences(periodic, std::span(text).subspan(begin, run.length())),
                      twin.find(text, {&run, 1}, {})->front().occurrence_count);
          }
        }
      }
    }
  }
}

// The twin's answers, some of which are made wrong.
class WrongSource final : public ngram::SpanSource {
 public:
  explicit WrongSource(const Extreme& extreme) : twin_(live_documents(extreme)) {}

  std::function<void(ngram::CorpusFacts&)> spoil_facts = [](auto&) {};
  std::function<void(std::vector<uint64_t>&)> spoil_counts = [](auto&) {};
  std::function<void(std::vector<uint32_t>&)> spoil_matches = [](auto&) {};
  std::function<void(RunFacts&, ngram::Run)> spoil_run = [](auto&, ngram::Run) {};

  ngram::CorpusFacts facts() const override {
    ngram::CorpusFacts facts = twin_.facts();
    spoil_facts(facts);
    return facts;
  }
  Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const override {
    std::vector<uint64_t> counts = *twin_.token_counts(tokens);
    spoil_counts(counts);
    return counts;
  }
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const override {
    std::vector<uint32_t> matches = *twin_.longest_matches(text);
    spoil_matches(matches);
    return matches;
  }
  Result<std::vector<RunFacts>> find(std::span<const TokenId> text, std::span<const ngram::Run> runs,
                                     const ngram::RunQuestion& question) const override {
    std::vector<RunFacts> facts = *twin_.find(text, runs, question);
    for (size_t i = 0; i < facts.size(); ++i) spoil_run(facts[i], runs[i]);
    return facts;
  }

 private:
  BruteForceSource twin_;
};

const Extreme& equal_tokens() {
  static const Extreme extreme = all_extremes(kSmall).front();
  return extreme;
}

std::string disagreement_of(const WrongSource& source) {
  return check(equal_tokens(), source, live_documents(equal_tokens())).disagreement.value_or("agrees");
}

TEST(Check, FindsWhateverIsWrong) {
  EXPECT_EQ(disagreement_of(WrongSource(equal_tokens())), "agrees");

  WrongSource source(equal_tokens());
  source.spoil_facts = [](ngram::CorpusFacts& facts) { --facts.token_count; };
  EXPECT_THAT(disagreement_of(source), HasSubstr("the tokens"));

  WrongSource counts(equal_tokens());
  counts.spoil_counts = [](std::vector<uint64_t>& of) {
    if (of.size() > 1 && of.back() > 0) --of.back();
  };
  EXPECT_THAT(disagreement_of(counts), HasSubstr("the index says 999, the twin 1000"));

  WrongSource matches(equal_tokens());
  matches.spoil_matches = [](std::vector<uint32_t>& of) {
    if (of.size() > 3 && of[3] > 4) --of[3];
  };
  EXPECT_THAT(disagreement_of(matches), HasSubstr("match at 3 of a text"));

  WrongSource long_matches(equal_tokens());
  long_matches.spoil_matches = [](std::vector<uint32_t>& of) {
    if (of.size() > 300) --of[290];
  };
  EXPECT_THAT(disagreement_of(long_matches), HasSubstr("match at 290 of a text"));
}

TEST(Check, FindsAnyFactOfARunThatIsWrong) {
  const auto disagreement_with = [](const std::function<void(RunFacts&)>& spoil) {
    WrongSource source(equal_tokens());
    source.spoil_run = [&spoil](RunFacts& facts, ngram::Run run) {
      if (run.length() > 2) spoil(facts);
    };
    return disagreement_of(source);
  };
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.occurrence_count += facts.occurrence_count > 0; }),
              HasSubstr("occurrences in"));
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.datapoint_count *= 2; }), HasSubstr("run "));
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.first.reset(); }), HasSubstr("first none"));
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.first_paid.reset(); }), HasSubstr("first paid none"));
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.datapoints.clear(); }), HasSubstr("run "));
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.histogram.clear(); }), HasSubstr("run "));
  EXPECT_THAT(disagreement_with([](RunFacts& facts) { facts.exceeds_contributor_limit = false; }),
              HasSubstr("not above"));

  WrongSource whole(equal_tokens());
  whole.spoil_run = [](RunFacts& facts, ngram::Run run) {
    if (run.length() > 900 && facts.occurrence_count > 0) ++facts.occurrence_count;
  };
  EXPECT_THAT(disagreement_of(whole), HasSubstr("occurrences"));
}

}  // namespace
}  // namespace tribute::extremes
