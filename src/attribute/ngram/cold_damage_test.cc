// Damaged files and failing disks under searches by reads of blocks: an error or the right answer.
#include <gtest/gtest.h>

#include <algorithm>

#include "ngram/cold_search.h"
#include "ngram/segment_writer.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Random;
using testing::random_tokens;
using testing::texts_of;
using testing::Tokens;

// A segment of some pages, and what is asked of it.
struct Sample {
  explicit Sample(PageLayout layout, uint32_t document_count = 30) {
    Random random(1);
    SegmentWriter writer(3000, layout);
    for (uint32_t i = 0; i < document_count; ++i) {
      documents.push_back(document_of(i, 1, i % 3 == 2 ? documents[i / 2].tokens : random_tokens(random, 3000, 200)));
      EXPECT_TRUE(writer.add(EntryIndex{i}, EntryIndex{1}, documents.back().tokens).has_value());
    }
    file = std::move(writer).finish();
    texts = texts_of(random, documents, 3000, 60, 40);
  }

  std::vector<Document> documents;
  std::string file;
  std::vector<Tokens> texts;
};

Result<std::vector<uint64_t>> answers_of(ColdSearch& search, const std::vector<Tokens>& texts) {
  std::vector<uint64_t> answers;
  for (const Tokens& text : texts) {
    for (const uint32_t length : TRY(search.longest_matches(text))) answers.push_back(length);
    for (const uint32_t size : {1U, 2U, static_cast<uint32_t>(text.size())}) {
      const Run run{.begin = 0, .end = std::min(size, static_cast<uint32_t>(text.size()))};
      const RankRange range = TRY(search.find(text, {&run, 1})).front();
      answers.insert(answers.end(), {range.begin, range.end, TRY(search.first_position(range)).value_or(9)});
      for (const uint64_t position : TRY(search.positions(range))) answers.push_back(position);
    }
  }
  return answers;
}

// The file under the name that its first block has, and what is found in it.
Result<std::vector<uint64_t>> answers_of(const std::string& file, const std::vector<Tokens>& texts) {
  io::MemoryFileSystem files;
  const Hash256 name = sha256(std::string_view(file).substr(0, kBlockBytes));
  EXPECT_TRUE(io::write_file_atomically(files, segment_path(".", name), file).has_value());
  const Segment columns = TRY(Segment::open_columns(files, ".", name));
  ColdSearch search = TRY(ColdSearch::open(files, columns, {.cached_blocks = 3}));
  return answers_of(search, texts);
}

class ColdDamage : public ::testing::TestWithParam<PageLayout> {};
INSTANTIATE_TEST_SUITE_P(ColdDamage, ColdDamage, ::testing::Values(PageLayout::standard, PageLayout::disk));

TEST_P(ColdDamage, EveryBlockIsSeenToBeDamagedOrNotNeeded) {
  const Sample sample(GetParam());
  const auto right = answers_of(sample.file, sample.texts);
  ASSERT_TRUE(right.has_value()) << right.error().message;
  Random random(2);
  uint64_t seen = 0;
  for (uint64_t block = 0; block < sample.file.size() / kBlockBytes; ++block) {
    for (const uint32_t at : {0U, 100U, random.below(kBlockBytes), 4095U}) {
      std::string bad = sample.file;
      char& byte = bad[block * kBlockBytes + at];
      byte = static_cast<char>(byte ^ (1 << random.below(8)));
      const auto answers = answers_of(bad, sample.texts);
      if (!answers) {
        ASSERT_EQ(answers.error().code, ErrorCode::data_loss) << block << " " << answers.error().message;
        ASSERT_NE(answers.error().message.find(".segment"), std::string::npos);
        ++seen;
      } else {
        ASSERT_EQ(*answers, *right) << block;
      }
    }
  }
  EXPECT_GT(seen, sample.file.size() / kBlockBytes * 2);
}

// A writer that is wrong or hostile can make checksums that fit: answers may be any, within their ranges.
TEST_P(ColdDamage, WrongFilesLeadNowhereElse) {
  const Sample sample(GetParam());
  const SegmentLayout layout(parse_header(sample.file)->shape);
  Random random(3);
  for (int trial = 0; trial < 300; ++trial) {
    std::string bad = sample.file;
    for (const Section section :
         {Section::directory, Section::suffixes, Section::text, Section::minima, Section::first_positions}) {
      const Extent extent = layout.of(section);
      if (extent.size == 0) continue;
      for (uint32_t i = random.below(trial % 2 == 0 ? 8 : 400); i > 0; --i) {
        bad[extent.begin + random.below(static_cast<uint32_t>(extent.size))] = static_cast<char>(random.below(256));
      }
    }
    bad = resealed(bad);
    io::MemoryFileSystem files;
    const Hash256 name = sha256(std::string_view(bad).substr(0, kBlockBytes));
    ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), bad).has_value());
    const Segment columns = *Segment::open_columns(files, ".", name);
    ColdSearch search = *ColdSearch::open(files, columns);
    for (const Tokens& text : sample.texts) {
      if (const auto lengths = search.longest_matches(text)) {
        for (const uint32_t length : *lengths) ASSERT_LE(length, text.size());
      }
      const ngram::Run run{.begin = 0, .end = static_cast<uint32_t>(text.size())};
      const auto ranges = search.find(text, {&run, 1});
      if (!ranges) continue;
      const RankRange range = ranges->front();
      ASSERT_TRUE(range.begin <= range.end && range.end <= columns.token_count());
      const auto first = search.first_position(range);
      ASSERT_TRUE(!first || first->value_or(0) < layout.symbol_count());
      const auto positions = search.positions(range);
      ASSERT_TRUE(!positions || positions->size() == range.size());
    }
  }
}

// Each read fails in its turn; what is asked afterwards is right.
TEST_P(ColdDamage, FailingReadsAreErrorsAndNoMore) {
  const Sample sample(GetParam(), 8);
  io::MemoryFileSystem files;
  const Hash256 name = sha256(std::string_view(sample.file).substr(0, kBlockBytes));
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), sample.file).has_value());
  const auto right = answers_of(sample.file, sample.texts);
  ASSERT_TRUE(right.has_value());
  const Segment columns = *Segment::open_columns(files, ".", name);
  for (uint64_t failing = 0;; failing += 1 + failing / 4) {
    ColdSearch search = *ColdSearch::open(files, columns, {.cached_blocks = 2});
    uint64_t reads = 0;
    files.set_fault_hook([&](io::Operation operation, const std::string&, uint64_t) {
      return operation == io::Operation::read && reads++ == failing ? io::Fault::error : io::Fault::none;
    });
    const auto first = answers_of(search, sample.texts);
    files.set_fault_hook({});
    if (first) {
      ASSERT_EQ(*first, *right);
      ASSERT_LE(reads, failing);
      break;
    }
    ASSERT_EQ(first.error().code, ErrorCode::unavailable);
    const auto second = answers_of(search, sample.texts);
    ASSERT_TRUE(second.has_value()) << second.error().message;
    ASSERT_EQ(*second, *right) << failing;
  }
}

TEST_P(ColdDamage, AFileThatShrinksIsAnError) {
  const Sample sample(GetParam());
  io::MemoryFileSystem files;
  const Hash256 name = sha256(std::string_view(sample.file).substr(0, kBlockBytes));
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), sample.file).has_value());
  const Segment columns = *Segment::open_columns(files, ".", name);
  ColdSearch search = *ColdSearch::open(files, columns);
  const auto file = *files.open(segment_path(".", name), io::OpenMode::read_write);
  ASSERT_TRUE(file->truncate(kBlockBytes + 10).has_value());
  const auto answers = answers_of(search, sample.texts);
  ASSERT_FALSE(answers.has_value());
  EXPECT_EQ(answers.error().code, ErrorCode::data_loss);
  EXPECT_EQ(Segment::open_columns(files, ".", name).error().code, ErrorCode::data_loss);
}

// What columns alone do not have is damage to whoever asks for it, never a wrong answer.
TEST_P(ColdDamage, ColumnsDoNotHaveTheText) {
  const Sample sample(GetParam());
  io::MemoryFileSystem files;
  const Hash256 name = sha256(std::string_view(sample.file).substr(0, kBlockBytes));
  ASSERT_TRUE(io::write_file_atomically(files, segment_path(".", name), sample.file).has_value());
  const Segment columns = *Segment::open_columns(files, ".", name);
  EXPECT_EQ(columns.row(DocId{1}).tokens_sha256, sample.documents[1].tokens_sha256);
  EXPECT_TRUE(columns.status().has_value());
  uint64_t absent = 0;
  for (uint32_t i = 0; i < sample.documents.size(); ++i) {
    const auto tokens = columns.tokens(DocId{i});
    if (tokens) {
      EXPECT_EQ(*tokens, sample.documents[i].tokens);  // in a block that it shares with columns
    } else {
      EXPECT_EQ(tokens.error().code, ErrorCode::data_loss);
      ++absent;
    }
  }
  EXPECT_GT(absent, 0U);
}

}  // namespace
}  // namespace tribute::ngram
