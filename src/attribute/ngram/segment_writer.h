// SegmentWriter: collects documents, sorts their suffixes, and writes them as one segment.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "ngram/columns.h"

namespace tribute::ngram {

class SegmentTarget;

// The bytes are a function of the documents and the vocabulary's size alone. Not thread-safe.
//
// Memory while documents are added: 2 bytes per token and separator, 4 for a vocabulary over 65,535, in a
// vector that doubles; 64 bytes per document. While it writes: 4 more per token and separator, and what
// sort_suffixes() takes. A segment of 100 M tokens over 50,000 words is written with 0.7 GB.
class SegmentWriter {
 public:
  // `vocabulary_size` must be from 1 to kMaxVocabularySize (CHECK).
  explicit SegmentWriter(uint32_t vocabulary_size);

  // Adds a document after all others. O(tokens).
  // Errors: invalid_argument for an entry that is not above the one before, an id of 2^63 or more, or
  // a token outside the vocabulary; resource_exhausted where tokens and documents together would reach
  // 2^31, which is as many as can be sorted. On an error nothing was added.
  Result<void> add(EntryIndex entry, EntryIndex contributor, std::span<const TokenId> tokens);

  uint64_t document_count() const { return token_begins_.size(); }
  uint64_t token_count() const { return token_count_; }

  // Writes `<folder>/<name>.segment` and returns the name: the file is wholly there, and durable, or not
  // at all, but for a left-over `building.segment.tmp`, which the next call overwrites. The folder must be
  // there, and nobody else may write into it meanwhile. A whole file of that name is left as it is, a
  // damaged one is replaced.
  // Errors: those of the file system. The writer must not be used afterwards.
  // O(tokens) for sorting, and writes the file once, front to back, but for its first block.
  Result<Hash256> write(io::FileSystem& files, const std::string& folder) &&;

  // The name that write() would return: what a segment of these documents is called, though nothing is
  // written. The writer must not be used afterwards.
  Hash256 name() &&;

  // The file's bytes in memory, for small segments. The writer must not be used afterwards.
  std::string finish() &&;

 private:
  Result<Hash256> write_to(SegmentTarget& target) const;

  uint32_t vocabulary_size_;
  uint64_t token_count_ = 0;
  std::optional<EntryIndex> last_entry_;
  // The documents as sort_suffixes() takes them: token + 1, and a separator after each document.
  std::variant<std::vector<uint16_t>, std::vector<uint32_t>> text_;
  std::vector<uint64_t> token_begins_;
  std::string entries_;
  std::string contributors_;
  std::string token_hashes_;
};

}  // namespace tribute::ngram
