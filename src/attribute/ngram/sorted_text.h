// What a segment is written from: a text and the order of its suffixes, each read once from front to back.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/huge_pages.h"
#include "io/file_system.h"
#include "suffix/run_merge.h"

namespace tribute::ngram {

// The text: per document its tokens + 1 and a separator; positions are of its symbols. Not thread-safe.
class SortedText {
 public:
  virtual ~SortedText() = default;

  // Fills `group`, which is not empty, with the positions of the next suffixes, separators not among them, and returns
  // the place (directory.h) of the first one against the first one of the group before; 0 for the first group. All
  // suffixes are taken before the first symbol. `bits`: none, or as many, filled with what each suffix shares with the
  // one before it (shared_bits.h), the first one of all nothing. Errors: those of where it comes from.
  virtual Result<uint32_t> next_group(std::span<uint32_t> group, std::span<uint8_t> bits) = 0;

  // Fills `symbols` with the next ones.
  virtual Result<void> next_symbols(std::span<uint32_t> symbols) = 0;
};

// All in memory, sorted when it is made by the threads of the machine. The text must outlive it; `separators` is their
// number. Memory: what sort_suffixes() says.
std::unique_ptr<SortedText> sort_in_memory(std::span<const uint16_t> text, uint32_t vocabulary_size,
                                           uint64_t separators);
std::unique_ptr<SortedText> sort_in_memory(std::span<const uint32_t> text, uint32_t vocabulary_size,
                                           uint64_t separators);

// In sorted runs on disk, merged while it is read. Where bits will be asked for, options.parting_symbols must say so.
// Errors: those of RunMerge::open().
Result<std::unique_ptr<SortedText>> merge_runs(io::FileSystem& files, const std::vector<std::string>& paths,
                                               uint32_t vocabulary_size, const suffix::MergeOptions& options);

}  // namespace tribute::ngram
