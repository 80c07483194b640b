// The suffix-array index on real documents: sorting, opening, matching and the whole attribution.
// TRIBUTE_BENCH_CORPUS names another file of contributions than ../shared/data/cpp-docs.jsonl.zst.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/check.h"
#include "corpus.h"
#include "io/file_system.h"
#include "ngram/index_source.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"
#include "ngram/suffix_sort.h"
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
    auto corpus = bench::read_corpus(path);
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

template <typename Symbol>
void sort_documents(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  std::vector<Symbol> text;
  for (const Tokens& tokens : library->corpus.documents) {
    for (const TokenId token : tokens) text.push_back(static_cast<Symbol>(token.value() + 1));
    text.push_back(Symbol{ngram::kSeparator});
  }
  std::vector<uint32_t> order(text.size());
  for (auto _ : state) {
    ngram::sort_suffixes(std::span<const Symbol>(text), library->corpus.vocabulary_size + 1, order);
    benchmark::DoNotOptimize(order.data());
  }
  state.SetItemsProcessed(static_cast<int64_t>(text.size()) * state.iterations());
}
BENCHMARK(sort_documents<uint16_t>)->Unit(benchmark::kMillisecond);
BENCHMARK(sort_documents<uint32_t>)->Unit(benchmark::kMillisecond);

void sort_equal_tokens(benchmark::State& state) {
  std::vector<uint16_t> text(static_cast<size_t>(state.range(0)), 1);
  text.push_back(ngram::kSeparator);
  std::vector<uint32_t> order(text.size());
  for (auto _ : state) ngram::sort_suffixes(std::span<const uint16_t>(text), 2, order);
  state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(sort_equal_tokens)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

void open_index(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  for (auto _ : state) {
    if (library->open().facts().token_count == 0) state.SkipWithError("there is nothing in the index");
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

void match_text(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource source = library->open();
  const auto& texts = texts_of(*library, state.range(0) != 0);
  for (const Tokens& text : texts) CHECK(source.longest_matches(text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(source.longest_matches(texts[next++ % texts.size()]));
  state.SetLabel(state.range(0) != 0 ? "500 tokens of a document in the index" : "500 held-out tokens");
}
BENCHMARK(match_text)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void attribute_text(benchmark::State& state) {
  const Library* const library = library_or_skip(state);
  if (library == nullptr) return;
  const ngram::IndexSource source = library->open();
  const auto& texts = texts_of(*library, state.range(0) != 0);
  const std::vector<bool> copied(kTextTokens);
  const auto attribute = [&](const Tokens& text) { return trace::attribute(source, text, copied, trace::Policy{}); };
  for (const Tokens& text : texts) CHECK(attribute(text).has_value());
  size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(attribute(texts[next++ % texts.size()]));
  state.SetLabel(state.range(0) != 0 ? "500 tokens of a document in the index" : "500 held-out tokens");
}
BENCHMARK(attribute_text)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tribute
