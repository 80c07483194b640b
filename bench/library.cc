#include "library.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "ngram/manifest.h"
#include "ngram/segment.h"
#include "ngram/segment_writer.h"

namespace tribute::bench {
namespace {

constexpr size_t kHeldOut = 50;  // one document in so many is not in the index

const Corpus* corpus_once() {
  static const std::unique_ptr<const Corpus> corpus = [] {
    auto read = read_corpus(named_corpus());
    return read ? std::make_unique<const Corpus>(std::move(*read)) : nullptr;
  }();
  return corpus.get();
}

// Numbers that look random: the finalizer of MurmurHash3.
uint64_t scrambled(uint64_t i) {
  i = (i ^ i >> 33) * 0xff51afd7ed558ccd;
  i = (i ^ i >> 33) * 0xc4ceb9fe1a85ec53;
  return i ^ i >> 33;
}

void take_text(const Tokens& tokens, std::vector<Tokens>& texts) {
  if (tokens.size() < kTextTokens) return;
  texts.emplace_back(tokens.begin(), tokens.begin() + kTextTokens);
}

// Texts as words of 32 bits, after their number.
void write_texts(std::ofstream& file, const std::vector<Tokens>& texts) {
  const auto write = [&file](uint32_t word) { file.write(reinterpret_cast<const char*>(&word), sizeof(word)); };
  write(static_cast<uint32_t>(texts.size()));
  for (const Tokens& text : texts) {
    for (const TokenId token : text) write(token.value());
  }
}

std::vector<Tokens> read_texts(std::ifstream& file) {
  const auto read = [&file] {
    uint32_t word = 0;
    file.read(reinterpret_cast<char*>(&word), sizeof(word));
    return word;
  };
  std::vector<Tokens> texts(read());
  for (Tokens& text : texts) {
    for (size_t i = 0; i < kTextTokens; ++i) text.emplace_back(read());
  }
  return texts;
}

// The folder for so many tokens, and whether it stays.
std::pair<std::string, bool> folder_for(uint64_t max_tokens, ngram::PageLayout page_layout) {
  const char* const kept = std::getenv("TRIBUTE_BENCH_FOLDER");  // NOLINT(concurrency-mt-unsafe): one thread
  if (kept != nullptr) {
    const auto folder = std::filesystem::path(kept) /
                        (std::to_string(max_tokens) + (page_layout == ngram::PageLayout::disk ? "-disk" : ""));
    std::filesystem::create_directories(folder);
    return {folder.string(), true};
  }
  std::string pattern = (std::filesystem::temp_directory_path() / "tribute-bench-XXXXXX").string();
  CHECK(mkdtemp(pattern.data()) != nullptr);
  return {pattern, false};
}

}  // namespace

const Library* Library::get(uint64_t max_tokens) {
  static std::unique_ptr<const Library> last;
  static uint64_t last_size = 0;
  if (last && last_size == max_tokens) return last.get();
  last.reset();
  const char* const layout = std::getenv("TRIBUTE_BENCH_LAYOUT");  // NOLINT(concurrency-mt-unsafe): one thread
  const bool is_for_disk = layout != nullptr && std::string_view(layout) == "disk";
  last = make(max_tokens, is_for_disk ? ngram::PageLayout::disk : ngram::PageLayout::standard);
  last_size = max_tokens;
  return last.get();
}

std::unique_ptr<const Library> Library::make(uint64_t max_tokens, ngram::PageLayout page_layout) {
  const auto [folder, is_kept] = folder_for(max_tokens, page_layout);
  auto library = std::unique_ptr<Library>(new Library(folder, is_kept, page_layout));
  if (!library->read_back()) {
    const Corpus* const corpus = corpus_once();
    if (corpus == nullptr) return nullptr;
    library->write_index(*corpus, max_tokens);
  }
  return library;
}

Library::~Library() {
  if (!is_kept_) std::filesystem::remove_all(folder_);
}

bool Library::read_back() {
  std::ifstream file(std::filesystem::path(folder_) / "texts", std::ios::binary);
  std::string manifest;
  if (!(file >> manifest >> token_count_) || file.get() != '\n') return false;
  manifest_ = hash_from_hex(manifest).value();
  held_out_ = read_texts(file);
  copied_ = read_texts(file);
  return file.good();
}

void Library::write_index(const Corpus& corpus, uint64_t max_tokens) {
  ngram::SegmentWriter writer(corpus.vocabulary_size, page_layout_);
  std::unordered_map<std::string, uint64_t> contributors;
  const double part = static_cast<double>(max_tokens) / static_cast<double>(corpus.token_count);
  for (size_t i = 0; i < corpus.documents.size(); ++i) {
    const Tokens& tokens = corpus.documents[i];
    const uint64_t drawn = scrambled(i);
    if (drawn % kHeldOut == 0) {
      take_text(tokens, held_out_);
      continue;
    }
    if (part < 1 && static_cast<double>(drawn >> 11) * 0x1p-53 > part) continue;
    if (drawn % kHeldOut == 1) take_text(tokens, copied_);
    const uint64_t contributor = contributors.emplace(corpus.contributors[i], contributors.size()).first->second;
    CHECK(writer.add(EntryIndex{i + 1000}, EntryIndex{contributor}, tokens).has_value());
  }
  token_count_ = writer.token_count();
  const auto name = std::move(writer).write(*files_, folder_);
  CHECK(name.has_value());
  std::vector<ngram::Segment> segments;
  segments.push_back(*ngram::Segment::open(*files_, folder_, *name));
  const auto made = ngram::make_manifest({.datanet = EntryIndex{1},
                                          .role = ngram::Role::paid,
                                          .tokenizer_sha256 = sha256("bench"),
                                          .vocabulary_size = corpus.vocabulary_size,
                                          .log_size = uint64_t{1} << 40},
                                         segments, {});
  manifest_ = *ngram::write_manifest(*files_, folder_, *made);
  if (!is_kept_) return;
  std::ofstream file(std::filesystem::path(folder_) / "texts", std::ios::binary);
  file << manifest_.hex() << ' ' << token_count_ << '\n';
  write_texts(file, held_out_);
  write_texts(file, copied_);
}

ngram::Index Library::open(io::Residence residence) const {
  return std::move(*ngram::Index::open(*files_, folder_, manifest_, residence));
}

std::vector<RunBatch> batches_of_five(const Library& library, size_t at_once) {
  constexpr uint32_t kRunTokens = 5;
  constexpr size_t kTokensPerRun = 50;
  std::vector<RunBatch> batches;
  for (const Tokens& text : library.texts(false)) {
    for (size_t at = 0; at < kTextTokens; at += kTokensPerRun) {
      if (batches.empty() || batches.back().runs.size() == at_once) batches.emplace_back();
      RunBatch& batch = batches.back();
      const auto begin = static_cast<uint32_t>(batch.text.size());
      const auto first = text.begin() + static_cast<std::ptrdiff_t>(at);
      batch.text.insert(batch.text.end(), first, first + kRunTokens);
      batch.runs.push_back({.begin = begin, .end = begin + kRunTokens});
    }
  }
  if (!batches.empty() && batches.back().runs.size() < at_once) batches.pop_back();
  return batches;
}

std::vector<Continued> contexts_of(const Library& library, size_t context_tokens) {
  constexpr size_t kApart = 40;
  CHECK(context_tokens <= kMostContextTokens);
  std::vector<Continued> contexts;
  for (size_t at = kMostContextTokens; at < kTextTokens; at += kApart) {
    for (const Tokens& text : library.texts(false)) {
      contexts.push_back({std::span(text).subspan(at - context_tokens, context_tokens), text[at]});
    }
  }
  return contexts;
}

}  // namespace tribute::bench
