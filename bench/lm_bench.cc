// The ∞-gram model on real documents: probabilities and next tokens of held-out texts, in memory.
// TRIBUTE_BENCH_CORPUS names other documents than ../shared/data/cpp-docs.jsonl.zst.
#include <benchmark/benchmark.h>

#include <span>
#include <vector>

#include "base/check.h"
#include "library.h"
#include "lm/model.h"
#include "ngram/index_shards.h"

namespace tribute {
namespace {

using bench::Continued;
using bench::kMostContextTokens;
using bench::Library;

constexpr size_t kNgram = 5;

template <typename Ask>
void ask_model(benchmark::State& state, size_t context_tokens, Ask ask) {
  const Library* const library = Library::get();
  if (library == nullptr) {
    state.SkipWithError("there is no corpus to read");
    return;
  }
  static const ngram::IndexShards shards = [library] {
    std::vector<ngram::Index> indexes;
    indexes.push_back(library->open());
    return std::move(*ngram::IndexShards::open(std::move(indexes)));
  }();
  const lm::Model model(shards.pointers());
  const auto questions = bench::contexts_of(*library, context_tokens);
  for (const Continued& question : questions) CHECK(ask(model, question).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(ask(model, questions[next++ % questions.size()]));
}

void infinity_probability(benchmark::State& state) {
  ask_model(state, kMostContextTokens, [](const lm::Model& model, const Continued& question) {
    return model.infinity_probability(question.context, question.next);
  });
}
BENCHMARK(infinity_probability)->Unit(benchmark::kMicrosecond);

void infinity_distribution(benchmark::State& state) {
  ask_model(state, kMostContextTokens, [](const lm::Model& model, const Continued& question) {
    return model.infinity_distribution(question.context);
  });
}
BENCHMARK(infinity_distribution)->Unit(benchmark::kMicrosecond);

// What follows four tokens, as a model of five-grams tells it.
void distribution_of_five_grams(benchmark::State& state) {
  ask_model(state, kNgram - 1,
            [](const lm::Model& model, const Continued& question) { return model.distribution(question.context); });
}
BENCHMARK(distribution_of_five_grams)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tribute
