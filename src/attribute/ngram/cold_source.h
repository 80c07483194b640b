// ColdSource: a SpanSource over an index that is larger than memory.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/error.h"
#include "io/file_system.h"
#include "ngram/cold_search.h"
#include "ngram/index_source.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

// Answers what the IndexSource answers, but reads suffixes and text by ColdSearch, past the system's page cache: what
// the mapped segments are read for is in their columns, directories, minima and checksums alone. docs/design/0014.
//
// Per segment a text's longest matches take a few rounds of reads, all runs of a question three more in the disk
// layout, and their holders another. Whose a frequent run is takes its pages, until there are more contributors than
// the limit. Where a segment has documents that do not count, so do holders, counts and matches of what stands in
// these.
//
// Thread-safe, but questions wait for each other: a thread that shall not wait has a source of its own.
class ColdSource final : public SpanSource {
 public:
  // `source`: of indexes that are mapped. `options`: of each segment. The file system must outlive it.
  // Errors: those of the file system.
  static Result<std::unique_ptr<ColdSource>> open(io::FileSystem& files, IndexSource source,
                                                  const ColdOptions& options = {});

  CorpusFacts facts() const override { return source_.facts(); }
  Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const override;
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const override;
  Result<std::vector<RunFacts>> find(std::span<const TokenId> text, std::span<const Run> runs,
                                     const RunQuestion& question) const override;

  // What it took so far, of all segments together; `most_rounds` of any.
  ColdCounts counts() const;

 private:
  class Ranges;

  explicit ColdSource(IndexSource source) : source_(std::move(source)) {}
  // Of the longest matches in the k-th segment, what stands in documents that count.
  Result<void> shorten_to_live(size_t k, std::span<const TokenId> text, std::span<const uint32_t> enough,
                               std::span<uint32_t> lengths) const;

  IndexSource source_;
  mutable std::mutex mutex_;                  // of what follows
  mutable std::vector<ColdSearch> searches_;  // of the source's parts
};

}  // namespace tribute::ngram
