// Searches in an index whose suffixes and text are not in memory: by the system's map, and by reads of blocks in both
// layouts, in one run. TRIBUTE_BENCH_CORPUS names other documents than ../shared/data/cpp-docs.jsonl.zst.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "library.h"
#include "ngram/cold_search.h"
#include "ngram/search.h"

namespace tribute {
namespace {

using bench::kTextTokens;
using bench::Library;
using bench::Tokens;
using ngram::ColdSearch;
using ngram::PageLayout;
using ngram::Segment;

constexpr uint64_t kPage = 4096;

const Library* library_of(PageLayout layout) {
  static const std::array<std::unique_ptr<const Library>, 2> libraries = {
      Library::make(UINT64_MAX, PageLayout::standard), Library::make(UINT64_MAX, PageLayout::disk)};
  return libraries[static_cast<size_t>(layout)].get();
}

Hash256 segment_of(const Library& library) { return library.open(io::Residence::mapped).segments().front().name(); }

// Columns, directory and minima in memory.
const Segment& columns_of(PageLayout layout) {
  static std::array<std::unique_ptr<const Segment>, 2> columns;
  auto& of = columns[static_cast<size_t>(layout)];
  if (!of) {
    const Library& library = *library_of(layout);
    of = std::make_unique<const Segment>(
        std::move(*Segment::open_columns(library.files(), library.folder(), segment_of(library))));
    CHECK(of->directory() != nullptr);
  }
  return *of;
}

// Suffixes and text leave the page cache. Returns how many thousandths of them are there all the same.
double drop_cache(const Segment& segment) {
  const int file = ::open(segment.path().c_str(), O_RDONLY);
  CHECK(file >= 0 && ::fsync(file) == 0);
  uint64_t pages = 0;
  uint64_t resident = 0;
  for (const ngram::Section section : {ngram::Section::suffixes, ngram::Section::text}) {
    const ngram::Extent extent = segment.layout().of(section);
    const uint64_t begin = extent.begin / kPage * kPage;
    const size_t size = extent.end() - begin;
    CHECK(::posix_fadvise(file, static_cast<off_t>(begin), static_cast<off_t>(size), POSIX_FADV_DONTNEED) == 0);
    void* const map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, static_cast<off_t>(begin));
    CHECK(map != MAP_FAILED);
    std::vector<unsigned char> there((size + kPage - 1) / kPage);
    CHECK(::mincore(map, size, there.data()) == 0);
    ::munmap(map, size);
    pages += there.size();
    resident += static_cast<uint64_t>(std::ranges::count_if(there, [](unsigned char page) { return (page & 1) != 0; }));
  }
  ::close(file);
  return 1000.0 * static_cast<double>(resident) / static_cast<double>(pages);
}

uint64_t major_faults() {
  rusage usage{};
  CHECK(::getrusage(RUSAGE_SELF, &usage) == 0);
  return static_cast<uint64_t>(usage.ru_majflt);
}

double average(uint64_t total, const benchmark::State& state) {
  return static_cast<double>(total) / static_cast<double>(state.iterations());
}

void describe(benchmark::State& state, const Segment& segment, const std::string& way) {
  state.counters["tokens"] = static_cast<double>(segment.token_count());
  state.counters["bytes_per_token"] =
      static_cast<double>(segment.file_bytes()) / static_cast<double>(segment.token_count());
  state.SetLabel(way + (segment.layout().is_for_disk() ? ", disk layout" : ", standard layout"));
}

// Runs of `size` tokens, one from each forty of the held-out texts.
std::vector<Tokens> held_out_runs(const Library& library, size_t size) {
  std::vector<Tokens> runs;
  for (const Tokens& text : library.texts(false)) {
    for (size_t at = 0; at + size <= kTextTokens; at += 40) {
      const auto first = text.begin() + static_cast<std::ptrdiff_t>(at);
      runs.emplace_back(first, first + static_cast<std::ptrdiff_t>(size));
    }
  }
  // In an order in which what is read says nothing about what comes next.
  for (size_t i = runs.size(); i > 1; --i) std::swap(runs[i - 1], runs[i * 7919 % 104729 % i]);
  return runs;
}

// One run of state.range(0) held-out tokens, 0: of 1 to 15 in turn, each alone, with nothing in memory.
void cold_count(benchmark::State& state) {
  const auto layout = static_cast<PageLayout>(state.range(1));
  const Library* const library = library_of(layout);
  if (library == nullptr) return state.SkipWithError("there is no corpus to read");
  std::vector<std::vector<Tokens>> runs;
  const auto size = static_cast<size_t>(state.range(0));
  for (size_t of = size == 0 ? 1 : size; of <= (size == 0 ? 15 : size); ++of)
    runs.push_back(held_out_runs(*library, of));
  ColdSearch cold = *ColdSearch::open(library->files(), columns_of(layout));
  size_t next = 0;
  uint64_t found = 0;
  for (auto _ : state) {
    const std::vector<Tokens>& of = runs[next % runs.size()];
    const Tokens& run = of[next / runs.size() % of.size()];
    ++next;
    cold.forget();
    const ngram::Run whole{.begin = 0, .end = static_cast<uint32_t>(run.size())};
    const auto ranges = cold.find(run, {&whole, 1});
    CHECK(ranges.has_value());
    found += ranges->front().is_empty() ? 0 : 1;
  }
  state.counters["blocks"] = average(cold.counts().blocks_read, state);
  state.counters["rounds"] = average(cold.counts().rounds, state);
  state.counters["most_rounds"] = cold.counts().most_rounds;
  state.counters["found"] = average(found, state);
  describe(state, columns_of(layout), std::string(cold.way()));
}
BENCHMARK(cold_count)
    ->ArgsProduct({benchmark::CreateDenseRange(0, 15, 1), {0, 1}})
    ->Iterations(3000)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

// Many runs of five held-out tokens at once, with nothing in memory.
void cold_counts(benchmark::State& state) {
  const auto layout = static_cast<PageLayout>(state.range(1));
  const Library* const library = library_of(layout);
  if (library == nullptr) return state.SkipWithError("there is no corpus to read");
  const std::vector<Tokens> runs = held_out_runs(*library, 5);
  const auto at_once = static_cast<size_t>(state.range(0));
  std::vector<ngram::Run> places;
  for (uint32_t i = 0; i < at_once; ++i) places.push_back({.begin = i * 5, .end = i * 5 + 5});
  ColdSearch cold = *ColdSearch::open(library->files(), columns_of(layout));
  size_t next = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Tokens text;
    while (text.size() < at_once * 5) {
      const Tokens& run = runs[next++ % runs.size()];
      text.insert(text.end(), run.begin(), run.end());
    }
    cold.forget();
    state.ResumeTiming();
    CHECK(cold.find(text, places).has_value());
  }
  state.counters["blocks"] = average(cold.counts().blocks_read, state);
  state.counters["rounds"] = average(cold.counts().rounds, state);
  state.SetItemsProcessed(state.range(0) * state.iterations());
  describe(state, columns_of(layout), std::string(cold.way()));
}
BENCHMARK(cold_counts)->ArgsProduct({{64, 512}, {0, 1}})->Iterations(20)->UseRealTime()->Unit(benchmark::kMillisecond);

// The longest matches at all positions of a text, state.range(0): of a document in the index, else held out;
// state.range(2): the system is told that reads are at random.
void cold_match_mapped(benchmark::State& state) {
  const auto layout = static_cast<PageLayout>(state.range(1));
  const Library* const library = library_of(layout);
  if (library == nullptr) return state.SkipWithError("there is no corpus to read");
  const auto& texts = library->texts(state.range(0) != 0);
  const Hash256 name = segment_of(*library);
  size_t next = 0;
  uint64_t faults = 0;
  double resident = 0;
  for (auto _ : state) {
    state.PauseTiming();
    {
      // A map of its own: what is mapped does not leave the page cache.
      const Segment segment = std::move(*Segment::open(library->files(), library->folder(), name));
      CHECK(segment.directory() != nullptr);
      if (state.range(2) != 0) {
        char* const begin = const_cast<char*>(segment.page_at(0)) - ngram::kBlockBytes;
        CHECK(::madvise(begin, segment.file_bytes(), MADV_RANDOM) == 0);
      }
      resident = std::max(resident, drop_cache(segment));
      const uint64_t before = major_faults();
      state.ResumeTiming();
      benchmark::DoNotOptimize(ngram::SegmentSearch(segment).longest_matches(texts[next++ % texts.size()]));
      state.PauseTiming();
      faults += major_faults() - before;
      CHECK(segment.status().has_value());
    }
    state.ResumeTiming();
  }
  state.counters["faults"] = average(faults, state);
  state.counters["resident_permille"] = resident;
  describe(state, columns_of(layout),
           std::string(state.range(2) != 0 ? "mapped, at random" : "mapped") +
               (state.range(0) != 0 ? ", copied text" : ", held-out text"));
}
BENCHMARK(cold_match_mapped)
    ->ArgsProduct({{0, 1}, {0, 1}, {0, 1}})
    ->Iterations(40)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// state.range(2): by pread.
void cold_match_direct(benchmark::State& state) {
  const auto layout = static_cast<PageLayout>(state.range(1));
  const Library* const library = library_of(layout);
  if (library == nullptr) return state.SkipWithError("there is no corpus to read");
  const auto& texts = library->texts(state.range(0) != 0);
  const auto access = state.range(2) != 0 ? io::PageAccess::plain : io::PageAccess::queued;
  ColdSearch cold = *ColdSearch::open(library->files(), columns_of(layout), {.access = access});
  size_t next = 0;
  double resident = 0;
  for (auto _ : state) {
    state.PauseTiming();
    cold.forget();
    resident = std::max(resident, drop_cache(columns_of(layout)));
    state.ResumeTiming();
    CHECK(cold.longest_matches(texts[next++ % texts.size()]).has_value());
  }
  state.counters["blocks"] = average(cold.counts().blocks_read, state);
  state.counters["rounds"] = average(cold.counts().rounds, state);
  state.counters["most_rounds"] = cold.counts().most_rounds;
  state.counters["resident_permille"] = resident;
  describe(state, columns_of(layout),
           std::string(cold.way()) + (state.range(0) != 0 ? ", copied text" : ", held-out text"));
}
BENCHMARK(cold_match_direct)
    ->ArgsProduct({{0, 1}, {0, 1}, {0, 1}})
    ->Iterations(40)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tribute
