// The layout of a content pack, shared by its writer and its readers. docs/formats/content_pack.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"

namespace tribute::datanet {

inline constexpr std::string_view kPackMagic = "TRBCPACK";
inline constexpr std::string_view kPackEndMagic = "TRBCPEND";
inline constexpr uint32_t kPackVersion = 1;
inline constexpr size_t kPackHeaderBytes = 16;
inline constexpr size_t kRecordHeaderBytes = 56;
inline constexpr size_t kPackEndBytes = 48;
inline constexpr uint64_t kMaxPackedDocumentBytes = uint64_t{1} << 32;

std::string pack_header();
// The end's first 16 bytes; the SHA-256 of all before follows.
std::string pack_end(uint64_t document_count);
std::string pack_name(const Hash256& pack_sha256);
bool is_pack_name(std::string_view name);

struct RecordHeader {
  Hash256 sha256;
  uint64_t document_bytes = 0;
  uint64_t stored_bytes = 0;
};
std::string to_bytes(const RecordHeader& header);

// Errors of these: data_loss (failed_precondition for a newer version), without the pack's name.
Result<void> check_pack_header(std::string_view bytes);            // kPackHeaderBytes of them, or fewer
Result<RecordHeader> parse_record_header(std::string_view bytes);  // kRecordHeaderBytes of them, or fewer

// `document` as one zstd frame, and back: the document, checked against the header.
std::string compress(std::string_view document);
Result<std::string> decompress(const RecordHeader& header, std::string_view stored);

}  // namespace tribute::datanet
