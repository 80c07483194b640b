// How a segment's bytes are made from its documents: what SegmentWriter does when all are there.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "ngram/segment_format.h"
#include "ngram/sorted_text.h"

namespace tribute::ngram {

// Where the bytes go.
class SegmentTarget {
 public:
  virtual ~SegmentTarget() = default;
  virtual Result<void> write_at(uint64_t offset, std::string_view bytes) = 0;
};

// Told how far the work is, and asked whether to go on. The default does nothing and never stops.
class SegmentProgress {
 public:
  virtual ~SegmentProgress() = default;

  // A stage begins: "sorting", "merging" or "writing", of so many tokens.
  virtual void begin(std::string_view stage, uint64_t tokens) { static_cast<void>(stage), static_cast<void>(tokens); }
  virtual void advance(uint64_t tokens) { static_cast<void>(tokens); }
  virtual bool stop_requested() { return false; }
};

// What is known of the documents besides their tokens; columns as in the file.
struct SegmentColumns {
  uint32_t vocabulary_size = 0;
  PageLayout page_layout = PageLayout::standard;
  uint64_t token_count = 0;
  std::span<const uint64_t> token_begins;  // without the token count after them
  std::string_view entries;
  std::string_view contributors;
  std::string_view token_hashes;
  std::span<const uint64_t> symbol_counts;  // vocabulary_size + 1, the separator's first
};

// Writes the segment front to back, but for its first block; returns its name. `progress` is told of each page of
// suffixes.
// Errors: those of the text and the target; cancelled where the progress stops it.
Result<Hash256> write_segment(SortedText& text, const SegmentColumns& columns, SegmentTarget& target,
                              SegmentProgress& progress);

}  // namespace tribute::ngram
