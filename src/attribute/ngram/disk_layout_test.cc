// The disk layout, by its bytes, against a look at every pair of neighbours.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "ngram/packed_ints.h"
#include "ngram/segment_format.h"
#include "ngram/segment_writer.h"
#include "ngram/shared_bits.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Random;
using testing::Tokens;

std::string file_of(const std::vector<Document>& documents, uint32_t vocabulary_size, PageLayout page_layout) {
  SegmentWriter writer(vocabulary_size, page_layout);
  for (const Document& document : documents) {
    EXPECT_TRUE(writer.add(document.entry, document.contributor, document.tokens).has_value());
  }
  return std::move(writer).finish();
}

// Bit by bit, from the highest of each symbol on, through the first separator that both have.
uint32_t bits_by_counting(std::span<const uint32_t> a, std::span<const uint32_t> b, uint32_t symbol_bits) {
  uint32_t bits = 0;
  for (size_t i = 0;; ++i) {
    for (uint32_t bit = symbol_bits; bit-- > 0; ++bits) {
      if ((a[i] >> bit & 1) != (b[i] >> bit & 1) || bits == kMostSharedBits) return bits;
    }
    if (a[i] == 0) return bits;
  }
}

void expect_disk_layout(const std::vector<Document>& documents, uint32_t vocabulary_size) {
  std::vector<uint32_t> text;
  for (const Document& document : documents) {
    for (const TokenId token : document.tokens) text.push_back(token.value() + 1);
    text.push_back(0);
  }
  const std::string file = file_of(documents, vocabulary_size, PageLayout::disk);
  const SegmentLayout layout(parse_header(file)->shape);
  ASSERT_TRUE(layout.is_for_disk());
  std::vector<uint64_t> order;
  for (uint64_t page = 0; page < layout.page_count(); ++page) {
    const uint64_t count =
        std::min(layout.suffixes_per_page(), layout.shape().token_count - page * layout.suffixes_per_page());
    for (uint64_t i = 0; i < count; ++i) {
      order.push_back(
          packed_at(file.data() + (1 + page) * kBlockBytes + layout.page_header_bytes(), i, layout.position_bits()));
    }
    EXPECT_EQ(packed_at(file.data() + layout.of(Section::first_positions).begin, page, layout.position_bits()),
              order[page * layout.suffixes_per_page()]);
  }
  const auto suffix = [&](uint64_t rank) { return std::span(text).subspan(order[rank]); };
  for (uint64_t rank = 0; rank < order.size(); ++rank) {
    const uint64_t page = rank / layout.suffixes_per_page();
    const uint64_t at = (1 + page) * kBlockBytes + layout.shared_bits_begin() + rank % layout.suffixes_per_page();
    const uint32_t expected =
        rank + 1 < order.size() ? bits_by_counting(suffix(rank), suffix(rank + 1), layout.symbol_bits()) : 0;
    ASSERT_EQ(static_cast<uint8_t>(file[at]), expected) << rank;
  }
  // The same suffixes as in the standard layout.
  const std::string standard = file_of(documents, vocabulary_size, PageLayout::standard);
  const SegmentLayout of_standard(parse_header(standard)->shape);
  for (uint64_t rank = 0; rank < order.size(); rank += 7) {
    const uint64_t page = rank / of_standard.suffixes_per_page();
    ASSERT_EQ(packed_at(standard.data() + (1 + page) * kBlockBytes + of_standard.page_header_bytes(),
                        rank % of_standard.suffixes_per_page(), of_standard.position_bits()),
              order[rank]);
  }
}

TEST(DiskLayout, HoldsWhatNeighboursShare) {
  Random random(1);
  for (const uint32_t vocabulary_size : {1U, 2U, 3U, 255U, 256U, 50'257U, 65'535U, 65'536U, 1U << 18}) {
    for (const uint32_t alphabet : {1U, 2U, 40U}) {
      std::vector<Document> documents;
      for (uint32_t i = 0; i < 40; ++i) {
        documents.push_back(
            document_of(i, 1, random.text(vocabulary_size, std::min(alphabet, vocabulary_size), 300, documents)));
      }
      documents.push_back(document_of(100, 1, Tokens(3000, TokenId{vocabulary_size - 1})));
      expect_disk_layout(documents, vocabulary_size);
    }
  }
}

TEST(DiskLayout, HoldsNoTokensToo) {
  expect_disk_layout({}, 10);
  expect_disk_layout({document_of(1, 1, {})}, 10);
  expect_disk_layout({document_of(1, 1, {TokenId{3}})}, 10);
}

// Pages, their nodes of the directory, minima, first positions and checksums, of as many tokens as a segment may have.
TEST(DiskLayout, TakesNoByteMorePerToken) {
  for (uint64_t tokens = 1'000'000; tokens <= uint64_t{1} << 36; tokens = tokens * 5 / 4) {
    SegmentShape shape{.document_count = 1, .token_count = tokens, .unigram_count = 1, .vocabulary_size = 50'000};
    const uint64_t standard = SegmentLayout(shape).file_bytes();
    shape.page_layout = PageLayout::disk;
    EXPECT_LE(SegmentLayout(shape).file_bytes(), standard + tokens) << tokens;
  }
}

TEST(DiskLayout, SharedBitsAreThoseOfTheSymbols) {
  EXPECT_EQ(shared_bits(0, 0, 1, 16), 15U);
  EXPECT_EQ(shared_bits(0, 0, 0x8000, 16), 0U);
  EXPECT_EQ(shared_bits(2, 5, 7, 16), 2U * 16 + 14);
  EXPECT_EQ(shared_bits(2, 0, 0, 16), 3U * 16);
  EXPECT_EQ(shared_bits(15, 6, 7, 16), 255U);
  EXPECT_EQ(shared_bits(16, 0x8000, 0, 16), 255U);
  EXPECT_EQ(shared_bits(UINT32_MAX, 0, 1, 19), 255U);
  EXPECT_EQ(shared_bits(254, 0, 1, 1), 254U);
  EXPECT_EQ(shared_bits(254, 0, 0, 1), 255U);
  EXPECT_EQ(shared_bits(255, 0, 1, 1), 255U);
}

TEST(DiskLayout, AnUnknownOneIsRefused) {
  std::string header = to_bytes({.shape = {.vocabulary_size = 1, .page_layout = static_cast<PageLayout>(2)},
                                 .content_sha256 = {},
                                 .checksums_root = 0});
  const auto parsed = parse_header(header);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code, ErrorCode::data_loss);
  EXPECT_EQ(parsed.error().message, "the header names a page layout that is not known");
}

}  // namespace
}  // namespace tribute::ngram
