// The bytes of a segment: where each section stands, and its header. docs/formats/segment.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace tribute::ngram {

inline constexpr std::string_view kSegmentMagic = "TRIBSEG\n";
inline constexpr uint32_t kSegmentVersion = 4;

// The file is blocks of this size; each has a checksum of its own.
inline constexpr uint64_t kBlockBytes = 4096;
inline constexpr uint64_t kChecksumBytes = 8;
inline constexpr uint64_t kChecksumsPerBlock = kBlockBytes / kChecksumBytes;

// How a page of suffixes is filled. The values are stored.
enum class PageLayout : uint8_t {
  standard = 0,  // with suffixes: for indexes that are searched in memory
  disk = 1,  // with fewer, and of each the bits that it shares with the next (shared_bits.h): a search reads the page
             // and one place of the text
};

// One entry of the minima stands for so many of the level below.
inline constexpr uint64_t kMinimaFanOut = 64;
// For every so many symbols of the text the document that they begin in is noted.
inline constexpr uint64_t kSymbolsPerNote = 512;

// The sections in the order in which they stand in the file, after the header's block.
enum class Section : uint8_t {
  suffixes,   // pages of kBlockBytes: places of groups, and positions by rank, packed (packed_ints.h); in the disk
              // layout shared bits at the end, u8
  directory,  // u64 per page but one: a trie over the pages' first suffixes (directory.h)
  minima,     // positions, packed: the lowest of each page, of every 64 pages, and so on
  first_positions,  // in the disk layout, positions, packed: of each page's first suffix
  text,             // symbols, packed: of each document its tokens + 1, and a 0
  token_begins,     // u64 per document, and one more: the token count
  document_notes,   // u32 per kSymbolsPerNote symbols, and one more: the document of the first one
  entries,          // u64 per document
  contributors,     // u64 per document
  token_hashes,     // 32 bytes per document
  unigrams,         // (u64 token, u64 count) per token that occurs
  checksums,        // levels of u64 per block
};
inline constexpr size_t kSectionCount = 12;

// What a segment's layout follows from.
struct SegmentShape {
  uint64_t document_count = 0;
  uint64_t token_count = 0;
  uint64_t unigram_count = 0;  // distinct tokens
  uint32_t vocabulary_size = 0;
  PageLayout page_layout = PageLayout::standard;

  friend bool operator==(const SegmentShape&, const SegmentShape&) = default;
};

// Bytes of the file.
struct Extent {
  uint64_t begin = 0;
  uint64_t size = 0;

  uint64_t end() const { return begin + size; }
};

// Where everything stands. Pure arithmetic. The shape must be within its ranges (see parse_header()).
class SegmentLayout {
 public:
  explicit SegmentLayout(const SegmentShape& shape);

  const SegmentShape& shape() const { return shape_; }
  Extent of(Section section) const { return sections_[static_cast<size_t>(section)]; }
  uint64_t file_bytes() const { return of(Section::checksums).end(); }

  // The text's symbols: the tokens, and a separator after each document. A position is a symbol's.
  uint64_t symbol_count() const { return shape_.token_count + shape_.document_count; }
  uint32_t symbol_bits() const { return symbol_bits_; }
  uint32_t position_bits() const { return position_bits_; }
  // A page of suffixes begins with the places (directory.h) of its groups but the first, u32 each; then come positions.
  // The disk layout has fewer groups, so that it takes no byte more per token.
  uint32_t groups_per_page() const { return is_for_disk() ? 9 : 17; }
  uint64_t page_header_bytes() const { return uint64_t{groups_per_page() - 1} * 4; }
  uint64_t suffixes_per_page() const { return suffixes_per_page_; }
  uint64_t suffixes_per_group() const { return (suffixes_per_page_ + groups_per_page() - 1) / groups_per_page(); }
  bool is_for_disk() const { return shape_.page_layout == PageLayout::disk; }
  // Where the shared bits stand in a page of the disk layout: suffixes_per_page() bytes up to the page's end.
  uint64_t shared_bits_begin() const { return kBlockBytes - suffixes_per_page_; }
  uint64_t page_count() const { return of(Section::suffixes).size / kBlockBytes; }
  // The first entry of each level of the minima within their section, and after these the number of all.
  const std::vector<uint64_t>& minima_levels() const { return minima_levels_; }
  // The block at which each level of the checksums begins, and after these the number of the file's
  // blocks. Level 0 is of the blocks [1, first level), level k + 1 of the blocks of level k; the last
  // level is one block, whose checksum stands in the header.
  const std::vector<uint64_t>& checksum_levels() const { return checksum_levels_; }

 private:
  SegmentShape shape_;
  uint32_t symbol_bits_;
  uint32_t position_bits_;
  uint64_t suffixes_per_page_;
  std::vector<uint64_t> minima_levels_;
  std::vector<uint64_t> checksum_levels_;
  std::array<Extent, kSectionCount> sections_;
};

// The first block of the file. Its SHA-256 is the segment's name.
struct SegmentHeader {
  SegmentShape shape;
  Hash256 content_sha256;       // of all blocks between the header and the checksums
  uint64_t checksums_root = 0;  // the checksum of the checksums' last block

  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

// The checksum of a block, or of any bytes: XXH3-64, seed 0.
uint64_t checksum_of(std::string_view bytes);

// kBlockBytes bytes.
std::string to_bytes(const SegmentHeader& header);

// `block` is the beginning of a file, kBlockBytes if it has as many.
// Errors: data_loss saying what is wrong; failed_precondition for a version that is not known.
Result<SegmentHeader> parse_header(std::string_view block);

// The file with the checksums and hashes that its content has: what a writer that is wrong or hostile can
// make, for tests and fuzzers. The header must be one that parse_header() takes and the file as long as it
// says (CHECK).
std::string resealed(std::string file);

}  // namespace tribute::ngram
