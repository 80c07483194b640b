#include "ngram/segment_format.h"

#include <xxhash.h>

#include <optional>

#include "base/bytes.h"
#include "base/check.h"
#include "ngram/columns.h"
#include "ngram/packed_tokens.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kFixedSize = 40;
constexpr uint64_t kTableRowSize = 32;
constexpr uint64_t kHeaderSize = kFixedSize + kTableRowSize * kSectionCount + 8;
constexpr uint64_t kUnigramSize = 16;

uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// The size that a section must have; nullopt for the unigrams, whose number only the table knows.
std::optional<uint64_t> size_of(Section section, const SegmentShape& shape) {
  switch (section) {
    case Section::entries:
    case Section::contributors: return 8 * shape.document_count;
    case Section::token_begins: return 8 * (shape.document_count + 1);
    case Section::token_hashes: return 32 * shape.document_count;
    case Section::tokens: return packed_size(shape.token_count, token_bits(shape.vocabulary_size));
    case Section::unigrams: break;
  }
  return std::nullopt;
}

bool has_right_size(Section section, const SegmentShape& shape, uint64_t size) {
  const std::optional<uint64_t> exact = size_of(section, shape);
  if (exact) return size == *exact;
  return size % kUnigramSize == 0 && size / kUnigramSize <= shape.vocabulary_size;
}

std::unexpected<Error> damaged(const std::string& what) { return fail(ErrorCode::data_loss, what); }

Result<SegmentShape> parse_fixed_part(std::string_view file) {
  if (file.size() < kHeaderSize) return damaged("the file ends within its header");
  if (file.substr(0, kSegmentMagic.size()) != kSegmentMagic) return damaged("it does not begin as a segment does");
  const uint32_t version = load_le32(file.substr(8));
  if (version != kSegmentVersion) {
    return fail(ErrorCode::failed_precondition, "segment version " + std::to_string(version) +
                                                    " is not known to this program, which reads version " +
                                                    std::to_string(kSegmentVersion));
  }
  if (load_le64(file.substr(kHeaderSize - 8)) != checksum(file.substr(0, kHeaderSize - 8))) {
    return damaged("the header's checksum is wrong");
  }
  SegmentShape shape;
  shape.document_count = load_le64(file.substr(16));
  shape.token_count = load_le64(file.substr(24));
  shape.vocabulary_size = load_le32(file.substr(32));
  if (load_le32(file.substr(12)) != kSectionCount || shape.vocabulary_size == 0 ||
      shape.document_count > kMaxSegmentDocuments || shape.token_count > kMaxSegmentTokens ||
      load_le32(file.substr(36)) != token_bits(shape.vocabulary_size)) {
    return damaged("the header's sizes are out of their ranges");
  }
  return shape;
}

}  // namespace

std::string assemble_segment(const SegmentShape& shape, const SectionBytes& sections) {
  std::string file(kSegmentMagic);
  append_le32(file, kSegmentVersion);
  append_le32(file, static_cast<uint32_t>(kSectionCount));
  append_le64(file, shape.document_count);
  append_le64(file, shape.token_count);
  append_le32(file, shape.vocabulary_size);
  append_le32(file, token_bits(shape.vocabulary_size));
  uint64_t offset = kHeaderSize;
  for (size_t i = 0; i < kSectionCount; ++i) {
    const auto kind = static_cast<uint32_t>(i + 1);
    CHECK(has_right_size(Section{kind}, shape, sections[i].size()));
    append_le32(file, kind);
    append_le32(file, 0);
    append_le64(file, offset);
    append_le64(file, sections[i].size());
    append_le64(file, checksum(sections[i]));
    offset += sections[i].size();
  }
  append_le64(file, checksum(file));
  file.reserve(offset);
  for (const std::string_view section : sections) file += section;
  return file;
}

Result<ParsedSegment> parse_segment(std::string_view file) {
  ParsedSegment parsed{.shape = TRY(parse_fixed_part(file)), .sections = {}};
  uint64_t offset = kHeaderSize;
  for (size_t i = 0; i < kSectionCount; ++i) {
    const auto kind = static_cast<uint32_t>(i + 1);
    const std::string name = "section " + std::to_string(kind);
    const std::string_view row = file.substr(kFixedSize + i * kTableRowSize, kTableRowSize);
    const uint64_t size = load_le64(row.substr(16));
    if (load_le32(row) != kind || load_le32(row.substr(4)) != 0 || load_le64(row.substr(8)) != offset ||
        !has_right_size(Section{kind}, parsed.shape, size)) {
      return damaged("the table's row of " + name + " is wrong");
    }
    if (size > file.size() - offset) return damaged("the file ends within " + name);
    parsed.sections[i] = file.substr(offset, size);
    if (checksum(parsed.sections[i]) != load_le64(row.substr(24)))
      return damaged("the checksum of " + name + " is wrong");
    offset += size;
  }
  if (offset != file.size()) return damaged("there are bytes after the last section");
  return parsed;
}

}  // namespace tribute::ngram
