#include "datanet/content_pack_format.h"

#include <xxhash.h>
#include <zstd.h>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::datanet {
namespace {

constexpr int kCompressionLevel = 3;
constexpr size_t kVersionOffset = 8;
constexpr size_t kDocumentBytesOffset = 32;
constexpr size_t kStoredBytesOffset = 40;
constexpr size_t kChecksumOffset = 48;

uint64_t checksum(std::string_view bytes) { return XXH64(bytes.data(), bytes.size(), 0); }

std::unexpected<Error> damaged(const std::string& what) { return fail(ErrorCode::data_loss, what); }

}  // namespace

std::string pack_header() {
  std::string bytes(kPackMagic);
  append_le32(bytes, kPackVersion);
  append_le32(bytes, 0);
  return bytes;
}

std::string pack_end(uint64_t document_count) {
  std::string bytes(kPackEndMagic);
  append_le64(bytes, document_count);
  return bytes;
}

std::string pack_name(const Hash256& pack_sha256) { return "pack-" + pack_sha256.hex(); }

bool is_pack_name(std::string_view name) {
  return name.starts_with("pack-") && hash_from_hex(name.substr(5)).has_value();
}

std::string to_bytes(const RecordHeader& header) {
  std::string bytes(header.sha256.view());
  append_le64(bytes, header.document_bytes);
  append_le64(bytes, header.stored_bytes);
  append_le64(bytes, checksum(bytes));
  return bytes;
}

Result<void> check_pack_header(std::string_view bytes) {
  if (bytes.size() < kPackHeaderBytes || !bytes.starts_with(kPackMagic)) return damaged("it is no content pack");
  const uint32_t version = load_le32(bytes.substr(kVersionOffset));
  if (version > kPackVersion) {
    return fail(ErrorCode::failed_precondition, "it has version " + std::to_string(version) + ", this program reads " +
                                                    std::to_string(kPackVersion) + "; use a newer Tribute");
  }
  if (bytes.substr(0, kPackHeaderBytes) != pack_header()) return damaged("its header is wrong");
  return {};
}

Result<RecordHeader> parse_record_header(std::string_view bytes) {
  if (bytes.size() < kRecordHeaderBytes) return damaged("a record is cut short");
  bytes = bytes.substr(0, kRecordHeaderBytes);
  if (checksum(bytes.substr(0, kChecksumOffset)) != load_le64(bytes.substr(kChecksumOffset))) {
    return damaged("a record's header is damaged");
  }
  return RecordHeader{.sha256 = TRY(hash_from_bytes(bytes.substr(0, kDocumentBytesOffset))),
                      .document_bytes = load_le64(bytes.substr(kDocumentBytesOffset)),
                      .stored_bytes = load_le64(bytes.substr(kStoredBytesOffset))};
}

std::string compress(std::string_view document) {
  std::string stored(ZSTD_compressBound(document.size()), '\0');
  const size_t size = ZSTD_compress(stored.data(), stored.size(), document.data(), document.size(), kCompressionLevel);
  // The buffer is large enough for any input, so only memory can be lacking.
  CHECK(ZSTD_isError(size) == 0);
  stored.resize(size);
  stored.shrink_to_fit();
  return stored;
}

Result<std::string> decompress(const RecordHeader& header, std::string_view stored) {
  const auto damaged_document = [&](const std::string& why) {
    return damaged("document " + header.sha256.hex() + " " + why);
  };
  // Both must agree before anything of that size is reserved.
  if (header.document_bytes > kMaxPackedDocumentBytes ||
      ZSTD_getFrameContentSize(stored.data(), stored.size()) != header.document_bytes) {
    return damaged_document("has a damaged record");
  }
  std::string document(header.document_bytes, '\0');
  const size_t size = ZSTD_decompress(document.data(), document.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0 || size != document.size()) return damaged_document("cannot be decompressed");
  if (sha256(document) != header.sha256) return damaged_document("does not have its hash");
  return document;
}

}  // namespace tribute::datanet
