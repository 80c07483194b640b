// The bytes around a segment's columns: header, section table, checksums. docs/formats/segment.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute::ngram {

inline constexpr std::string_view kSegmentMagic = "TRIBSEG\n";
inline constexpr uint32_t kSegmentVersion = 1;

// The sections in the order in which they stand in the file. Values never change.
enum class Section : uint32_t {
  entries = 1,       // u64 per document
  contributors = 2,  // u64 per document
  token_begins = 3,  // u64 per document, and one more: the token count
  token_hashes = 4,  // 32 bytes per document
  tokens = 5,        // packed (packed_tokens.h)
  unigrams = 6,      // (u64 token, u64 count) per token that occurs
};
inline constexpr size_t kSectionCount = 6;

// What a header tells of its segment.
struct SegmentShape {
  uint64_t document_count = 0;
  uint64_t token_count = 0;
  uint32_t vocabulary_size = 0;
};

// The sections' bytes, in file order. Views: of the caller's strings, or of the file.
using SectionBytes = std::array<std::string_view, kSectionCount>;

inline std::string_view& section_of(SectionBytes& sections, Section section) {
  return sections[static_cast<size_t>(section) - 1];
}

// The whole file. Every section must have the size that the shape gives it (CHECK).
std::string assemble_segment(const SegmentShape& shape, const SectionBytes& sections);

struct ParsedSegment {
  SegmentShape shape;
  SectionBytes sections;  // views of the file's bytes
};

// Reads header and table and verifies every checksum, size and offset. O(file size).
// What the sections hold is not looked at.
// Errors: data_loss saying what is wrong; failed_precondition for a version that is not known.
Result<ParsedSegment> parse_segment(std::string_view file);

}  // namespace tribute::ngram
