#include "lm/sampler.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>

#include "lm/draw.h"
#include "lm/naive.h"
#include "ngram/naive_shard.h"
#include "ngram/testing/documents.h"

namespace tribute::lm {
namespace {

using ngram::testing::tokens_of;

std::string text_of(const Generated& generated) {
  std::string text;
  for (const Step& step : generated.steps) text += static_cast<char>(step.token.value());
  return text + (generated.has_ended ? "." : "");
}

ngram::NaiveShard shard_of(const std::vector<std::string>& texts) {
  std::vector<ngram::NaiveDocument> documents;
  for (const std::string& text : texts) documents.push_back({documents.size(), tokens_of(text)});
  return {documents, 256};
}

// The first numbers of SplitMix64 from seed 1234567, as the author's reference implementation prints them.
TEST(Generator, IsSplitMix64) {
  Generator generator(1234567);
  for (const uint64_t expected : {6457827717110365317U, 3203168211198807973U, 9817491932198370423U,
                                  4593380528125082431U, 16408922859458223821U}) {
    EXPECT_EQ(generator.next(), expected);
  }
}

TEST(Generator, EveryNumberBelowIsAsLikely) {
  Generator generator(1);
  for (const uint32_t end : {1U, 2U, 3U, 7U, 10U}) {
    std::map<uint64_t, int> seen;
    for (int i = 0; i < 20'000; ++i) ++seen[generator.below(end)];
    EXPECT_EQ(seen.size(), end);
    for (const auto& [number, count] : seen) {
      EXPECT_LT(number, end);
      EXPECT_NEAR(count, 20'000.0 / static_cast<double>(end), 400);
    }
  }
  // An end over half of all numbers refuses nearly half of the draws.
  for (int i = 0; i < 1000; ++i) EXPECT_LE(generator.below((uint64_t{1} << 63) + 1), uint64_t{1} << 63);
}

TEST(Weights, LogarithmsAndPowersAreThoseOfReals) {
  for (uint32_t shift = 0; shift < 64; ++shift) {
    for (const uint64_t offset : {uint64_t{0}, uint64_t{1}, (uint64_t{1} << shift) / 3, (uint64_t{1} << shift) - 1}) {
      const uint64_t x = (uint64_t{1} << shift) + offset;
      const long double exact = std::log2(static_cast<long double>(x)) * 4294967296.0L;
      EXPECT_LE(static_cast<long double>(log2_q32(x)), exact + 1e-6L) << x;
      EXPECT_GE(static_cast<long double>(log2_q32(x)), exact - 2) << x;
    }
  }
  for (uint64_t e = 0; e < uint64_t{42} << 32; e += 987'654'321) {
    const long double exact = std::exp2(40 - static_cast<long double>(e) / 4294967296.0L);
    EXPECT_NEAR(static_cast<double>(exp2_of_minus_q32(e)), static_cast<double>(exact), 1.0) << e;
  }
  EXPECT_EQ(exp2_of_minus_q32(0), kFullWeight);
  EXPECT_EQ(exp2_of_minus_q32(uint64_t{1} << 32), kFullWeight / 2);
  EXPECT_EQ(exp2_of_minus_q32(~uint64_t{0}), 0);
}

TEST(Weights, FallWithTheCountAndAreThePower) {
  for (const uint32_t temperature : {1U, 100U, 500U, 999U, 1000U, 2000U, 1'000'000U}) {
    uint64_t last = 0;
    for (uint64_t count = 1; count <= 1000; ++count) {
      const uint64_t weight = weight_of(count, 1000, temperature);
      const double power = std::pow(static_cast<double>(count) / 1000, 1000.0 / temperature);
      EXPECT_NEAR(static_cast<double>(weight), power * static_cast<double>(kFullWeight),
                  power * static_cast<double>(kFullWeight) * 5e-10 * (1 + 1000.0 / temperature) + 1);
      EXPECT_GE(weight, last);
      last = weight;
    }
    EXPECT_EQ(last, kFullWeight);
  }
  EXPECT_EQ(weight_of(~uint64_t{0}, ~uint64_t{0}, 7), kFullWeight);
  EXPECT_EQ(weight_of(1, ~uint64_t{0}, 1), 0);
}

TEST(Sampler, GreedyTakesTheMostFrequentThenTheLowestThenTheEnd) {
  const auto shard = shard_of({"ac", "ab", "ab", "x", "xy", "z"});
  const Model model({&shard});
  const SamplerOptions greedy{.temperature_permille = 0};
  EXPECT_EQ(text_of(*generate(model, tokens_of("a"), greedy)), "b.");
  EXPECT_EQ(text_of(*generate(model, tokens_of("x"), greedy)), "y.");  // as often as the end
  EXPECT_EQ(text_of(*generate(model, {}, greedy)), ".");               // six ends, three a
  EXPECT_EQ(text_of(*generate(model, tokens_of("qqqa"), greedy)), "b.");
}

TEST(Sampler, DrawsInProportionToPowersOfTheCounts) {
  const auto shard = shard_of({"ab", "ac", "ac", "ac", "ad", "ad", "ad", "ad"});
  const Model model({&shard});
  const auto frequency = [&](uint32_t temperature, uint32_t top_k) {
    std::array<double, 3> counts{};
    constexpr int kDraws = 10'000;
    for (int i = 0; i < kDraws; ++i) {
      const SamplerOptions options{
          .temperature_permille = temperature, .top_k = top_k, .seed = static_cast<uint64_t>(i), .max_tokens = 1};
      counts.at(generate(model, tokens_of("a"), options)->steps.at(0).token.value() - 'b') += 1.0 / kDraws;
    }
    return counts;
  };
  for (const uint32_t temperature : {1000U, 500U, 2000U}) {
    const auto found = frequency(temperature, 0);
    const double power = 1000.0 / temperature;
    const double sum = std::pow(1, power) + std::pow(3, power) + std::pow(4, power);
    EXPECT_NEAR(found[0], std::pow(1, power) / sum, 0.02);
    EXPECT_NEAR(found[1], std::pow(3, power) / sum, 0.02);
    EXPECT_NEAR(found[2], std::pow(4, power) / sum, 0.02);
  }
  const auto best = frequency(1000, 2);
  EXPECT_EQ(best[0], 0);
  EXPECT_NEAR(best[1], 3.0 / 7, 0.02);
}

// The same text on every machine: written down once.
TEST(Sampler, ASeedGivesTheSameTextForEver) {
  const auto shard = shard_of({"the cat sat on the mat and the dog sat on the log", "a cat and a dog are on the mat"});
  const Model model({&shard});
  const auto text = [&](uint32_t temperature, uint64_t seed) {
    return text_of(*generate(model, tokens_of("the "),
                             {.temperature_permille = temperature, .seed = seed, .max_tokens = 24, .max_context = 2}));
  };
  EXPECT_EQ(text(1000, 1), "mat on the mat and the c");
  EXPECT_EQ(text(1000, 2), "mat and and the dog and ");
  EXPECT_EQ(text(700, 1), "mat on the mat and the c");
  EXPECT_EQ(text(1500, 3), "cat and are log.");
  EXPECT_EQ(text(0, 4), "mat and and and and and ");
}

TEST(Sampler, RefusesWhatItCannotDo) {
  const auto shard = shard_of({"a"});
  EXPECT_EQ(generate(Model({&shard}), {}, {.temperature_permille = 1'000'001}).error().code,
            ErrorCode::invalid_argument);
  const auto empty = shard_of({});
  EXPECT_EQ(generate(Model({&empty}), {}, {}).error().code, ErrorCode::failed_precondition);
  const auto blank = shard_of({""});
  EXPECT_EQ(generate(Model({&blank}), {}, {}), (Generated{.steps = {}, .has_ended = true}));
}

}  // namespace
}  // namespace tribute::lm
