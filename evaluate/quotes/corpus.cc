#include "quotes/corpus.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <variant>

#include "datanet/reader.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"
#include "quotes/stitch.h"

namespace tribute::evaluate {
namespace {

constexpr size_t kSmallestSegment = 16;  // documents

// Gives every new thing the next entry of a log.
class Registrar {
 public:
  EntryIndex contributor(const std::string& name, std::map<EntryIndex, std::string>& names) {
    const auto [found, is_new] = contributors_.emplace(name, EntryIndex{});
    if (is_new) {
      found->second = next();
      names.emplace(found->second, name);
    }
    return found->second;
  }
  EntryIndex next() { return EntryIndex{next_++}; }

 private:
  std::unordered_map<std::string, EntryIndex> contributors_;
  uint64_t next_ = 2;  // the workspace's own entry and its DataNet's come first
};

Result<Hash256> write_segment(io::FileSystem& files, const std::string& folder, std::span<const Document> documents,
                              uint32_t vocabulary_size) {
  ngram::SegmentWriter writer(vocabulary_size);
  for (const Document& document : documents) TRY(writer.add(document.entry, document.contributor, document.tokens));
  return std::move(writer).write(files, folder);
}

template <typename Visit>
Result<void> for_each_row(io::FileSystem& files, const std::string& path, Visit visit) {
  const auto reader = TRY(datanet::ContributionReader::open(files, {path}, nullptr, {}));
  while (auto row = TRY(reader->next())) {
    if (const auto* const bad = std::get_if<datanet::BadRow>(&*row)) {
      return fail(ErrorCode::invalid_argument, datanet::describe(*bad));
    }
    TRY(visit(std::get<datanet::Row>(*row)));
  }
  return {};
}

// Takes the row's text.
Result<Document> tokenize(datanet::Row& row, EntryIndex entry, EntryIndex contributor,
                          const text::Tokenizer& tokenizer) {
  auto tokenized = TRY(tokenizer.encode_with_ranges(row.text));
  Document document{.entry = entry,
                    .contributor = contributor,
                    .id = std::move(row.id),
                    .text = std::move(row.text),
                    .tokens = std::move(tokenized.tokens),
                    .ends = {}};
  for (const text::ByteRange range : tokenized.ranges) document.ends.push_back(range.end);
  return document;
}

// Without a document of that length there would be nothing to choose from.
Result<void> check_length(const std::string& path, const std::vector<Document>& documents, uint32_t token_count) {
  if (std::ranges::any_of(documents, [&](const Document& d) { return d.tokens.size() >= token_count; })) return {};
  return fail(ErrorCode::invalid_argument, path + ": no document of at least " + std::to_string(token_count) +
                                               " tokens is among the " + std::to_string(documents.size()) +
                                               " chosen ones; name a larger file");
}

}  // namespace

std::vector<Datapoint> Corpus::datapoints() const {
  std::vector<Datapoint> datapoints;
  for (const Document& document : known) {
    datapoints.push_back({.entry = document.entry, .contributor = document.contributor, .tokens = document.tokens});
  }
  return datapoints;
}

Result<Corpus> read_corpus(io::FileSystem& files, const CorpusOptions& options, const text::Tokenizer& tokenizer) {
  Corpus corpus;
  Registrar registrar;
  uint64_t row_count = 0;
  TRY(for_each_row(files, options.path, [&](datanet::Row& row) -> Result<void> {
    const EntryIndex contributor = registrar.contributor(row.contributor, corpus.contributors);
    const bool is_held_out = row_count++ % options.unrelated_every == 0;
    Document document = TRY(tokenize(row, registrar.next(), contributor, tokenizer));
    (is_held_out ? corpus.unrelated : corpus.known).push_back(std::move(document));
    return {};
  }));
  if (options.unrelated_path) {
    corpus.unrelated.clear();
    uint64_t unrelated_count = 0;
    TRY(for_each_row(files, *options.unrelated_path, [&](datanet::Row& row) -> Result<void> {
      if (unrelated_count++ % options.unrelated_every == 0) {
        corpus.unrelated.push_back(TRY(tokenize(row, EntryIndex{}, EntryIndex{}, tokenizer)));
      }
      return {};
    }));
  }
  TRY(check_length(options.path, corpus.known, kBuckets.back().high));
  TRY(check_length(options.unrelated_path.value_or(options.path), corpus.unrelated, kLongestStretch));
  return corpus;
}

void TemporaryIndex::RemoveFolder::operator()(const std::string* folder) const {
  const std::unique_ptr<const std::string> owned(folder);
  std::error_code ignored;  // what cannot be removed is the system's to clean
  std::filesystem::remove_all(*owned, ignored);
}

Result<TemporaryIndex> TemporaryIndex::write(io::FileSystem& files, const Corpus& corpus,
                                             const text::Tokenizer& tokenizer) {
  std::string pattern = (std::filesystem::temp_directory_path() / "tribute-evaluate-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    return fail(ErrorCode::unavailable, pattern + ": " + std::generic_category().message(errno) + "; set TMPDIR");
  }
  TemporaryIndex index{std::unique_ptr<const std::string, RemoveFolder>(new std::string(pattern))};
  const std::string& folder = *index.folder_;
  std::vector<ngram::Segment> segments;
  std::span<const Document> rest = corpus.known;
  while (!rest.empty()) {
    const size_t count = rest.size() <= kSmallestSegment ? rest.size() : (rest.size() + 1) / 2;
    const Hash256 name = TRY(write_segment(files, folder, rest.first(count), tokenizer.vocabulary_size()));
    segments.push_back(TRY(ngram::Segment::open(files, folder, name)));
    rest = rest.subspan(count);
  }
  const ngram::Manifest manifest = TRY(ngram::make_manifest({.datanet = EntryIndex{1},
                                                             .role = ngram::Role::paid,
                                                             .tokenizer_sha256 = tokenizer.hash(),
                                                             .vocabulary_size = tokenizer.vocabulary_size(),
                                                             .log_size = corpus.known.back().entry.value() + 1},
                                                            segments, {}));
  const Hash256 name = TRY(ngram::write_manifest(files, folder, manifest));
  std::vector<ngram::Index> indexes;
  indexes.push_back(TRY(ngram::Index::open(files, folder, name)));
  index.source_ = std::make_unique<ngram::IndexSource>(TRY(ngram::IndexSource::open(std::move(indexes))));
  return index;
}

}  // namespace tribute::evaluate
