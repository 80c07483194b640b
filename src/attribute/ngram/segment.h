// Segments: immutable files of documents, named by their SHA-256.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/columns.h"
#include "ngram/packed_tokens.h"

namespace tribute::ngram {

// Collects documents and writes them as one segment. The bytes are a function of the documents and
// the vocabulary's size alone. Not thread-safe.
class SegmentWriter {
 public:
  // `vocabulary_size` must be at least 1 (CHECK).
  explicit SegmentWriter(uint32_t vocabulary_size);

  // Adds a document after all others. O(tokens).
  // Errors: invalid_argument for an entry that is not above the one before, an id of 2^63 or more, or
  // a token outside the vocabulary; resource_exhausted where the segment would exceed its limits.
  // On an error nothing was added.
  Result<void> add(EntryIndex entry, EntryIndex contributor, std::span<const TokenId> tokens);

  uint64_t document_count() const { return document_count_; }
  uint64_t token_count() const { return packer_.count(); }

  // The file's bytes. The writer must not be used afterwards.
  std::string finish() &&;

  // Writes `<folder>/<sha256 of the bytes>.segment` atomically and returns the hash. The folder must
  // be there. A file of that name is already this segment and is written again only if it is damaged.
  // Errors: those of the file system. The writer must not be used afterwards.
  Result<Hash256> write(io::FileSystem& files, const std::string& folder) &&;

 private:
  uint32_t vocabulary_size_;
  uint64_t document_count_ = 0;
  std::optional<EntryIndex> last_entry_;
  TokenPacker packer_;
  std::string entries_;
  std::string contributors_;
  std::string token_begins_;
  std::string token_hashes_;
  std::map<TokenId, uint64_t> unigrams_;
};

// `<folder>/<name>.segment`
std::string segment_path(std::string_view folder, const Hash256& name);

// An opened segment. It keeps its file mapped. Immutable, thread-safe, movable.
// Invariant: entries ascend strictly, documents tile the tokens, every token is in the vocabulary.
class Segment {
 public:
  // Maps the segment and verifies its name, checksums and columns. O(file size).
  // Errors: those of the file system; data_loss naming the file and what is wrong with it;
  // failed_precondition for a version that is not known.
  static Result<Segment> open(io::FileSystem& files, const std::string& folder, const Hash256& name);

  // The same for a file of any name, which is not verified.
  static Result<Segment> open_file(io::FileSystem& files, const std::string& path);

  const Hash256& name() const { return name_; }  // SHA-256 of the file
  uint64_t file_bytes() const { return map_->bytes().size(); }
  uint32_t vocabulary_size() const { return vocabulary_size_; }
  uint32_t document_count() const { return document_count_; }
  uint64_t token_count() const { return tokens_.size(); }

  // Columns and tokens of a document; `document` must be below document_count() (CHECK).
  DocumentRow row(DocId document) const;
  std::vector<TokenId> tokens(DocId document) const;

  // The document that `entry` contributed, or nullopt. O(log documents).
  std::optional<DocId> find(EntryIndex entry) const;

  // Occurrences of each token over all documents of the segment.
  std::vector<TokenCount> unigrams() const;

  // Recounts what open() takes from the file: every document's tokens_sha256 and the unigram counts.
  // Errors: data_loss naming the document or the token. O(tokens).
  Result<void> verify() const;

 private:
  Segment() = default;
  static Result<Segment> read(std::unique_ptr<io::FileMap> map, const std::string& path, const Hash256& name);
  Result<void> check_columns() const;
  Result<void> check_tokens() const;

  std::unique_ptr<io::FileMap> map_;
  std::string path_;  // for messages
  Hash256 name_;
  uint32_t vocabulary_size_ = 1;
  uint32_t document_count_ = 0;
  std::string_view entries_;
  std::string_view contributors_;
  std::string_view token_begins_;
  std::string_view token_hashes_;
  std::string_view unigrams_;
  PackedTokens tokens_;
};

}  // namespace tribute::ngram
