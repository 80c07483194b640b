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
#include "ngram/build_memory.h"
#include "ngram/columns.h"
#include "ngram/segment_format.h"
#include "ngram/segment_output.h"
#include "ngram/segment_runs.h"

namespace tribute::ngram {

// The bytes are a function of the documents, the vocabulary's size and the page layout alone. Not thread-safe; movable.
//
// Memory, where all is in memory: 2 bytes per token and separator, 4 for a vocabulary over 65,535, in a
// vector that doubles; 64 bytes per document. While it writes: 4 more per token and separator, and what
// sort_suffixes() takes. A segment of 100 M tokens over 50,000 words is written with 0.7 GB.
class SegmentWriter {
 public:
  // All in memory. `vocabulary_size` must be from 1 to kMaxVocabularySize (CHECK).
  explicit SegmentWriter(uint32_t vocabulary_size, PageLayout page_layout = PageLayout::standard);

  // In sorted runs in `folder` as soon as there is more than the plan lets it have in memory, so that it takes what
  // build_memory.h says. Runs that an earlier writer left there are taken up where the documents are the same. The
  // file system must outlive it; the folder must be there, and nobody else may write into it.
  // Errors: those of the file system.
  static Result<SegmentWriter> with_runs(io::FileSystem& files, const std::string& folder, uint32_t vocabulary_size,
                                         const BuildPlan& plan, PageLayout page_layout = PageLayout::standard);

  // What builds a segment of this size with at most `memory_bytes`, 0: as many as it needs, by as many threads as the
  // processor has, at most 16; its runs, if it needs any, in `folder`. Errors: those of plan_build() and with_runs().
  static Result<SegmentWriter> within(uint64_t memory_bytes, const BuildSize& size, io::FileSystem& files,
                                      const std::string& folder, PageLayout page_layout = PageLayout::standard);

  // Adds a document after all others. O(tokens).
  // Errors: invalid_argument for an entry that is not above the one before, an id of 2^63 or more, or
  // a token outside the vocabulary; resource_exhausted where tokens and documents together would reach
  // 2^31, which is as many as can be sorted; failed_precondition where it alone is more than the plan lets it have in
  // memory; those of writing a run. On an error nothing was added.
  Result<void> add(EntryIndex entry, EntryIndex contributor, std::span<const TokenId> tokens);

  uint64_t document_count() const { return token_begins_.size(); }
  uint64_t token_count() const { return token_count_; }
  // Runs of an earlier writer that were taken up so far.
  uint64_t runs_taken_up() const { return runs_ ? runs_->taken_up() : 0; }

  // Writes `<folder>/<name>.segment` and returns the name: the file is wholly there, and durable, or not
  // at all, but for a left-over `building.segment.tmp`, which the next call overwrites. The folder must be
  // there, that of the runs if there are any, and nobody else may write into it meanwhile. A whole file of that name is
  // left as it is, a damaged one is replaced. Then no run is left in the folder, whoever wrote it; after an error the
  // runs stay for the next writer, unless one of them is damaged.
  // Errors: those of the file system; cancelled where the progress stops it; data_loss for a run that is damaged.
  // The writer must not be used afterwards.
  // O(tokens) for sorting, and writes the file once, front to back, but for its first block.
  Result<Hash256> write(io::FileSystem& files, const std::string& folder, SegmentProgress& progress) &&;
  Result<Hash256> write(io::FileSystem& files, const std::string& folder) &&;

  // The name that write() would return: what a segment of these documents is called, though nothing is
  // written. For a writer without runs (CHECK), which must not be used afterwards.
  Hash256 name() &&;

  // The file's bytes in memory, for small segments. For a writer without runs (CHECK), which must not be used
  // afterwards.
  std::string finish() &&;

 private:
  Result<Hash256> write_to(SegmentTarget& target, SegmentProgress& progress);
  Result<Hash256> write_file(io::FileSystem& files, const std::string& folder, SegmentProgress& progress);
  uint64_t symbols_in_memory() const;
  Result<void> end_run();

  uint32_t vocabulary_size_;
  PageLayout page_layout_;
  BuildPlan plan_;
  std::optional<SegmentRuns> runs_;
  uint64_t token_count_ = 0;
  std::optional<EntryIndex> last_entry_;
  // The documents, those that are in no run yet, as sort_suffixes() takes them: token + 1, and a separator after each.
  std::variant<std::vector<uint16_t>, std::vector<uint32_t>> text_;
  std::vector<uint64_t> token_begins_;
  std::string entries_;
  std::string contributors_;
  std::string token_hashes_;
  std::vector<uint64_t> symbol_counts_;
};

}  // namespace tribute::ngram
