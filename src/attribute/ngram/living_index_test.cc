#include "ngram/living_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/stride.h"
#include "io/memory_file_system.h"
#include "ngram/testing/living.h"
#include "ngram/write_index.h"

namespace tribute::ngram {
namespace {

using testing::expect_agreement;
using ::testing::HasSubstr;
using testing::index_files;
using testing::kFolder;
using testing::kVocabularySize;
using testing::Model;
using testing::opened;
using testing::Operator;
using testing::options;
using testing::Random;
using testing::some_documents;
using testing::Tokens;
using testing::tokens_of;

TEST(LivingIndex, IsEmptyAtFirstAndKeepsWhatItGets) {
  io::MemoryFileSystem files;
  {
    const auto index = opened(files);
    EXPECT_EQ(index->snapshot()->facts().token_count, 0U);
    EXPECT_EQ(*io::read_file(files, "/index/current"),
              "tribute living index 1\n" + index->status().manifest.hex() + "\n");
    EXPECT_EQ(*index->snapshot()->longest_matches(tokens_of("ab")), (std::vector<uint32_t>{0, 0}));
    EXPECT_EQ(*index->add({}), EntryIndex{0});
    const std::vector<NewDocument> first = {{EntryIndex{7}, tokens_of("banana")}, {EntryIndex{8}, tokens_of("nab")}};
    EXPECT_EQ(*index->add(first), EntryIndex{0});
    const std::vector<NewDocument> second = {{EntryIndex{7}, tokens_of("bandana")}};
    EXPECT_EQ(*index->add(second), EntryIndex{2});
    const std::vector<EntryIndex> gone = {EntryIndex{1}};
    EXPECT_TRUE(index->withdraw(gone).has_value());
    EXPECT_EQ(*index->snapshot()->longest_matches(tokens_of("nab")), (std::vector<uint32_t>{2, 1, 1}));
  }
  const auto index = opened(files);
  EXPECT_EQ(index->status().live_documents, 2U);
  EXPECT_EQ(index->status().segment_count, 2U);
  EXPECT_EQ(index->status().tombstone_count, 1U);
  EXPECT_TRUE(*index->merge());
  EXPECT_FALSE(*index->merge());
  EXPECT_EQ(index->status().segment_count, 1U);
  EXPECT_EQ(index->status().tombstone_count, 0U);
  EXPECT_EQ(index->status().merge_count, 1U);
  const std::vector<NewDocument> third = {{EntryIndex{7}, tokens_of("cabana")}};
  EXPECT_EQ(*index->add(third), EntryIndex{3}) << "an entry is not used again";
}

TEST(LivingIndex, RefusesWhatCannotBe) {
  io::MemoryFileSystem files;
  EXPECT_EQ(LivingIndex::open(files, kFolder, {}).error().code, ErrorCode::invalid_argument);
  const auto index = opened(files);
  const auto second = LivingIndex::open(files, kFolder, options());
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("held by a living index"));
  const std::vector<NewDocument> outside = {{EntryIndex{1}, {TokenId{kVocabularySize}}}};
  EXPECT_EQ(index->add(outside).error().code, ErrorCode::invalid_argument);
  const std::vector<NewDocument> inside = {{EntryIndex{1}, tokens_of("a")}};
  ASSERT_TRUE(index->add(inside).has_value());
  const std::vector<EntryIndex> unknown = {EntryIndex{0}, EntryIndex{1}};
  EXPECT_THAT(index->withdraw(unknown).error().message, HasSubstr("has no live document 1"));
  EXPECT_EQ(index->status().live_documents, 1U) << "all or none";
  const std::vector<EntryIndex> known = {EntryIndex{0}};
  ASSERT_TRUE(index->withdraw(known).has_value());
  EXPECT_EQ(index->withdraw(known).error().code, ErrorCode::not_found);
}

TEST(LivingIndex, OpensOnlyWhatIsOne) {
  io::MemoryFileSystem files;
  const std::vector<Tokens> documents = {tokens_of("banana")};
  ASSERT_TRUE(write_index(files, kFolder, documents, kVocabularySize).has_value());
  const auto other = LivingIndex::open(files, kFolder, options());
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(index_files(files), 2U) << "nothing of it is touched";

  io::MemoryFileSystem own;
  opened(own).reset();
  auto different = options();
  different.head.vocabulary_size = 3;
  EXPECT_EQ(LivingIndex::open(own, kFolder, different).error().code, ErrorCode::failed_precondition);
  EXPECT_TRUE(LivingIndex::open(own, kFolder, {}).has_value()) << "what is there says its vocabulary";
  for (const std::string bad :
       {"", "tribute living index 1\n", "tribute living index 2\n", "tribute living index 1\nxyz\n"}) {
    ASSERT_TRUE(io::write_file_atomically(own, std::string(kFolder) + "/current", bad).has_value());
    EXPECT_EQ(LivingIndex::open(own, kFolder, options()).error().code, ErrorCode::data_loss) << bad;
  }
}

TEST(LivingIndex, KeepsFilesAsLongAsSomebodyHoldsThem) {
  io::MemoryFileSystem files;
  const auto index = opened(files);
  for (const std::string_view text : {"banana", "bandana", "cabana"}) {
    const std::vector<NewDocument> documents = {{EntryIndex{1}, tokens_of(text)}};
    ASSERT_TRUE(index->add(documents).has_value());
  }
  EXPECT_EQ(index_files(files), 4U) << "three segments and the current manifest";
  auto held = index->snapshot();
  ASSERT_TRUE(*index->merge());
  EXPECT_EQ(index_files(files), 4U + 2) << "and a merged one with its manifest";
  const Hash256 name = held->indexes().front().name();
  EXPECT_TRUE(Index::open(files, kFolder, name).has_value());
  EXPECT_EQ(*held->longest_matches(tokens_of("cab")), (std::vector<uint32_t>{3, 2, 1}));
  held.reset();
  const std::vector<EntryIndex> gone = {EntryIndex{0}};
  ASSERT_TRUE(index->withdraw(gone).has_value());
  EXPECT_EQ(index_files(files), 2U) << "what nobody holds is gone with the next change";
  EXPECT_FALSE(Index::open(files, kFolder, name).has_value());
}

TEST(LivingIndex, MergesWithinMemoryToo) {
  io::MemoryFileSystem files;
  Random random(5);
  auto limited = options();
  limited.memory_bytes = uint64_t{20} << 20;
  const auto index = std::move(*LivingIndex::open(files, kFolder, limited));
  Model model;
  for (int i = 0; i < 3; ++i) {
    const auto documents = some_documents(random, model.live());
    ASSERT_TRUE(index->add(documents).has_value());
    model.add(documents);
  }
  ASSERT_TRUE(index->wait().has_value());
  expect_agreement(*index->snapshot(), model.live(), random.text(kVocabularySize, 3, 40, model.live()));
}

TEST(LivingIndex, MergesIntoTheLayoutOfTheNewest) {
  for (const PageLayout newest : {PageLayout::standard, PageLayout::disk}) {
    io::MemoryFileSystem files;
    Random random(6);
    Model model;
    for (const PageLayout page_layout : {PageLayout::disk, PageLayout::standard, newest}) {
      auto of_layout = options();
      of_layout.page_layout = page_layout;
      const auto index = std::move(*LivingIndex::open(files, kFolder, of_layout));
      const auto documents = some_documents(random, model.live());
      ASSERT_TRUE(index->add(documents).has_value());
      model.add(documents);
    }
    const auto index = opened(files);
    ASSERT_EQ(index->status().segment_count, 3U);
    ASSERT_TRUE(index->wait().has_value());
    const auto merged = index->snapshot();
    ASSERT_EQ(merged->indexes().front().segments().size(), 1U);
    EXPECT_EQ(merged->indexes().front().segments().front().layout().shape().page_layout, newest);
    expect_agreement(*merged, model.live(), random.text(kVocabularySize, 3, 40, model.live()));
  }
}

TEST(LivingIndex, AgreesWithTheTwinWhateverIsDone) {
  for (uint64_t seed = 0; seed < 40; seed += kTestStride) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    io::MemoryFileSystem files;
    Operator op(seed);
    auto index = opened(files);
    for (int i = 0; i < 25; ++i) {
      ASSERT_TRUE(op.change(*index).has_value());
      op.look(*index);
      if (i % 10 == 9) {
        index.reset();
        index = opened(files);
        op.look(*index);
      }
      ASSERT_FALSE(HasFailure());
    }
    EXPECT_EQ(index_files(files), 1 + index->status().segment_count);
  }
}

constexpr int kChanges = 12;

uint64_t operations_without_faults(uint64_t seed) {
  io::MemoryFileSystem files;
  Operator op(seed);
  auto index = opened(files);
  for (int i = 0; i < kChanges; ++i) EXPECT_TRUE(op.change(*index).has_value());
  return files.operation_count();
}

// At each operation of the file system in turn; what was not synced is kept, lost, or torn.
TEST(LivingIndex, WhatWasAcknowledgedSurvivesALossOfPowerAnywhere) {
  constexpr uint64_t kSeed = 3;
  const uint64_t operations = operations_without_faults(kSeed);
  uint64_t crashes = 0;
  for (uint64_t at = 0; at < operations; at += kTestStride) {
    SCOPED_TRACE("operation " + std::to_string(at));
    io::MemoryFileSystem files;
    files.set_fault_hook([at](io::Operation, const std::string&, uint64_t number) {
      return number >= at ? io::Fault::crash : io::Fault::none;
    });
    Operator op(kSeed);
    auto index = LivingIndex::open(files, kFolder, options());
    for (int i = 0; index && i < kChanges; ++i) {
      if (!op.change(**index)) break;
    }
    if (!files.crashed()) continue;
    ++crashes;
    index = fail(ErrorCode::aborted, "gone");
    files.restart(at, std::array<uint32_t, 3>{0, 500, 1000}[at % 3]);
    files.set_fault_hook({});
    index = LivingIndex::open(files, kFolder, options());
    ASSERT_TRUE(index.has_value()) << index.error().message;
    op.look(**index);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(op.change(**index).has_value());
    op.look(**index);
    EXPECT_EQ(index_files(files), 1 + (*index)->status().segment_count);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(crashes, 20U);
}

// A change that fails leaves the index as it was for those who have it open, and later changes survive whatever comes.
TEST(LivingIndex, GoesOnAfterAnErrorAnywhere) {
  constexpr uint64_t kSeed = 4;
  const uint64_t operations = operations_without_faults(kSeed);
  for (uint64_t at = 0; at < operations; at += kTestStride) {
    SCOPED_TRACE("operation " + std::to_string(at));
    io::MemoryFileSystem files;
    Operator op(kSeed);
    auto index = opened(files);
    const uint64_t begin = files.operation_count();
    files.set_fault_hook([&](io::Operation, const std::string&, uint64_t number) {
      return number == begin + at ? io::Fault::error : io::Fault::none;
    });
    for (int i = 0; i < kChanges; ++i) {
      const uint64_t live = op.model().live().size();
      const auto changed = op.change(*index);
      EXPECT_TRUE(changed || index->status().live_documents == live);
    }
    op.look(*index);
    index.reset();
    files.set_fault_hook({});
    files.crash();
    files.restart(at, 0);
    index = opened(files);
    EXPECT_EQ(index->status().live_documents, op.model().live().size());
    op.look(*index);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace tribute::ngram
