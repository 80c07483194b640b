#include "datanet/content_pack.h"

#include <utility>

#include "base/bytes.h"
#include "datanet/content_pack_format.h"

namespace tribute::datanet {
namespace {

// Reads a pack from its beginning, hashing as it goes.
class PackScanner {
 public:
  explicit PackScanner(std::unique_ptr<io::File> file) : file_(std::move(file)) {}

  // The next `size` bytes; fewer only at the end of the file.
  Result<std::string> take(uint64_t size) {
    std::string bytes = TRY(file_->read_at(offset_, size));
    offset_ += bytes.size();
    hasher_.update(bytes);
    return bytes;
  }
  Result<std::string> peek(uint64_t size) { return file_->read_at(offset_, size); }
  Result<uint64_t> bytes_left() { return TRY(file_->size()) - offset_; }
  uint64_t offset() const { return offset_; }
  Hash256 hash() && { return std::move(hasher_).finish(); }

 private:
  std::unique_ptr<io::File> file_;
  Sha256 hasher_;
  uint64_t offset_ = 0;
};

Result<PackedDocument> scan_record(PackScanner& scanner, const std::string& name) {
  const uint64_t offset = scanner.offset();
  const RecordHeader header = TRY(parse_record_header(TRY(scanner.take(kRecordHeaderBytes))));
  if (header.stored_bytes > TRY(scanner.bytes_left())) return fail(ErrorCode::data_loss, "a record is cut short");
  TRY(decompress(header, TRY(scanner.take(header.stored_bytes))));
  return PackedDocument{.sha256 = header.sha256,
                        .place = {.pack = name,
                                  .record_offset = offset,
                                  .stored_bytes = header.stored_bytes,
                                  .document_bytes = header.document_bytes}};
}

Result<std::vector<PackedDocument>> scan_pack(PackScanner scanner, const std::string& name) {
  TRY(check_pack_header(TRY(scanner.take(kPackHeaderBytes))));
  std::vector<PackedDocument> documents;
  while (TRY(scanner.bytes_left()) > kPackEndBytes) documents.push_back(TRY(scan_record(scanner, name)));

  const std::string expected_end = pack_end(documents.size());
  if (TRY(scanner.take(expected_end.size())) != expected_end) return fail(ErrorCode::data_loss, "its end is wrong");
  const std::string stored_hash = TRY(scanner.peek(kPackEndBytes));
  const Hash256 hash = std::move(scanner).hash();
  if (stored_hash != hash.view()) return fail(ErrorCode::data_loss, "its checksum is wrong");
  if (name != pack_name(hash)) return fail(ErrorCode::data_loss, "its name is not that of its content");
  return documents;
}

}  // namespace

Result<CompressedDocument> compress_document(std::string_view document) {
  if (document.size() > kMaxPackedDocumentBytes) {
    return fail(ErrorCode::out_of_range, "a document of " + std::to_string(document.size()) +
                                             " bytes is too long to be stored; the limit is " +
                                             std::to_string(kMaxPackedDocumentBytes));
  }
  return CompressedDocument{
      .sha256 = sha256(document), .document_bytes = document.size(), .stored = compress(document)};
}

Pack make_pack(const std::vector<CompressedDocument>& documents) {
  Pack pack;
  pack.bytes = pack_header();
  for (const CompressedDocument& document : documents) {
    pack.documents.push_back({.sha256 = document.sha256,
                              .place = {.pack = {},
                                        .record_offset = pack.bytes.size(),
                                        .stored_bytes = document.stored.size(),
                                        .document_bytes = document.document_bytes}});
    pack.bytes += to_bytes(RecordHeader{
        .sha256 = document.sha256, .document_bytes = document.document_bytes, .stored_bytes = document.stored.size()});
    pack.bytes += document.stored;
  }
  pack.bytes += pack_end(documents.size());
  const Hash256 hash = sha256(pack.bytes);
  pack.bytes += hash.view();
  pack.name = pack_name(hash);
  for (PackedDocument& document : pack.documents) document.place.pack = pack.name;
  return pack;
}

namespace {

// A record's frame, and the document that it holds.
struct Unpacked {
  std::string stored;
  std::string document;
};

Result<Unpacked> unpack(io::FileSystem& files, const std::string& folder, const Hash256& sha256,
                        const ContentPlace& place) {
  const std::string path = io::join(folder, place.pack);
  const auto file = TRY(files.open(path, io::OpenMode::read));
  if (place.stored_bytes > TRY(file->size())) return fail(ErrorCode::data_loss, path + ": a record is cut short");
  const std::string record = TRY(file->read_at(place.record_offset, kRecordHeaderBytes + place.stored_bytes));
  const auto header = parse_record_header(record);
  if (!header) return fail_within(path + ": document " + sha256.hex(), header.error());
  if (header->sha256 != sha256 || header->stored_bytes != place.stored_bytes) {
    return fail(ErrorCode::data_loss, path + ": document " + sha256.hex() + " is not where the database says");
  }
  std::string stored = record.substr(kRecordHeaderBytes);
  auto document = decompress(*header, stored);
  if (!document) return fail_within(path, std::move(document).error());
  return Unpacked{std::move(stored), std::move(*document)};
}

}  // namespace

Result<std::string> read_document(io::FileSystem& files, const std::string& folder, const Hash256& sha256,
                                  const ContentPlace& place) {
  return TRY(unpack(files, folder, sha256, place)).document;
}

Result<CompressedDocument> read_compressed(io::FileSystem& files, const std::string& folder, const Hash256& sha256,
                                           const ContentPlace& place) {
  Unpacked unpacked = TRY(unpack(files, folder, sha256, place));
  return CompressedDocument{
      .sha256 = sha256, .document_bytes = unpacked.document.size(), .stored = std::move(unpacked.stored)};
}

Result<uint64_t> count_packed(io::FileSystem& files, const std::string& folder, const std::string& name) {
  const std::string path = io::join(folder, name);
  const auto file = TRY(files.open(path, io::OpenMode::read));
  const uint64_t size = TRY(file->size());
  const std::string end = size < kPackEndBytes ? "" : TRY(file->read_at(size - kPackEndBytes, kPackEndBytes));
  const size_t count_at = kPackEndMagic.size();
  if (!end.starts_with(kPackEndMagic)) return fail(ErrorCode::data_loss, path + ": its end is wrong");
  return load_le64(std::string_view(end).substr(count_at));
}

Result<std::vector<PackedDocument>> verify_pack(io::FileSystem& files, const std::string& folder,
                                                const std::string& name) {
  const std::string path = io::join(folder, name);
  auto documents = scan_pack(PackScanner(TRY(files.open(path, io::OpenMode::read))), name);
  if (!documents && !documents.error().message.starts_with(path)) return fail_within(path, documents.error());
  return documents;
}

}  // namespace tribute::datanet
