#include "ngram/segment_runs.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "io/memory_file_system.h"
#include "ngram/segment_writer.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Random;
using Documents = std::vector<Document>;

// Runs of `symbols`, and so little for merging that everything is read again and again.
BuildPlan plan_of(uint64_t symbols) {
  return {.run_symbols = symbols, .merge = {.stream_blocks = 1, .text_blocks = 2, .passages = 4}, .threads = 1};
}

uint64_t longest_of(const Documents& documents) {
  uint64_t longest = 0;
  for (const Document& document : documents) longest = std::max(longest, document.tokens.size() + uint64_t{1});
  return longest;
}

Result<void> add_all(SegmentWriter& writer, const Documents& documents) {
  for (const Document& document : documents) TRY(writer.add(document.entry, document.contributor, document.tokens));
  return {};
}

std::string in_memory(uint32_t vocabulary_size, const Documents& documents,
                      PageLayout page_layout = PageLayout::standard) {
  SegmentWriter writer(vocabulary_size, page_layout);
  EXPECT_TRUE(add_all(writer, documents).has_value());
  return std::move(writer).finish();
}

struct Built {
  std::string bytes;
  uint64_t runs_taken_up = 0;
};
Result<Built> build(io::FileSystem& files, uint32_t vocabulary_size, const Documents& documents, const BuildPlan& plan,
                    PageLayout page_layout = PageLayout::standard) {
  SegmentWriter writer = TRY(SegmentWriter::with_runs(files, ".", vocabulary_size, plan, page_layout));
  TRY(add_all(writer, documents));
  const uint64_t taken_up = writer.runs_taken_up();
  const Hash256 name = TRY(std::move(writer).write(files, "."));
  return Built{TRY(io::read_file(files, segment_path(".", name))), taken_up};
}

size_t file_count(io::FileSystem& files) { return files.list(".")->size(); }

Documents random_documents(Random& random, uint32_t vocabulary_size, uint32_t count) {
  Documents documents;
  const uint32_t alphabet = 1 + random.below(std::min(vocabulary_size, 5U));
  for (uint32_t i = 0; i < count; ++i) {
    const bool is_copy = !documents.empty() && random.chance(300);
    documents.push_back(document_of(
        2 * i, random.below(3),
        is_copy ? documents[random.below(i)].tokens : random.text(vocabulary_size, alphabet, 60, documents)));
  }
  return documents;
}

TEST(SegmentRuns, MakeTheBytesThatMemoryMakes) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const uint32_t vocabulary_size =
        std::vector{1U, 2U, 3U, 255U, 256U, 50'000U, 65'535U, 65'536U, 1U << 18}[random.below(9)];
    const Documents documents = random_documents(random, vocabulary_size, random.below(40));
    const uint64_t run_symbols = longest_of(documents) + random.below(random.chance(500) ? 10 : 1000);
    const PageLayout page_layout = random.chance(500) ? PageLayout::disk : PageLayout::standard;
    io::MemoryFileSystem files;
    const auto built = build(files, vocabulary_size, documents, plan_of(run_symbols), page_layout);
    RC_ASSERT(built.has_value());
    RC_ASSERT(built->bytes == in_memory(vocabulary_size, documents, page_layout));
    RC_ASSERT(built->runs_taken_up == 0U);
    RC_ASSERT(file_count(files) == 1U);
  }));
}

// Pages whose first suffixes share more than the directory tells apart, in runs that all hold the same.
TEST(SegmentRuns, MakeTheSamePagesOfWhatRepeats) {
  std::vector<TokenId> equal(20'000, TokenId{1});
  std::vector<TokenId> periodic;
  for (uint32_t i = 0; i < 20'000; ++i) periodic.emplace_back(i % 2);
  for (const auto* const tokens : {&equal, &periodic}) {
    Documents documents;
    for (uint64_t i = 0; i < 4; ++i) documents.push_back(document_of(i, 0, *tokens));
    for (const PageLayout page_layout : {PageLayout::standard, PageLayout::disk}) {
      io::MemoryFileSystem files;
      const std::string expected = in_memory(2, documents, page_layout);
      EXPECT_TRUE(build(files, 2, documents, plan_of(20'001), page_layout)->bytes == expected);
      EXPECT_TRUE(build(files, 2, documents, plan_of(50'000), page_layout)->bytes == expected);
    }
  }
}

TEST(SegmentRuns, RefuseADocumentThatNoRunHolds) {
  io::MemoryFileSystem files;
  SegmentWriter writer = *SegmentWriter::with_runs(files, ".", 10, plan_of(4));
  EXPECT_TRUE(writer.add(EntryIndex{0}, EntryIndex{0}, testing::Tokens(3, TokenId{1})).has_value());
  const auto refused = writer.add(EntryIndex{1}, EntryIndex{0}, testing::Tokens(4, TokenId{1}));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(refused.error().message,
            "document of entry 1 has 4 tokens, more than are sorted at a time; build with more memory");
}

Documents some_documents() {
  Random random(7);
  return random_documents(random, 300, 30);
}

// A build that ended in the middle, and one of other documents after it.
TEST(SegmentRuns, AreTakenUpForTheSameDocumentsOnly) {
  const Documents documents = some_documents();
  const uint64_t run_symbols = longest_of(documents) + 40;
  io::MemoryFileSystem files;
  const auto leave_runs = [&] {
    SegmentWriter writer = *SegmentWriter::with_runs(files, ".", 300, plan_of(run_symbols));
    EXPECT_TRUE(add_all(writer, documents).has_value());
    return file_count(files);
  };
  const size_t left = leave_runs();
  ASSERT_GT(left, 5U);
  const auto again = build(files, 300, documents, plan_of(run_symbols));
  EXPECT_EQ(again->runs_taken_up, left);
  EXPECT_EQ(again->bytes, in_memory(300, documents));
  EXPECT_EQ(file_count(files), 1U);

  leave_runs();
  Documents others = documents;
  others[10].tokens.push_back(TokenId{1});
  const auto other = build(files, 300, others, plan_of(run_symbols + 1));
  EXPECT_GT(other->runs_taken_up, 0U);  // all but the run that was changed, or more where others end elsewhere
  EXPECT_LT(other->runs_taken_up, left);
  EXPECT_EQ(other->bytes, in_memory(300, others));
  EXPECT_EQ(file_count(files), 2U);

  leave_runs();
  EXPECT_EQ(build(files, 301, documents, plan_of(run_symbols))->runs_taken_up, 0U);  // another vocabulary
  leave_runs();
  EXPECT_EQ(build(files, 300, documents, plan_of(longest_of(documents)))->bytes, again->bytes);  // shorter runs
  leave_runs();
  EXPECT_EQ(build(files, 300, documents, plan_of(1'000'000))->bytes, again->bytes);
  leave_runs();
  SegmentWriter writer(300);
  ASSERT_TRUE(add_all(writer, documents).has_value());
  ASSERT_TRUE(std::move(writer).write(files, ".").has_value());
  EXPECT_EQ(file_count(files), 3U);  // no run is left, whoever builds
}

// Each operation fails, finds the disk full, or is the last one before power is lost. Whatever is left of that, the
// next build is right, and nothing is left of it.
TEST(SegmentRuns, SurviveFaultsAtEveryOperation) {
  const Documents documents = some_documents();
  const BuildPlan plan = plan_of(longest_of(documents) + 150);
  const std::string expected = in_memory(300, documents);
  io::MemoryFileSystem whole;
  ASSERT_TRUE(build(whole, 300, documents, plan).has_value());
  const uint64_t operations = whole.operation_count();
  uint64_t taken_up = 0;
  for (const io::Fault fault : {io::Fault::error, io::Fault::disk_full, io::Fault::crash}) {
    for (uint64_t at = 0; at < operations; ++at) {
      io::MemoryFileSystem files;
      files.set_fault_hook(
          [&](io::Operation, const std::string&, uint64_t number) { return number == at ? fault : io::Fault::none; });
      const auto first = build(files, 300, documents, plan);
      EXPECT_TRUE(!first || first->bytes == expected);
      files.set_fault_hook({});
      if (files.crashed()) files.restart(at);
      const auto second = build(files, 300, documents, plan);
      ASSERT_TRUE(second.has_value()) << second.error().message;
      ASSERT_EQ(second->bytes, expected);
      ASSERT_EQ(file_count(files), 1U) << at;
      taken_up += second->runs_taken_up;
    }
  }
  EXPECT_GT(taken_up, operations);
}

// Bytes of runs that lie there are changed: the build is right, or ends with an error after which the next one is.
TEST(SegmentRuns, NeverMakeOtherBytesFromDamage) {
  const Documents documents = some_documents();
  const BuildPlan plan = plan_of(longest_of(documents) + 150);
  const std::string expected = in_memory(300, documents);
  io::MemoryFileSystem left;
  {
    SegmentWriter writer = *SegmentWriter::with_runs(left, ".", 300, plan);
    ASSERT_TRUE(add_all(writer, documents).has_value());
  }
  uint64_t errors = 0;
  const auto entries = *left.list(".");
  for (const io::FolderEntry& entry : entries) {
    for (uint64_t at = 0; at < entry.size_bytes; at += 501) {
      auto files = left.clone();
      const auto file = *files->open(entry.name, io::OpenMode::read_write);
      const char byte = file->read_at(at, 1)->front();
      ASSERT_TRUE(file->write_at(at, std::string(1, static_cast<char>(byte ^ 1))).has_value());
      const auto first = build(*files, 300, documents, plan);
      if (!first) {
        ++errors;
        EXPECT_EQ(first.error().code, ErrorCode::data_loss);
        const auto second = build(*files, 300, documents, plan);
        ASSERT_TRUE(second.has_value());
        EXPECT_EQ(second->bytes, expected);
      } else {
        EXPECT_EQ(first->bytes, expected);
      }
      EXPECT_EQ(file_count(*files), 1U);
    }
  }
  EXPECT_GT(errors, 10U);
}

class StopsAfter final : public SegmentProgress {
 public:
  explicit StopsAfter(uint64_t pages) : left_(pages) {}
  void begin(std::string_view stage, uint64_t) override { stages_ += std::string(stage) + " "; }
  void advance(uint64_t tokens) override { tokens_ = tokens; }
  bool stop_requested() override { return left_-- == 0; }
  const std::string& stages() const { return stages_; }
  uint64_t tokens() const { return tokens_; }

 private:
  uint64_t left_;
  std::string stages_;
  uint64_t tokens_ = 0;
};

TEST(SegmentRuns, AreLeftByABuildThatIsStopped) {
  Documents documents;
  Random random(3);
  for (uint64_t i = 0; i < 60; ++i) documents.push_back(document_of(i, 0, random.text(300, 100, 400, documents)));
  const BuildPlan plan = plan_of(longest_of(documents));
  io::MemoryFileSystem files;
  SegmentWriter writer = *SegmentWriter::with_runs(files, ".", 300, plan);
  ASSERT_TRUE(add_all(writer, documents).has_value());
  const uint64_t tokens = writer.token_count();
  StopsAfter stopped(1);
  const auto name = std::move(writer).write(files, ".", stopped);
  ASSERT_FALSE(name.has_value());
  EXPECT_EQ(name.error().code, ErrorCode::cancelled);
  EXPECT_EQ(stopped.stages(), "sorting merging ");
  const size_t runs = file_count(files);
  SegmentWriter next = *SegmentWriter::with_runs(files, ".", 300, plan);
  ASSERT_TRUE(add_all(next, documents).has_value());
  EXPECT_GE(next.runs_taken_up(), runs - 1);
  StopsAfter never(UINT64_MAX);
  ASSERT_TRUE(std::move(next).write(files, ".", never).has_value());
  EXPECT_EQ(never.tokens(), tokens);
}

}  // namespace
}  // namespace tribute::ngram
