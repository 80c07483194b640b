// The suffix-array index on real documents: opening, matching, the whole attribution, and who owns a run.
// TRIBUTE_BENCH_CORPUS names other documents than ../shared/data/cpp-docs.jsonl.zst.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "library.h"
#include "ngram/index_source.h"
#include "ngram/search.h"
#include "trace/trace.h"
#include "trace/trace_stream.h"

namespace tribute {
namespace {

using bench::kTextTokens;
using bench::Library;
using bench::Tokens;

ngram::IndexSource open_source(const Library& library, io::Residence residence) {
  std::vector<ngram::Index> indexes;
  indexes.push_back(library.open(residence));
  return std::move(*ngram::IndexSource::open(std::move(indexes)));
}

// The last one is kept, since a benchmark is called several times.
const ngram::IndexSource& source_of(const Library& library, io::Residence residence = io::Residence::memory) {
  static std::unique_ptr<const ngram::IndexSource> last;
  static std::pair<uint64_t, io::Residence> of;
  if (last && of == std::pair(library.token_count(), residence)) return *last;
  last.reset();
  last = std::make_unique<const ngram::IndexSource>(open_source(library, residence));
  of = {library.token_count(), residence};
  return *last;
}

const Library* library_or_skip(benchmark::State& state, uint64_t max_tokens = UINT64_MAX) {
  const Library* const library = Library::get(max_tokens);
  if (library == nullptr) state.SkipWithError("there is no corpus to read");
  return library;
}

void open_index(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  for (auto _ : state) {
    if (open_source(*library, io::Residence::mapped).facts().token_count == 0)
      state.SkipWithError("there is nothing in the index");
  }
  const ngram::IndexSource& source = source_of(*library, io::Residence::mapped);
  const ngram::Segment& segment = source.indexes()[0].segments()[0];
  state.counters["documents"] = segment.document_count();
  state.counters["tokens"] = static_cast<double>(segment.token_count());
  state.counters["bytes_per_token"] =
      static_cast<double>(segment.file_bytes()) / static_cast<double>(segment.token_count());
}
BENCHMARK(open_index)->Unit(benchmark::kMillisecond);

io::Residence residence_of(int64_t in_memory) { return in_memory != 0 ? io::Residence::memory : io::Residence::mapped; }

std::string label_of(const benchmark::State& state) {
  const std::string text = state.range(0) != 0 ? "500 tokens of a document in the index" : "500 held-out tokens";
  return text + (state.range(1) != 0 ? ", in memory" : ", mapped");
}

void match_text(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource& source = source_of(*library, residence_of(state.range(1)));
  const auto& texts = library->texts(state.range(0) != 0);
  for (const Tokens& text : texts) CHECK(source.longest_matches(text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(source.longest_matches(texts[next++ % texts.size()]));
  state.SetLabel(label_of(state));
}
BENCHMARK(match_text)->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond);

Result<trace::Attribution> attribute(const ngram::IndexSource& source, const Tokens& text) {
  return trace::attribute(source, text, std::vector<bool>(kTextTokens), trace::Policy{});
}

void attribute_text(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource& source = source_of(*library, residence_of(state.range(1)));
  const auto& texts = library->texts(state.range(0) != 0);
  for (const Tokens& text : texts) CHECK(attribute(source, text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(attribute(source, texts[next++ % texts.size()]));
  state.SetLabel(label_of(state));
}
BENCHMARK(attribute_text)->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond);

// The same answers token by token, as a model emits them.
void attribute_as_it_is_written(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource& source = source_of(*library, residence_of(state.range(1)));
  const auto& texts = library->texts(state.range(0) != 0);
  size_t next = 0;
  for (auto _ : state) {
    auto stream = trace::TraceStream::begin(source, trace::Policy{});
    for (const TokenId token : texts[next++ % texts.size()]) CHECK(stream->push({&token, 1}).has_value());
    benchmark::DoNotOptimize(std::move(*stream).finish(std::vector<bool>(kTextTokens)));
  }
  state.SetLabel(label_of(state));
}
BENCHMARK(attribute_as_it_is_written)->ArgsProduct({{0, 1}, {1}})->Unit(benchmark::kMillisecond);

// Each thread takes texts of its own from one source.
void attribute_in_threads(benchmark::State& state) {
  static const Library* library = nullptr;
  static const ngram::IndexSource* source = nullptr;
  if (state.thread_index() == 0) {
    library = library_or_skip(state);
    if (library == nullptr) return;
    source = &source_of(*library);
    for (const Tokens& text : library->texts(false)) CHECK(attribute(*source, text).has_value());
  }
  auto next = static_cast<size_t>(state.thread_index());
  for (auto _ : state) {  // the threads meet before the first
    const auto& texts = library->texts(false);
    benchmark::DoNotOptimize(attribute(*source, texts[next % texts.size()]));
    next += static_cast<size_t>(state.threads());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(attribute_in_threads)->ThreadRange(1, 2)->UseRealTime()->Unit(benchmark::kMillisecond);

// state.range(0): so many runs at once.
void count_runs(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource& source = source_of(*library);
  const ngram::SegmentSearch search(source.indexes()[0].segments()[0]);
  const auto batches = bench::batches_of_five(*library, static_cast<size_t>(state.range(0)));
  CHECK(!batches.empty());
  for (const auto& [text, runs] : batches) benchmark::DoNotOptimize(search.find(text, runs));
  size_t next = 0;
  for (auto _ : state) {
    const auto& [text, runs] = batches[next++ % batches.size()];
    benchmark::DoNotOptimize(search.find(text, runs));
  }
  state.SetItemsProcessed(state.range(0) * state.iterations());
  state.SetLabel("runs of five held-out tokens");
}
BENCHMARK(count_runs)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);

// Of the tokens the one whose occurrences are nearest to a million.
ngram::TokenCount token_near_a_million(const ngram::Segment& segment) {
  constexpr uint64_t kMillion = 1'000'000;
  const auto distance = [](const ngram::TokenCount& of) {
    return of.count > kMillion ? of.count - kMillion : kMillion - of.count;
  };
  const auto unigrams = segment.unigrams();
  return std::ranges::min(unigrams, {}, distance);
}

// What one question about a run costs, its search among it.
void ask_about_frequent_run(benchmark::State& state, const ngram::RunQuestion& question) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource& source = source_of(*library);
  const auto [token, occurrences] = token_near_a_million(source.indexes()[0].segments()[0]);
  const Tokens run = {token};
  const ngram::Run whole{.begin = 0, .end = 1};
  for (auto _ : state) benchmark::DoNotOptimize(source.find(run, {&whole, 1}, question));
  state.counters["occurrences"] = static_cast<double>(occurrences);
}
void first_holder(benchmark::State& state) { ask_about_frequent_run(state, {.counted = ngram::Counted::nothing}); }
BENCHMARK(first_holder)->Unit(benchmark::kMicrosecond);
void contributor_histogram(benchmark::State& state) {
  ask_about_frequent_run(state, {.counted = ngram::Counted::occurrences, .holders = false, .histogram = true});
}
BENCHMARK(contributor_histogram)->Unit(benchmark::kMillisecond);
void count_datapoints(benchmark::State& state) { ask_about_frequent_run(state, {.holders = false}); }
BENCHMARK(count_datapoints)->Unit(benchmark::kMillisecond);

// The same texts in ever larger parts of the corpus: 2 to the power of state.range(0) tokens.
void match_as_it_grows(benchmark::State& state) {
  const Library* const library = library_or_skip(state, uint64_t{1} << state.range(0));
  if (library == nullptr) return;
  if (library->token_count() < (uint64_t{1} << state.range(0)) / 8 * 7) {
    state.SkipWithError("the corpus is smaller");
    return;
  }
  const ngram::IndexSource& source = source_of(*library);
  const auto& texts = library->texts(false);
  for (const Tokens& text : texts) CHECK(source.longest_matches(text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(source.longest_matches(texts[next++ % texts.size()]));
  state.counters["tokens"] = static_cast<double>(library->token_count());
  state.SetLabel("500 held-out tokens, in memory");
}
BENCHMARK(match_as_it_grows)->DenseRange(20, 28, 2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tribute
