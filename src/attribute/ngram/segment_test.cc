#include "ngram/segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/bytes.h"
#include "io/memory_file_system.h"
#include "ngram/search.h"
#include "ngram/segment_format.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {
namespace {

using Tokens = std::vector<TokenId>;

struct Contribution {
  uint64_t entry = 0;
  uint64_t contributor = 0;
  Tokens tokens;
};

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

SegmentWriter writer_of(const std::vector<Contribution>& documents, uint32_t vocabulary_size,
                        PageLayout page_layout = PageLayout::standard) {
  SegmentWriter writer(vocabulary_size, page_layout);
  for (const auto& [entry, contributor, tokens] : documents) {
    EXPECT_TRUE(writer.add(EntryIndex{entry}, EntryIndex{contributor}, tokens).has_value());
  }
  return writer;
}

// The segment that the bytes are, or why they are none.
Result<Segment> opened(const std::string& bytes) {
  io::MemoryFileSystem files;
  EXPECT_TRUE(io::write_file_atomically(files, "x", bytes).has_value());
  return Segment::open_file(files, "x");
}

// Calls every accessor; nothing may crash whatever the columns hold.
void touch(const Segment& segment) {
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    const DocumentRow row = segment.row(DocId{i});
    const auto tokens = segment.tokens(DocId{i});
    EXPECT_TRUE(!tokens || tokens->size() == row.token_count);
    EXPECT_EQ(segment.find(row.entry), DocId{i});
  }
  (void)segment.unigrams();
  const SegmentSearch search(segment);
  for (const std::string_view text : {"banana", "nab", "x"}) {
    const RankRange range = search.find(tokens_of(text));
    EXPECT_TRUE(range.begin <= range.end && range.end <= segment.token_count());
    (void)search.first_position(range);
    EXPECT_LE(search.longest_match(tokens_of(text)), text.size());
  }
  (void)segment.verify();
}

const std::vector<Contribution> kSmall = {
    {3, 1, tokens_of("banana")}, {5, 2, {}}, {9, 1, tokens_of("a")}, {12, 4, tokens_of("banana")}};

TEST(Segment, HoldsWhatWasWritten) {
  io::MemoryFileSystem files;
  ASSERT_TRUE(files.make_folder("index").has_value());
  const auto name = writer_of(kSmall, 256).write(files, "index");
  ASSERT_TRUE(name.has_value()) << name.error().message;
  const auto segment = Segment::open(files, "index", *name);
  ASSERT_TRUE(segment.has_value()) << segment.error().message;
  EXPECT_EQ(segment->name(), *name);
  EXPECT_EQ(segment->vocabulary_size(), 256U);
  EXPECT_EQ(segment->token_count(), 13U);
  ASSERT_EQ(segment->document_count(), 4U);
  for (uint32_t i = 0; i < 4; ++i) {
    const DocumentRow row = segment->row(DocId{i});
    EXPECT_EQ(row.entry, EntryIndex{kSmall[i].entry});
    EXPECT_EQ(row.contributor, EntryIndex{kSmall[i].contributor});
    EXPECT_EQ(row.tokens_sha256, tokens_hash(kSmall[i].tokens));
    EXPECT_EQ(segment->tokens(DocId{i}), kSmall[i].tokens);
  }
  EXPECT_EQ(segment->find(EntryIndex{9}), DocId{2});
  EXPECT_EQ(segment->find(EntryIndex{4}), std::nullopt);
  EXPECT_EQ(segment->find(EntryIndex{13}), std::nullopt);
  const std::vector<TokenCount> expected = {{TokenId{'a'}, 7}, {TokenId{'b'}, 2}, {TokenId{'n'}, 4}};
  EXPECT_EQ(segment->unigrams(), expected);
  EXPECT_TRUE(segment->verify().has_value());
}

TEST(Segment, TokensHashIsOverLittleEndianWords) {
  EXPECT_EQ(tokens_hash(Tokens{}), sha256(""));
  EXPECT_EQ(tokens_hash(Tokens{TokenId{0x01020304}, TokenId{5}}), sha256(std::string("\4\3\2\1\5\0\0\0", 8)));
  const Tokens many(10'000, TokenId{7});
  std::string bytes;
  for (size_t i = 0; i < many.size(); ++i) append_le32(bytes, 7);
  EXPECT_EQ(tokens_hash(many), sha256(bytes));
}

TEST(Segment, RoundTripsAnyDocuments) {
  EXPECT_TRUE(rc::check([] {
    const auto vocabulary_size = *rc::gen::element(1U, 2U, 3U, 256U, 50'257U, 65'536U, kMaxVocabularySize);
    const auto token = rc::gen::map(rc::gen::inRange(0U, vocabulary_size), [](uint32_t id) { return TokenId{id}; });
    const auto texts = *rc::gen::container<std::vector<Tokens>>(rc::gen::container<Tokens>(token));
    std::vector<Contribution> documents;
    uint64_t entry = 0;
    for (const Tokens& text : texts) {
      entry += *rc::gen::inRange(1U, 1000U);
      documents.push_back({entry, *rc::gen::inRange(0U, 9U), text});
    }
    const auto page_layout = *rc::gen::element(PageLayout::standard, PageLayout::disk);
    const std::string bytes = writer_of(documents, vocabulary_size, page_layout).finish();
    RC_ASSERT(writer_of(documents, vocabulary_size, page_layout).finish() == bytes);
    const auto segment = opened(bytes);
    RC_ASSERT(segment.has_value());
    RC_ASSERT(segment->document_count() == documents.size());
    for (uint32_t i = 0; i < documents.size(); ++i) {
      RC_ASSERT(segment->row(DocId{i}).entry.value() == documents[i].entry);
      RC_ASSERT(segment->row(DocId{i}).contributor.value() == documents[i].contributor);
      RC_ASSERT(*segment->tokens(DocId{i}) == documents[i].tokens);
    }
    RC_ASSERT(segment->verify().has_value());
  }));
}

TEST(Segment, WriterRefusesWhatDoesNotFit) {
  SegmentWriter writer(10);
  const Tokens tokens = {TokenId{9}};
  ASSERT_TRUE(writer.add(EntryIndex{5}, EntryIndex{0}, tokens).has_value());
  for (const uint64_t entry : {uint64_t{5}, uint64_t{4}, uint64_t{1} << 63}) {
    const auto added = writer.add(EntryIndex{entry}, EntryIndex{0}, tokens);
    ASSERT_FALSE(added.has_value());
    EXPECT_EQ(added.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_FALSE(writer.add(EntryIndex{6}, EntryIndex{0}, Tokens{TokenId{10}}).has_value());
  EXPECT_EQ(writer.document_count(), 1U);
  EXPECT_EQ(writer.token_count(), 1U);
}

TEST(Segment, WritingMendsADamagedFileOfItsName) {
  io::MemoryFileSystem files;
  const auto name = writer_of(kSmall, 256).write(files, ".");
  ASSERT_TRUE(name.has_value());
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", *name), "rubbish").has_value());
  const auto damaged = Segment::open(files, ".", *name);
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, ErrorCode::data_loss);
  EXPECT_THAT(damaged.error().message, testing::HasSubstr(name->hex()));
  ASSERT_TRUE(writer_of(kSmall, 256).write(files, ".").has_value());
  EXPECT_TRUE(Segment::open(files, ".", *name).has_value());
  EXPECT_EQ(writer_of(kSmall, 256).name(), *name);
  EXPECT_EQ(files.list(".")->size(), 1U);
}

// Everything that a segment can be asked, or the error of the first question that failed.
Result<std::vector<uint64_t>> answers_of(const Segment& segment) {
  std::vector<uint64_t> answers;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    const DocumentRow row = segment.row(DocId{i});
    answers.insert(answers.end(), {row.entry.value(), row.contributor.value(), row.token_begin});
    for (const TokenId token : TRY(segment.tokens(DocId{i}))) answers.push_back(token.value());
  }
  for (const TokenCount& count : segment.unigrams()) answers.push_back(count.count);
  const SegmentSearch search(segment);
  for (const std::string_view text : {"banana", "nan", "ab", "a", "n", "x"}) {
    const RankRange range = search.find(tokens_of(text));
    answers.insert(answers.end(), {range.begin, range.end, search.longest_match(tokens_of(text))});
    answers.push_back(search.first_position(range).value_or(99));
  }
  TRY(segment.status());
  return answers;
}

class SegmentOfLayout : public testing::TestWithParam<PageLayout> {};
INSTANTIATE_TEST_SUITE_P(Segment, SegmentOfLayout, testing::Values(PageLayout::standard, PageLayout::disk));

TEST_P(SegmentOfLayout, EveryFlippedBitAndEveryTruncationIsSeenOrHarmless) {
  const std::string good = writer_of(kSmall, 200, GetParam()).finish();
  const auto right = answers_of(*opened(good));
  ASSERT_TRUE(right.has_value());
  io::MemoryFileSystem files;
  const Hash256 name = sha256(good.substr(0, kBlockBytes));
  size_t harmless = 0;
  for (size_t byte = 0; byte < good.size(); byte += byte % kBlockBytes < 400 ? 1 : 37) {
    std::string bad = good;
    bad[byte] = static_cast<char>(bad[byte] ^ (1 << (byte % 8)));
    ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), bad).has_value());
    const auto segment = Segment::open(files, ".", name);
    if (!segment) {
      EXPECT_EQ(segment.error().code, ErrorCode::data_loss) << byte;
      continue;
    }
    const auto answers = answers_of(*segment);
    EXPECT_TRUE(answers ? answers == right : answers.error().code == ErrorCode::data_loss) << byte;
    harmless += answers.has_value() ? 1 : 0;
    const auto verified = segment->verify();
    ASSERT_FALSE(verified.has_value()) << byte;
    EXPECT_EQ(verified.error().code, ErrorCode::data_loss) << byte;
  }
  EXPECT_EQ(harmless, 0U);  // every block of so small a segment is read
  for (size_t size = 0; size < good.size(); size += size < 100 ? 1 : 97) {
    const auto segment = opened(good.substr(0, size));
    ASSERT_FALSE(segment.has_value()) << size;
    EXPECT_EQ(segment.error().code, ErrorCode::data_loss) << size;
  }
  EXPECT_EQ(opened(good + '\0').error().code, ErrorCode::data_loss);
}

TEST(Segment, NamesAVersionThatIsNotKnown) {
  std::string other = writer_of(kSmall, 200).finish();
  const Hash256 name = sha256(other.substr(0, kBlockBytes));
  other[8] = 1;
  io::MemoryFileSystem files;
  // Under the name of a file of this version it is damage.
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), other).has_value());
  EXPECT_EQ(Segment::open(files, ".", name).error().code, ErrorCode::data_loss);
  // Version 1 was named by the hash of the whole file.
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", sha256(other)), other).has_value());
  const auto segment = Segment::open(files, ".", sha256(other));
  ASSERT_FALSE(segment.has_value());
  EXPECT_EQ(segment.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(segment.error().message, testing::HasSubstr("version 1"));
  EXPECT_THAT(segment.error().message, testing::HasSubstr("tribute index build"));
}

// A writer that is wrong or hostile can make checksums that fit: nothing may crash, and verify() sees it.
TEST_P(SegmentOfLayout, DamageWithRightChecksumsDoesNoHarm) {
  const std::string good = writer_of(kSmall, 200, GetParam()).finish();
  const SegmentLayout layout(parse_header(good)->shape);
  int refused = 0;
  for (size_t section = 0; section + 1 < kSectionCount; ++section) {
    const Extent extent = layout.of(static_cast<Section>(section));
    for (size_t byte = extent.begin; byte < std::min(extent.end(), extent.begin + 200); ++byte) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string bad = good;
        bad[byte] = static_cast<char>(bad[byte] ^ (1 << bit));
        const auto segment = opened(resealed(bad));
        if (!segment.has_value()) {
          EXPECT_EQ(segment.error().code, ErrorCode::data_loss);
          ++refused;
          continue;
        }
        touch(*segment);
        // Only what stands for itself can be another: whose the documents are, and in which order.
        const bool is_free =
            section == static_cast<size_t>(Section::entries) || section == static_cast<size_t>(Section::contributors);
        if (!is_free) {
          EXPECT_FALSE(segment->verify().has_value()) << section << " byte " << byte << " bit " << bit;
        }
      }
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(Segment, SaysWhatIsWrongWithItsColumns) {
  const std::string good = writer_of(kSmall, 200).finish();
  const SegmentLayout layout(parse_header(good)->shape);
  const auto flaw = [&](Section section, size_t byte, char value) {
    std::string bad = good;
    bad[layout.of(section).begin + byte] = value;
    const auto segment = opened(resealed(bad));
    if (!segment) return segment.error().message;
    const auto verified = segment->verify();
    return verified ? "" : verified.error().message;
  };
  using testing::HasSubstr;
  EXPECT_EQ(flaw(Section::entries, 8, 4), "");
  EXPECT_THAT(flaw(Section::entries, 8, 3), HasSubstr("entries do not ascend"));
  EXPECT_THAT(flaw(Section::entries, 31, '\x80'), HasSubstr("over 2^63"));
  EXPECT_THAT(flaw(Section::contributors, 7, '\x80'), HasSubstr("over 2^63"));
  EXPECT_THAT(flaw(Section::token_begins, 0, 1), HasSubstr("do not tile"));
  EXPECT_THAT(flaw(Section::token_begins, 8, 14), HasSubstr("begins do not ascend"));
  EXPECT_THAT(flaw(Section::token_hashes, 0, 1), HasSubstr("the tokens of entry 3 do not hash"));
  EXPECT_THAT(flaw(Section::text, 0, '\xC8'), HasSubstr("the tokens of entry 3 do not hash"));
  EXPECT_THAT(flaw(Section::text, 16, 1), HasSubstr("not the segment that its documents make"));
  EXPECT_THAT(flaw(Section::suffixes, 0, 3), HasSubstr("not the segment that its documents make"));
  EXPECT_THAT(flaw(Section::minima, 0, 3), HasSubstr("not the segment that its documents make"));
  EXPECT_THAT(flaw(Section::unigrams, 8, 6), HasSubstr("do not add up"));
  EXPECT_THAT(flaw(Section::unigrams, 16, 'a'), HasSubstr("counts are wrong"));
}

// The files of a real disk can become shorter while they are mapped.
TEST(Segment, AFileThatShrinksIsAnError) {
  const auto files = io::make_real_file_system();
  const std::string folder = testing::TempDir() + "tribute-shrinking-segment";
  ASSERT_TRUE(io::make_folders(*files, folder).has_value());
  std::vector<Contribution> documents;
  for (uint64_t i = 0; i < 2000; ++i)
    documents.push_back({i, 1, tokens_of("a document of some tokens, again and again")});
  const auto name = writer_of(documents, 256).write(*files, folder);
  ASSERT_TRUE(name.has_value());
  for (const bool warm : {false, true}) {
    const auto segment = Segment::open(*files, folder, *name);
    ASSERT_TRUE(segment.has_value());
    const SegmentSearch search(*segment);
    if (warm) {
      EXPECT_EQ(search.find(tokens_of("tokens")).size(), 2000U);
    }
    EXPECT_TRUE(segment->status().has_value());
    ASSERT_TRUE(
        (*files->open(segment_path(folder, *name), io::OpenMode::read_write))->truncate(3 * kBlockBytes).has_value());
    EXPECT_LE(search.longest_match(tokens_of("tokens")), 6U);
    const auto status = segment->status();
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::data_loss);
    ASSERT_TRUE(writer_of(documents, 256).write(*files, folder).has_value());
  }
  ASSERT_TRUE(files->remove(segment_path(folder, *name)).has_value());
}

}  // namespace
}  // namespace tribute::ngram
