// How a segment's bytes are made from its documents: what SegmentWriter does when all are there.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace tribute::ngram {

// Where the bytes go.
class SegmentTarget {
 public:
  virtual ~SegmentTarget() = default;
  virtual Result<void> write_at(uint64_t offset, std::string_view bytes) = 0;
};

// What is known of the documents besides their tokens; columns as in the file.
struct SegmentColumns {
  uint32_t vocabulary_size = 0;
  uint64_t token_count = 0;
  std::span<const uint64_t> token_begins;  // without the token count after them
  std::string_view entries;
  std::string_view contributors;
  std::string_view token_hashes;
};

// Sorts the text and writes the segment; returns its name. `text`: per document its tokens + 1 and a
// separator. Errors: those of the target.
Result<Hash256> write_segment(const std::vector<uint16_t>& text, const SegmentColumns& columns, SegmentTarget& target);
Result<Hash256> write_segment(const std::vector<uint32_t>& text, const SegmentColumns& columns, SegmentTarget& target);

}  // namespace tribute::ngram
