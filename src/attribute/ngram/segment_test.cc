#include "ngram/segment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "io/memory_file_system.h"
#include "ngram/segment_format.h"

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

SegmentWriter writer_of(const std::vector<Contribution>& documents, uint32_t vocabulary_size) {
  SegmentWriter writer(vocabulary_size);
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
    EXPECT_EQ(segment.tokens(DocId{i}).size(), row.token_count);
    EXPECT_EQ(segment.find(row.entry), DocId{i});
  }
  (void)segment.unigrams();
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
    const auto vocabulary_size = *rc::gen::element(1U, 2U, 3U, 256U, 50'257U, 0xFFFFFFFFU);
    const auto token = rc::gen::map(rc::gen::inRange(0U, vocabulary_size), [](uint32_t id) { return TokenId{id}; });
    const auto texts = *rc::gen::container<std::vector<Tokens>>(rc::gen::container<Tokens>(token));
    std::vector<Contribution> documents;
    uint64_t entry = 0;
    for (const Tokens& text : texts) {
      entry += *rc::gen::inRange(1U, 1000U);
      documents.push_back({entry, *rc::gen::inRange(0U, 9U), text});
    }
    const std::string bytes = writer_of(documents, vocabulary_size).finish();
    RC_ASSERT(writer_of(documents, vocabulary_size).finish() == bytes);
    const auto segment = opened(bytes);
    RC_ASSERT(segment.has_value());
    RC_ASSERT(segment->document_count() == documents.size());
    for (uint32_t i = 0; i < documents.size(); ++i) {
      RC_ASSERT(segment->row(DocId{i}).entry.value() == documents[i].entry);
      RC_ASSERT(segment->row(DocId{i}).contributor.value() == documents[i].contributor);
      RC_ASSERT(segment->tokens(DocId{i}) == documents[i].tokens);
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
}

TEST(Segment, EveryFlippedBitAndEveryTruncationIsSeen) {
  const std::string good = writer_of(kSmall, 200).finish();
  io::MemoryFileSystem files;
  const Hash256 name = sha256(good);
  for (size_t i = 0; i < good.size() * 8; ++i) {
    std::string bad = good;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
    const auto unnamed = opened(bad);
    ASSERT_FALSE(unnamed.has_value()) << "bit " << i;
    const bool in_version = i / 8 >= 8 && i / 8 < 12;
    EXPECT_EQ(unnamed.error().code, in_version ? ErrorCode::failed_precondition : ErrorCode::data_loss) << "bit " << i;
  }
  for (size_t size = 0; size < good.size(); ++size) {
    const auto segment = opened(good.substr(0, size));
    ASSERT_FALSE(segment.has_value()) << size;
    EXPECT_EQ(segment.error().code, ErrorCode::data_loss) << size;
  }
  EXPECT_EQ(opened(good + '\0').error().code, ErrorCode::data_loss);
  // By its name, a change of the version is seen as damage too.
  std::string other_version = good;
  other_version[8] = 2;
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), other_version).has_value());
  EXPECT_EQ(Segment::open(files, ".", name).error().code, ErrorCode::data_loss);
}

// A writer that is wrong or hostile can make checksums that fit: the columns must be checked as well.
TEST(Segment, DamageWithRightChecksumsDoesNoHarm) {
  const std::string good = writer_of(kSmall, 200).finish();
  const auto parsed = parse_segment(good);
  ASSERT_TRUE(parsed.has_value());
  int refused = 0;
  for (size_t section = 0; section < kSectionCount; ++section) {
    const std::string bytes(parsed->sections[section]);
    for (size_t i = 0; i < bytes.size() * 8; ++i) {
      std::string bad = bytes;
      bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
      SectionBytes sections = parsed->sections;
      sections[section] = bad;
      const auto segment = opened(assemble_segment(parsed->shape, sections));
      if (segment.has_value()) {
        touch(*segment);
      } else {
        EXPECT_EQ(segment.error().code, ErrorCode::data_loss);
        ++refused;
      }
      // What open() lets pass but is no segment's content is found by verify(), save what stands for itself.
      const bool is_free = section == 0 || section == 1;
      if (segment.has_value() && !is_free) {
        EXPECT_FALSE(segment->verify().has_value()) << section << " bit " << i;
      }
    }
  }
  EXPECT_GT(refused, 0);
  constexpr size_t kHeader = 40 + 32 * kSectionCount;
  for (size_t i = 12 * 8; i < kHeader * 8; ++i) {
    std::string bad = good;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
    std::string checksum;
    append_le64(checksum, XXH3_64bits(bad.data(), kHeader));
    bad.replace(kHeader, checksum.size(), checksum);
    if (const auto segment = opened(bad); segment.has_value()) {
      touch(*segment);
    } else {
      EXPECT_EQ(segment.error().code, ErrorCode::data_loss);
    }
  }
}

TEST(Segment, SaysWhatIsWrongWithItsColumns) {
  const std::string good = writer_of(kSmall, 200).finish();
  const auto parsed = parse_segment(good);
  ASSERT_TRUE(parsed.has_value());
  const auto flaw = [&](Section section, auto change) {
    SectionBytes sections = parsed->sections;
    std::string bytes(section_of(sections, section));
    change(bytes);
    section_of(sections, section) = bytes;
    const auto segment = opened(assemble_segment(parsed->shape, sections));
    return segment.has_value() ? "" : segment.error().message;
  };
  using testing::HasSubstr;
  EXPECT_EQ(flaw(Section::entries, [](std::string& bytes) { bytes[8] = 4; }), "");
  EXPECT_THAT(flaw(Section::entries, [](std::string& bytes) { bytes[8] = 3; }), HasSubstr("entries do not ascend"));
  EXPECT_THAT(flaw(Section::entries, [](std::string& bytes) { bytes[31] = '\x80'; }), HasSubstr("over 2^63"));
  EXPECT_THAT(flaw(Section::contributors, [](std::string& bytes) { bytes[7] = '\x80'; }), HasSubstr("over 2^63"));
  EXPECT_THAT(flaw(Section::token_begins, [](std::string& bytes) { bytes[0] = 1; }), HasSubstr("do not tile"));
  EXPECT_THAT(flaw(Section::token_begins, [](std::string& bytes) { bytes[8] = 14; }),
              HasSubstr("begins do not ascend"));
  EXPECT_THAT(flaw(Section::tokens, [](std::string& bytes) { bytes[0] = '\xC8'; }),
              HasSubstr("outside the vocabulary"));
  EXPECT_THAT(flaw(Section::tokens, [](std::string& bytes) { bytes[15] = 1; }), HasSubstr("after the last token"));
  EXPECT_THAT(flaw(Section::unigrams, [](std::string& bytes) { bytes[8] = 6; }), HasSubstr("do not add up"));
  EXPECT_THAT(flaw(Section::unigrams, [](std::string& bytes) { bytes.resize(32); }), HasSubstr("do not add up"));
  EXPECT_THAT(flaw(Section::unigrams, [](std::string& bytes) { bytes[16] = 'a'; }), HasSubstr("counts are wrong"));
  EXPECT_THAT(flaw(Section::unigrams, [](std::string& bytes) { bytes[32] = '\xFF'; }), HasSubstr("counts are wrong"));
}

}  // namespace
}  // namespace tribute::ngram
