// Sorting suffixes: real documents by one and two threads, and texts that make naive sorters quadratic.
// The documents are ../shared/data's cpp-docs and win32-docs, up to 70 M tokens of them.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "corpus.h"
#include "io/file_system.h"
#include "suffix/run_file.h"
#include "suffix/run_merge.h"
#include "suffix/suffix_sort.h"

namespace tribute {
namespace {

constexpr uint64_t kDocumentTokens = 70'000'000;
constexpr uint32_t kByteTokens = 256;
constexpr size_t kPeriodicSize = 10'000'000;

// A line of the process's own status, in bytes; 0 where there is none.
uint64_t status_bytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  std::string word;
  uint64_t kib = 0;
  while (status >> word) {
    if (word == name + ":" && status >> kib) return kib << 10;
  }
  return 0;
}

// Sorts again and again; counts the text, the order and what the sort takes besides, at most at a time.
template <typename Symbol>
void sort_text(benchmark::State& state, const std::vector<Symbol>& text, uint32_t symbol_count, uint32_t threads) {
  std::vector<uint32_t, HugePageAllocator<uint32_t>> order(text.size());
  malloc_trim(0);                               // what is free already is to count again
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak of memory begins anew
  const uint64_t before = status_bytes("VmRSS");
  for (auto _ : state) {
    suffix::sort_suffixes(std::span<const Symbol>(text), symbol_count, order, {.threads = threads});
    benchmark::DoNotOptimize(order.data());
  }
  const uint64_t besides = status_bytes("VmHWM") - before;
  const auto size = static_cast<double>(text.size());
  state.counters["bytes_per_token"] =
      static_cast<double>(sizeof(Symbol) + sizeof(uint32_t)) + static_cast<double>(besides) / size;
  state.counters["tokens"] = size;
  state.SetItemsProcessed(static_cast<int64_t>(text.size()) * state.iterations());
}

template <typename Symbol>
struct Documents {
  std::vector<Symbol> text;
  uint32_t symbol_count = 0;
};

// The documents with an alphabet that just fits 16 bits as GPT-2's does, or with one of 2^18.
template <typename Symbol>
const Documents<Symbol>& documents() {
  static const Documents<Symbol> made = [] {
    Documents<Symbol> read;
    const std::string folder = TRIBUTE_SHARED_DIR "/data/";
    const auto corpus = bench::read_corpus(
        {folder + "cpp-docs.jsonl.zst", folder + "win32-docs.jsonl.zst"},
        {.max_tokens = kDocumentTokens, .word_count = sizeof(Symbol) == 2 ? 50'000U : (1U << 18) - kByteTokens});
    if (!corpus) return read;
    read.symbol_count = corpus->vocabulary_size + 1;
    for (const auto& tokens : corpus->documents) {
      for (const TokenId token : tokens) read.text.push_back(static_cast<Symbol>(token.value() + 1));
      read.text.push_back(Symbol{suffix::kSeparator});
    }
    read.text.shrink_to_fit();
    return read;
  }();
  return made;
}

template <typename Symbol>
void documents(benchmark::State& state) {
  const auto& [text, symbol_count] = documents<Symbol>();
  if (text.empty()) {
    state.SkipWithError("there is no corpus to read");
  } else {
    sort_text(state, text, symbol_count, static_cast<uint32_t>(state.range(0)));
  }
}
BENCHMARK(documents<uint16_t>)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(documents<uint32_t>)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// The same in runs of a part of the documents each, written to disk and merged: the first argument is how many.
void documents_in_runs(benchmark::State& state) {
  const auto& [text, symbol_count] = documents<uint16_t>();
  if (text.empty()) return state.SkipWithError("there is no corpus to read");
  const auto files = io::make_real_file_system();
  const std::string folder = std::filesystem::temp_directory_path().string();
  const auto run_count = static_cast<size_t>(state.range(0));
  const auto seconds = [begin = std::chrono::steady_clock::now()] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  double written = 0;
  double merged = 0;
  for (auto _ : state) {
    const double begin = seconds();
    std::vector<std::string> paths;
    for (size_t from = 0; from < text.size();) {
      size_t to = std::min(text.size(), from + text.size() / run_count + 1);
      while (text[to - 1] != suffix::kSeparator) ++to;
      paths.push_back(io::join(folder, "tribute-bench-run-" + std::to_string(paths.size())));
      const auto run =
          suffix::write_run(*files, paths.back(), std::span(text).subspan(from, to - from),
                            {.contents = sha256(paths.back()), .symbol_count = symbol_count, .threads = 2});
      if (!run) return state.SkipWithError(run.error().message.c_str());
      from = to;
    }
    const double middle = seconds();
    auto merge = suffix::RunMerge::open(*files, paths, {.text_blocks = text.size() / 8192, .passages = 1 << 20});
    std::vector<suffix::MergedSuffix> suffixes(1 << 16);
    size_t count = 0;
    while (const size_t some = merge->next(suffixes).value()) {
      benchmark::DoNotOptimize(suffixes.data());
      count += some;
    }
    written += middle - begin;
    merged += seconds() - middle;
    state.counters["text_blocks_read"] = static_cast<double>(merge->text().blocks_read());
    for (const std::string& path : paths) static_cast<void>(files->remove(path));
  }
  const auto rounds = static_cast<double>(state.iterations());
  state.counters["write_runs_s"] = written / rounds;
  state.counters["merge_s"] = merged / rounds;
  state.SetItemsProcessed(static_cast<int64_t>(text.size()) * state.iterations());
}
BENCHMARK(documents_in_runs)->ArgName("runs")->Arg(2)->Arg(7)->Arg(30)->Unit(benchmark::kMillisecond)->UseRealTime();

void equal_tokens(benchmark::State& state) {
  std::vector<uint16_t> text(kPeriodicSize, 1);
  text.push_back(suffix::kSeparator);
  sort_text(state, text, 2, 1);
}
BENCHMARK(equal_tokens)->Unit(benchmark::kMillisecond);

void period_two(benchmark::State& state) {
  std::vector<uint16_t> text;
  for (size_t i = 0; i < kPeriodicSize; ++i) text.push_back(static_cast<uint16_t>(1 + i % 2));
  text.push_back(suffix::kSeparator);
  sort_text(state, text, 3, 1);
}
BENCHMARK(period_two)->Unit(benchmark::kMillisecond);

void fibonacci_word(benchmark::State& state) {
  std::vector<uint16_t> text = {2};
  for (std::vector<uint16_t> shorter = {1}; text.size() < kPeriodicSize;) {
    std::vector<uint16_t> longer = text;
    longer.insert(longer.end(), shorter.begin(), shorter.end());
    shorter = std::exchange(text, std::move(longer));
  }
  text.push_back(suffix::kSeparator);
  sort_text(state, text, 3, 1);
}
BENCHMARK(fibonacci_word)->Unit(benchmark::kMillisecond);

void copies_of_a_document(benchmark::State& state) {
  std::vector<uint16_t> text;
  for (uint32_t copy = 0; copy < 100'000; ++copy) {
    for (uint32_t i = 1; i <= 100; ++i) text.push_back(static_cast<uint16_t>(1 + i * i % 1009));
    text.push_back(suffix::kSeparator);
  }
  sort_text(state, text, 1010, 1);
}
BENCHMARK(copies_of_a_document)->Unit(benchmark::kMillisecond);

// Nothing repeats: what a table of phrases is of no use for.
void random_tokens(benchmark::State& state) {
  std::vector<uint16_t> text;
  uint64_t random = 1;
  for (size_t i = 0; i < kPeriodicSize; ++i) {
    random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
    text.push_back(static_cast<uint16_t>(1 + (random >> 33) % 50'000));
  }
  text.push_back(suffix::kSeparator);
  sort_text(state, text, 50'001, 1);
}
BENCHMARK(random_tokens)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tribute
