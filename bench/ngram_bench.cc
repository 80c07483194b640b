// The suffix-array index on real documents: opening, matching and the whole attribution.
// TRIBUTE_BENCH_CORPUS names another file of contributions than ../shared/data/cpp-docs.jsonl.zst.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "corpus.h"
#include "io/file_system.h"
#include "ngram/index_source.h"
#include "ngram/manifest.h"
#include "ngram/search.h"
#include "ngram/segment_writer.h"
#include "trace/trace.h"

namespace tribute {
namespace {

using Tokens = std::vector<TokenId>;

constexpr size_t kTextTokens = 500;
constexpr size_t kHeldOut = 50;  // one document in so many is not in the index

// The corpus, an index of most of it, and texts to look for.
struct Library {
  static const Library* get() {
    static const std::unique_ptr<Library> library = make();
    return library.get();
  }

  ~Library() { std::filesystem::remove_all(folder); }

  static std::unique_ptr<Library> make() {
    const char* const named = std::getenv("TRIBUTE_BENCH_CORPUS");  // NOLINT(concurrency-mt-unsafe): one thread
    const std::string path = named != nullptr ? named : TRIBUTE_SHARED_DIR "/data/cpp-docs.jsonl.zst";
    auto corpus = bench::read_corpus({path});
    if (!corpus) return nullptr;
    auto library = std::make_unique<Library>();
    library->corpus = std::move(*corpus);
    std::string pattern = (std::filesystem::temp_directory_path() / "tribute-bench-XXXXXX").string();
    CHECK(mkdtemp(pattern.data()) != nullptr);
    library->folder = pattern;
    library->write_index();
    return library;
  }

  void write_index() {
    ngram::SegmentWriter writer(corpus.vocabulary_size);
    std::unordered_map<std::string, uint64_t> contributors;
    for (size_t i = 0; i < corpus.documents.size(); ++i) {
      const Tokens& tokens = corpus.documents[i];
      if (i % kHeldOut == 0) {
        if (tokens.size() >= kTextTokens) held_out.emplace_back(tokens.begin(), tokens.begin() + kTextTokens);
        continue;
      }
      if (i % kHeldOut == 1 && tokens.size() >= kTextTokens) {
        copied.emplace_back(tokens.begin(), tokens.begin() + kTextTokens);
      }
      const uint64_t contributor = contributors.emplace(corpus.contributors[i], contributors.size()).first->second;
      CHECK(writer.add(EntryIndex{i + 1000}, EntryIndex{contributor}, tokens).has_value());
    }
    const auto name = std::move(writer).write(*files, folder);
    CHECK(name.has_value());
    std::vector<ngram::Segment> segments;
    segments.push_back(*ngram::Segment::open(*files, folder, *name));
    const auto made = ngram::make_manifest({.datanet = EntryIndex{1},
                                            .role = ngram::Role::paid,
                                            .tokenizer_sha256 = sha256("bench"),
                                            .vocabulary_size = corpus.vocabulary_size,
                                            .log_size = uint64_t{1} << 40},
                                           segments, {});
    manifest = *ngram::write_manifest(*files, folder, *made);
  }

  ngram::IndexSource open(io::Residence residence = io::Residence::memory) const {
    std::vector<ngram::Index> indexes;
    indexes.push_back(*ngram::Index::open(*files, folder, manifest, residence));
    return std::move(*ngram::IndexSource::open(std::move(indexes)));
  }

  std::unique_ptr<io::FileSystem> files = io::make_real_file_system();
  bench::Corpus corpus;
  std::string folder;
  Hash256 manifest;
  std::vector<Tokens> held_out;
  std::vector<Tokens> copied;
};

const Library* library_or_skip(benchmark::State& state) {
  const Library* const library = Library::get();
  if (library == nullptr) state.SkipWithError("there is no corpus to read");
  return library;
}

void open_index(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  for (auto _ : state) {
    if (library->open(io::Residence::mapped).facts().token_count == 0)
      state.SkipWithError("there is nothing in the index");
  }
  const ngram::IndexSource source = library->open();
  const ngram::Segment& segment = source.indexes()[0].segments()[0];
  state.counters["documents"] = segment.document_count();
  state.counters["tokens"] = static_cast<double>(segment.token_count());
  state.counters["bytes_per_token"] =
      static_cast<double>(segment.file_bytes()) / static_cast<double>(segment.token_count());
}
BENCHMARK(open_index)->Unit(benchmark::kMillisecond);

const std::vector<Tokens>& texts_of(const Library& library, bool copied) {
  return copied ? library.copied : library.held_out;
}

io::Residence residence_of(int64_t in_memory) { return in_memory != 0 ? io::Residence::memory : io::Residence::mapped; }

std::string label_of(const benchmark::State& state) {
  const std::string text = state.range(0) != 0 ? "500 tokens of a document in the index" : "500 held-out tokens";
  return text + (state.range(1) != 0 ? ", in memory" : ", mapped");
}

void match_text(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource source = library->open(residence_of(state.range(1)));
  const auto& texts = texts_of(*library, state.range(0) != 0);
  for (const Tokens& text : texts) CHECK(source.longest_matches(text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(source.longest_matches(texts[next++ % texts.size()]));
  state.SetLabel(label_of(state));
}
BENCHMARK(match_text)->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond);

void attribute_text(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource source = library->open(residence_of(state.range(1)));
  const auto& texts = texts_of(*library, state.range(0) != 0);
  const std::vector<bool> copied(kTextTokens);
  const auto attribute = [&](const Tokens& text) { return trace::attribute(source, text, copied, trace::Policy{}); };
  for (const Tokens& text : texts) CHECK(attribute(text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(attribute(texts[next++ % texts.size()]));
  state.SetLabel(label_of(state));
}
BENCHMARK(attribute_text)->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond);

// Runs of five tokens, one from each fifty of the held-out texts.
std::vector<ngram::Run> runs_of_five(size_t text_count) {
  std::vector<ngram::Run> runs;
  for (size_t i = 0; i < text_count; ++i) {
    for (uint32_t at = 0; at < kTextTokens; at += 50) {
      const auto begin = static_cast<uint32_t>(i * kTextTokens) + at;
      runs.push_back({.begin = begin, .end = begin + 5});
    }
  }
  return runs;
}

// state.range(0): so many runs at once.
void count_runs(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource source = library->open();
  const ngram::SegmentSearch search(source.indexes()[0].segments()[0]);
  Tokens text;
  for (const Tokens& of : library->held_out) text.insert(text.end(), of.begin(), of.end());
  const std::vector<ngram::Run> all = runs_of_five(library->held_out.size());
  const auto at_once = static_cast<size_t>(state.range(0));
  CHECK(all.size() >= at_once);
  // Each batch as the text of its own that a caller would give.
  std::vector<Tokens> texts;
  for (size_t i = 0; i + at_once <= all.size(); i += at_once) {
    Tokens& batch = texts.emplace_back();
    for (size_t k = 0; k < at_once; ++k) {
      const auto first = text.begin() + all[i + k].begin;
      batch.insert(batch.end(), first, first + 5);
    }
  }
  std::vector<ngram::Run> runs;
  for (uint32_t k = 0; k < at_once; ++k) runs.push_back({.begin = k * 5, .end = k * 5 + 5});
  for (const Tokens& batch : texts) benchmark::DoNotOptimize(search.find(batch, runs));
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(search.find(texts[next++ % texts.size()], runs));
  state.SetItemsProcessed(state.range(0) * state.iterations());
  state.SetLabel("runs of five held-out tokens");
}
BENCHMARK(count_runs)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace tribute
