// How long the attribution of one answer takes, by the size of what it is looked for in.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "ngram/brute_force_source.h"
#include "trace/trace.h"

namespace tribute {
namespace {

using Tokens = std::vector<TokenId>;

constexpr size_t kAnswerTokens = 500;
constexpr size_t kDocumentTokens = 1024;
constexpr size_t kQuoteTokens = 40;
constexpr uint32_t kVocabularySize = 50'000;

// Tokens whose frequencies fall as their rank's inverse, as those of words do.
Tokens zipf_tokens(std::mt19937_64& random, size_t count) {
  std::uniform_real_distribution<double> log_rank(0, std::log(double{kVocabularySize}));
  Tokens tokens;
  tokens.reserve(count);
  for (size_t i = 0; i < count; ++i) tokens.emplace_back(static_cast<uint32_t>(std::exp(log_rank(random))) - 1);
  return tokens;
}

std::vector<ngram::Document> make_documents(std::mt19937_64& random, size_t token_count) {
  std::vector<ngram::Document> documents;
  for (uint64_t i = 0; i < token_count / kDocumentTokens; ++i) {
    Tokens tokens = zipf_tokens(random, kDocumentTokens);
    const Hash256 hash = ngram::tokens_hash(tokens);
    documents.push_back({EntryIndex{1000 + i}, EntryIndex{i % 100}, ngram::Role::paid, hash, std::move(tokens)});
  }
  return documents;
}

// An answer of which every second passage is a quote.
Tokens make_answer(std::mt19937_64& random, const std::vector<ngram::Document>& documents) {
  Tokens answer;
  while (answer.size() < kAnswerTokens) {
    const Tokens& quoted = documents[random() % documents.size()].tokens;
    const auto begin = quoted.begin() + static_cast<std::ptrdiff_t>(random() % (quoted.size() - kQuoteTokens));
    answer.insert(answer.end(), begin, begin + kQuoteTokens);
    const Tokens own = zipf_tokens(random, kQuoteTokens);
    answer.insert(answer.end(), own.begin(), own.end());
  }
  answer.resize(kAnswerTokens);
  return answer;
}

void attribute_by_brute_force(benchmark::State& state) {
  std::mt19937_64 random(1);
  const ngram::BruteForceSource source(make_documents(random, static_cast<size_t>(state.range(0))));
  const Tokens answer = make_answer(random, source.documents());
  const std::vector<bool> copied(answer.size());
  for (auto _ : state) {
    const auto attribution = trace::attribute(source, answer, copied, trace::Policy{});
    if (!attribution || attribution->credited_millibits == 0) state.SkipWithError("nothing was attributed");
  }
  state.SetLabel("500-token answer");
}
BENCHMARK(attribute_by_brute_force)->RangeMultiplier(4)->Range(1 << 14, 1 << 20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tribute
