// The golden files of version 4 of segments and version 1 of manifests: they open for good, what writes today
// writes the same bytes, and the pages that describe the formats show just these.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "io/file_system.h"
#include "ngram/index.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {
namespace {

const std::string kRoot = TRIBUTE_SOURCE_DIR;
const std::string kFolder = kRoot + "/tests/golden/index-v4";
constexpr std::string_view kSegment = "e1134b34c8f06a595e94e3906e41acbde3d555025ed1f5b981eb2045ca1d2749";
const std::string kDiskFolder = kRoot + "/tests/golden/index-v4-disk";
constexpr std::string_view kDiskSegment = "e4847a9ed11d208ec9912e43d6d942a32a4510369e829525b356596998feb77f";
constexpr std::string_view kManifest = "8afcf82f2727da68ae2ab9712a9744c49083b0018ccc97f6ab3cf0311fe588c9";

std::vector<TokenId> tokens_of(std::string_view text) {
  std::vector<TokenId> tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

std::string file_of(const std::string& path) {
  const auto files = io::make_real_file_system();
  auto bytes = io::read_file(*files, path);
  EXPECT_TRUE(bytes.has_value()) << bytes.error().message;
  return bytes.value_or("");
}

TEST(Golden, OpensAndHoldsTheDocuments) {
  const auto files = io::make_real_file_system();
  const auto index = Index::open(*files, kFolder, *hash_from_hex(kManifest));
  ASSERT_TRUE(index.has_value()) << index.error().message;
  ASSERT_EQ(index->segments().size(), 1U);
  const Segment& segment = index->segments().front();
  EXPECT_EQ(segment.name().hex(), kSegment);
  EXPECT_TRUE(segment.verify().has_value());
  EXPECT_EQ(segment.tokens(DocId{0}), tokens_of("banana"));
  EXPECT_EQ(segment.tokens(DocId{1}), tokens_of("nab"));
  EXPECT_EQ(segment.row(DocId{1}).contributor, EntryIndex{2});
  EXPECT_THAT(index->manifest().tombstones, testing::ElementsAre(EntryIndex{5}));
}

TEST(Golden, OpensInTheDiskLayout) {
  const auto files = io::make_real_file_system();
  const auto segment = Segment::open(*files, kDiskFolder, *hash_from_hex(kDiskSegment));
  ASSERT_TRUE(segment.has_value()) << segment.error().message;
  EXPECT_TRUE(segment->layout().is_for_disk());
  EXPECT_TRUE(segment->verify().has_value());
  EXPECT_EQ(segment->tokens(DocId{0}), tokens_of("banana"));
}

std::string written_today(PageLayout page_layout) {
  SegmentWriter writer(128, page_layout);
  EXPECT_TRUE(writer.add(EntryIndex{3}, EntryIndex{1}, tokens_of("banana")).has_value());
  EXPECT_TRUE(writer.add(EntryIndex{5}, EntryIndex{2}, tokens_of("nab")).has_value());
  return std::move(writer).finish();
}

TEST(Golden, IsWhatIsWrittenToday) {
  // Not EXPECT_EQ: it would print both files.
  EXPECT_TRUE(written_today(PageLayout::standard) == file_of(segment_path(kFolder, *hash_from_hex(kSegment))));
  EXPECT_TRUE(written_today(PageLayout::disk) == file_of(segment_path(kDiskFolder, *hash_from_hex(kDiskSegment))));

  const auto files = io::make_real_file_system();
  std::vector<Segment> segments;
  segments.push_back(*Segment::open(*files, kFolder, *hash_from_hex(kSegment)));
  const auto manifest = make_manifest({.datanet = EntryIndex{0},
                                       .role = Role::paid,
                                       .tokenizer_sha256 = sha256("seven-bit bytes"),
                                       .vocabulary_size = 128,
                                       .log_size = 9},
                                      segments, {EntryIndex{5}});
  EXPECT_EQ(to_canonical_json(*manifest), file_of(manifest_path(kFolder, *hash_from_hex(kManifest))));
}

// The page shows the lines of 16 bytes before `end`, but those that are zeros.
void expect_shown(std::string_view segment, size_t end) {
  const std::string page = file_of(kRoot + "/docs/formats/segment.md");
  for (size_t line = 0; line < end; line += 16) {
    if (segment.find_first_not_of('\0', line) >= line + 16) continue;
    std::array<char, 24> number{};
    std::snprintf(number.data(), number.size(), "%08zx:", line);
    std::string dump = "\n" + std::string(number.data());
    for (size_t i = line; i < line + 16; ++i) {
      std::snprintf(number.data(), number.size(), " %02x", static_cast<uint8_t>(segment[i]));
      dump += number.data();
    }
    EXPECT_THAT(page, testing::HasSubstr(dump));
  }
}

TEST(Golden, IsWhatThePagesShow) {
  const std::string segment = file_of(segment_path(kFolder, *hash_from_hex(kSegment)));
  expect_shown(segment, segment.size());
  expect_shown(file_of(segment_path(kDiskFolder, *hash_from_hex(kDiskSegment))), 0x2020);
  std::string manifest_page = file_of(kRoot + "/docs/formats/manifest.md");
  std::erase(manifest_page, '\n');
  EXPECT_THAT(manifest_page, testing::HasSubstr(file_of(manifest_path(kFolder, *hash_from_hex(kManifest)))));
}

}  // namespace
}  // namespace tribute::ngram
