#include "ngram/segment_format.h"

#include <xxhash.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/columns.h"
#include "ngram/directory.h"
#include "ngram/packed_ints.h"

namespace tribute::ngram {
namespace {

constexpr size_t kChecksumAt = kBlockBytes - kChecksumBytes;
constexpr size_t kFieldsSize = 84;
constexpr uint32_t kSharedBitsWidth = 8;

uint64_t divide_up(uint64_t value, uint64_t by) { return (value + by - 1) / by; }
uint64_t round_up(uint64_t value, uint64_t to) { return divide_up(value, to) * to; }

// The first entry of each level where a level has one entry per `fan_out` of the level below, the last
// level at most `top`, and after these the number of all entries.
std::vector<uint64_t> levels_of(uint64_t count, uint64_t fan_out, uint64_t top) {
  std::vector<uint64_t> levels = {0};
  for (uint64_t end = 0; count > 0; count = divide_up(count, fan_out)) {
    levels.push_back(end += count);
    if (count <= top) break;
  }
  return levels;
}

std::unexpected<Error> damaged(const std::string& what) { return fail(ErrorCode::data_loss, what); }

}  // namespace

uint64_t checksum_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

SegmentLayout::SegmentLayout(const SegmentShape& shape)
    : shape_(shape),
      symbol_bits_(bits_below(uint64_t{shape.vocabulary_size} + 1)),
      position_bits_(bits_below(std::max<uint64_t>(1, symbol_count()))),
      suffixes_per_page_((kBlockBytes - page_header_bytes()) * 8 /
                         (position_bits_ + (is_for_disk() ? kSharedBitsWidth : 0))) {
  const uint64_t pages = divide_up(shape.token_count, suffixes_per_page_);
  minima_levels_ = levels_of(pages, kMinimaFanOut, 1);
  const uint64_t notes = symbol_count() == 0 ? 0 : divide_up(symbol_count(), kSymbolsPerNote) + 1;
  const std::array<uint64_t, kSectionCount - 1> sizes = {pages * kBlockBytes,
                                                         pages == 0 ? 0 : (pages - 1) * kDirectoryNodeBytes,
                                                         packed_size(minima_levels_.back(), position_bits_),
                                                         is_for_disk() ? packed_size(pages, position_bits_) : 0,
                                                         packed_size(symbol_count(), symbol_bits_),
                                                         (shape.document_count + 1) * 8,
                                                         round_up(notes * 4, 8),
                                                         shape.document_count * 8,
                                                         shape.document_count * 8,
                                                         shape.document_count * 32,
                                                         shape.unigram_count * 16};
  uint64_t end = kBlockBytes;
  for (size_t i = 0; i < sizes.size(); ++i) {
    sections_[i] = {end, sizes[i]};
    end += sizes[i];
  }
  const uint64_t first_level = divide_up(end, kBlockBytes);
  for (uint64_t covered = first_level - 1, at = first_level;;) {
    checksum_levels_.push_back(at);
    covered = divide_up(covered, kChecksumsPerBlock);
    at += covered;
    if (covered == 1) {
      checksum_levels_.push_back(at);
      break;
    }
  }
  const uint64_t begin = first_level * kBlockBytes;
  sections_.back() = {begin, checksum_levels_.back() * kBlockBytes - begin};
}

std::string to_bytes(const SegmentHeader& header) {
  std::string block(kSegmentMagic);
  append_le32(block, kSegmentVersion);
  append_le32(block, header.shape.vocabulary_size);
  append_le64(block, header.shape.document_count);
  append_le64(block, header.shape.token_count);
  append_le64(block, header.shape.unigram_count);
  block += header.content_sha256.view();
  append_le64(block, header.checksums_root);
  append_le32(block, static_cast<uint32_t>(header.shape.page_layout));
  CHECK(block.size() == kFieldsSize);
  block.resize(kChecksumAt);
  append_le64(block, checksum_of(block));
  return block;
}

Result<SegmentHeader> parse_header(std::string_view block) {
  if (block.size() < 12 || !block.starts_with(kSegmentMagic)) return damaged("it does not begin as a segment does");
  const uint32_t version = load_le32(block.substr(8));
  if (version != kSegmentVersion) {
    return fail(ErrorCode::failed_precondition,
                "segment version " + std::to_string(version) + " is not known to this program, which reads version " +
                    std::to_string(kSegmentVersion) + "; rebuild the index with `tribute index build`");
  }
  if (block.size() < kBlockBytes) return damaged("the file ends within its header");
  block = block.substr(0, kBlockBytes);
  if (load_le64(block.substr(kChecksumAt)) != checksum_of(block.substr(0, kChecksumAt))) {
    return damaged("the header's checksum is wrong");
  }
  SegmentHeader header;
  SegmentShape& shape = header.shape;
  shape.vocabulary_size = load_le32(block.substr(12));
  shape.document_count = load_le64(block.substr(16));
  shape.token_count = load_le64(block.substr(24));
  shape.unigram_count = load_le64(block.substr(32));
  header.content_sha256 = TRY(hash_from_bytes(block.substr(40, 32)));
  header.checksums_root = load_le64(block.substr(72));
  const uint32_t page_layout = load_le32(block.substr(80));
  if (page_layout > static_cast<uint32_t>(PageLayout::disk)) {
    return damaged("the header names a page layout that is not known");
  }
  shape.page_layout = static_cast<PageLayout>(page_layout);
  const bool has_documents = shape.token_count == 0 || shape.document_count > 0;
  if (shape.vocabulary_size == 0 || shape.vocabulary_size > kMaxVocabularySize ||
      shape.document_count > kMaxSegmentDocuments || shape.token_count > kMaxSegmentTokens || !has_documents ||
      shape.unigram_count > std::min<uint64_t>(shape.token_count, shape.vocabulary_size)) {
    return damaged("the header's sizes are out of their ranges");
  }
  if (to_bytes(header) != block) return damaged("the header has bytes after its fields");
  return header;
}

std::string resealed(std::string file) {
  auto header = parse_header(file);
  CHECK(header.has_value());
  const SegmentLayout layout(header->shape);
  CHECK(file.size() == layout.file_bytes());
  const auto block_at = [&](uint64_t block) { return std::string_view(file).substr(block * kBlockBytes, kBlockBytes); };
  const std::vector<uint64_t>& levels = layout.checksum_levels();
  uint64_t covered = 1;
  for (size_t level = 0; level + 1 < levels.size(); ++level) {
    std::string checksums;
    for (; covered < levels[level]; ++covered) append_le64(checksums, checksum_of(block_at(covered)));
    checksums.resize((levels[level + 1] - levels[level]) * kBlockBytes);
    file.replace(levels[level] * kBlockBytes, checksums.size(), checksums);
  }
  header->checksums_root = checksum_of(block_at(levels.back() - 1));
  const uint64_t content_end = layout.of(Section::checksums).begin;
  header->content_sha256 = sha256(std::string_view(file).substr(kBlockBytes, content_end - kBlockBytes));
  return file.replace(0, kBlockBytes, to_bytes(*header));
}

}  // namespace tribute::ngram
