// The documents of an evaluation, and a workspace's index of them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/index_source.h"
#include "quotes/matches.h"
#include "text/tokenizer.h"

namespace tribute::evaluate {

struct Document {
  EntryIndex entry;
  EntryIndex contributor;
  std::string id;
  std::string text;
  std::vector<TokenId> tokens;
  std::vector<uint32_t> ends;  // per token, the byte of the text where it ends
};

struct Corpus {
  std::vector<Document> known;      // by entry
  std::vector<Document> unrelated;  // held out of the index
  std::map<EntryIndex, std::string> contributors;

  std::vector<Datapoint> datapoints() const;  // the known ones; they must not outlive the corpus
};

struct CorpusOptions {
  std::string path;  // contributions as ContributionReader reads them
  // One document in so many is held out of the index and is unrelated text. At least 1.
  uint32_t unrelated_every = 50;
  // Contributions of which one in so many is the unrelated text instead; nullopt: those held out.
  std::optional<std::string> unrelated_path;
};

// The documents, in the file's order: a contributor's first document is preceded by the contributor's
// registration, so that entries are those of a log.
// Errors: those of the reader and the tokenizer; invalid_argument for a bad row, or if no known document is as
// long as the longest passage or no unrelated one as the longest stretch (stitch.h).
Result<Corpus> read_corpus(io::FileSystem& files, const CorpusOptions& options, const text::Tokenizer& tokenizer);

// The known documents in some segments of falling size, as a workspace that grows has them, in a new folder
// under the system's one for temporary files, which is removed with this.
class TemporaryIndex {
 public:
  // Errors: those of the file system and of the index.
  static Result<TemporaryIndex> write(io::FileSystem& files, const Corpus& corpus, const text::Tokenizer& tokenizer);

  const ngram::IndexSource& source() const { return *source_; }
  size_t segment_count() const { return source_->indexes()[0].segments().size(); }

 private:
  struct RemoveFolder {
    void operator()(const std::string* folder) const;
  };
  explicit TemporaryIndex(std::unique_ptr<const std::string, RemoveFolder> folder) : folder_(std::move(folder)) {}

  std::unique_ptr<const std::string, RemoveFolder> folder_;  // before the source: its files are closed first
  std::unique_ptr<ngram::IndexSource> source_;
};

}  // namespace tribute::evaluate
