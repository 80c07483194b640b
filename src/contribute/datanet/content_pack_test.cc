#include "datanet/content_pack.h"

#include <gtest/gtest.h>
#include <zstd.h>

#include "base/bytes.h"
#include "datanet/content_pack_format.h"
#include "io/memory_file_system.h"
#include "io/random.h"

namespace tribute::datanet {
namespace {

using namespace std::string_literals;

Pack pack_of(const std::vector<std::string>& documents) {
  std::vector<CompressedDocument> compressed;
  for (const std::string& document : documents) compressed.push_back(compress_document(document).value());
  return make_pack(compressed);
}

class ContentPack : public testing::Test {
 protected:
  ContentPack() { EXPECT_TRUE(files_.make_folder("content").has_value()); }

  void write(const Pack& pack) { write(pack.name, pack.bytes); }
  void write(const std::string& name, const std::string& bytes) {
    ASSERT_TRUE(io::write_file_atomically(files_, "content/" + name, bytes).has_value());
  }

  io::MemoryFileSystem files_;
};

TEST_F(ContentPack, GivesBackEveryDocument) {
  const std::vector<std::string> documents = {"", "x", "a\0b\xff"s, std::string(3'000'000, 'y'),
                                              io::SeededRandom(1).bytes(200'000)};
  const Pack pack = pack_of(documents);
  write(pack);
  ASSERT_EQ(pack.documents.size(), documents.size());
  for (size_t i = 0; i < documents.size(); ++i) {
    const PackedDocument& packed = pack.documents[i];
    EXPECT_EQ(packed.sha256, sha256(documents[i]));
    EXPECT_EQ(packed.place.document_bytes, documents[i].size());
    EXPECT_EQ(read_document(files_, "content", packed.sha256, packed.place), documents[i]);
  }
  EXPECT_EQ(verify_pack(files_, "content", pack.name), pack.documents);
}

// The layout of docs/formats/content_pack.md, written out by hand.
TEST_F(ContentPack, BytesAreThoseOfTheFormatPage) {
  const std::string document = "a document";
  std::string stored(ZSTD_compressBound(document.size()), '\0');
  stored.resize(ZSTD_compress(stored.data(), stored.size(), document.data(), document.size(), 3));
  std::string expected = "TRBCPACK\x01\0\0\0\0\0\0\0"s;
  std::string header(sha256(document).view());
  append_le64(header, document.size());
  append_le64(header, stored.size());
  const Pack pack = pack_of({document});
  EXPECT_EQ(to_hex(pack.bytes.substr(0, 16)), to_hex(expected));
  EXPECT_EQ(to_hex(pack.bytes.substr(16, 48)), to_hex(header));
  // XXH64 with seed 0 of the 48 bytes before, computed apart from this program.
  EXPECT_EQ(to_hex(pack.bytes.substr(64, 8)), "b092ba848015d7d6");
  EXPECT_EQ(to_hex(pack.bytes.substr(72, stored.size())), to_hex(stored));
  const std::string end = pack.bytes.substr(72 + stored.size());
  ASSERT_EQ(end.size(), 48U);
  EXPECT_EQ(end.substr(0, 16), "TRBCPEND\x01\0\0\0\0\0\0\0"s);
  const Hash256 hash = sha256(std::string_view(pack.bytes).substr(0, pack.bytes.size() - 32));
  EXPECT_EQ(end.substr(16), hash.view());
  EXPECT_EQ(pack.name, "pack-" + hash.hex());
}

TEST_F(ContentPack, EveryFlippedBitAndEveryCutIsFound) {
  const Pack pack = pack_of({"first document", "second"});
  for (size_t i = 0; i < pack.bytes.size(); ++i) {
    std::string flipped = pack.bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    write(pack.name, flipped);
    const auto result = verify_pack(files_, "content", pack.name);
    ASSERT_FALSE(result.has_value()) << "byte " << i;
    EXPECT_TRUE(result.error().message.starts_with("content/" + pack.name + ": ")) << result.error().message;
  }
  for (size_t size = 0; size < pack.bytes.size(); ++size) {
    write(pack.name, pack.bytes.substr(0, size));
    const auto result = verify_pack(files_, "content", pack.name);
    ASSERT_FALSE(result.has_value()) << size;
    EXPECT_EQ(result.error().code, ErrorCode::data_loss);
  }
  write(pack.name, pack.bytes + "x");
  EXPECT_FALSE(verify_pack(files_, "content", pack.name).has_value());
}

TEST_F(ContentPack, ReadingOneDocumentFindsDamageInIt) {
  const Pack pack = pack_of({"first document", "second"});
  const PackedDocument& first = pack.documents[0];
  const size_t begin = first.place.record_offset;
  const size_t end = pack.documents[1].place.record_offset;
  for (size_t i = begin; i < end; ++i) {
    std::string flipped = pack.bytes;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    write(pack.name, flipped);
    const auto result = read_document(files_, "content", first.sha256, first.place);
    // A bit of a frame's header may tell the decompressor nothing; then the document is still whole.
    if (result.has_value()) {
      EXPECT_EQ(*result, "first document") << "byte " << i;
      EXPECT_GE(i, begin + kRecordHeaderBytes);
    } else {
      EXPECT_EQ(result.error().code, ErrorCode::data_loss);
      EXPECT_NE(result.error().message.find(first.sha256.hex()), std::string::npos) << result.error().message;
    }
  }
}

TEST_F(ContentPack, AWrongPlaceIsDataLoss) {
  const Pack pack = pack_of({"first document", "second"});
  write(pack);
  const auto code = [&](const ContentPlace& place) {
    return read_document(files_, "content", pack.documents[0].sha256, place).error().code;
  };
  ContentPlace place = pack.documents[0].place;
  place.record_offset = pack.documents[1].place.record_offset;
  place.stored_bytes = pack.documents[1].place.stored_bytes;
  EXPECT_EQ(code(place), ErrorCode::data_loss);
  place.record_offset = 1'000'000;
  EXPECT_EQ(code(place), ErrorCode::data_loss);
  place.stored_bytes = ~uint64_t{0};
  EXPECT_EQ(code(place), ErrorCode::data_loss);
  place.pack = "absent";
  EXPECT_EQ(code(place), ErrorCode::not_found);
}

TEST_F(ContentPack, ANewerVersionIsRefusedAndAnotherNameFound) {
  const Pack pack = pack_of({"x"});
  std::string newer = pack.bytes;
  newer[8] = 2;
  write("newer", newer);
  EXPECT_EQ(verify_pack(files_, "content", "newer").error().code, ErrorCode::failed_precondition);
  write("renamed", pack.bytes);
  EXPECT_EQ(verify_pack(files_, "content", "renamed").error().code, ErrorCode::data_loss);
}

// A record may say that its document is huge: nothing of that size is reserved before it is known to be so.
TEST_F(ContentPack, ARecordThatLiesAboutItsSizeIsDamaged) {
  const std::string stored = compress("small");
  const RecordHeader header = {
      .sha256 = sha256("small"), .document_bytes = ~uint64_t{0}, .stored_bytes = stored.size()};
  EXPECT_EQ(decompress(header, stored).error().code, ErrorCode::data_loss);
  // The numbers by which zstd says that a frame's size is unknown, or that there is no frame.
  for (const uint64_t size : {ZSTD_CONTENTSIZE_UNKNOWN, ZSTD_CONTENTSIZE_ERROR}) {
    EXPECT_EQ(decompress({.sha256 = header.sha256, .document_bytes = size, .stored_bytes = 0}, "").error().code,
              ErrorCode::data_loss);
  }
}

}  // namespace
}  // namespace tribute::datanet
