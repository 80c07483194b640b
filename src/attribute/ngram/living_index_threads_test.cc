#include "ngram/living_index.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>

#include "io/memory_file_system.h"
#include "ngram/testing/living.h"

namespace tribute::ngram {
namespace {

using testing::expect_agreement;
using testing::index_files;
using testing::kVocabularySize;
using testing::opened;
using testing::Operator;
using testing::Random;
using testing::tokens_of;

// A merge that fails in the background is told and hurts nobody; it is made when something changes and it can be.
TEST(LivingIndexThreads, AnErrorOfTheBackgroundIsKept) {
  io::MemoryFileSystem files;
  const auto index = opened(files, true);
  std::atomic<bool> broken = true;
  files.set_fault_hook([&](io::Operation operation, const std::string& path, uint64_t) {
    const bool fails = broken && operation == io::Operation::write && path.find("/merging/") != std::string::npos;
    return fails ? io::Fault::disk_full : io::Fault::none;
  });
  const std::vector<NewDocument> documents = {{EntryIndex{1}, tokens_of("banana")}};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(index->add(documents).has_value());
  const auto failed = index->wait();
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::resource_exhausted);
  ASSERT_TRUE(index->status().merge_error.has_value());
  EXPECT_EQ(index->status().segment_count, 3U);
  EXPECT_EQ(*index->snapshot()->longest_matches(tokens_of("ban")), (std::vector<uint32_t>{3, 2, 1}));
  broken = false;
  EXPECT_TRUE(index->wait().has_value());
  EXPECT_FALSE(index->status().merge_error.has_value());
  EXPECT_EQ(index->status().segment_count, 1U);
}

// Files that the last snapshot lets go are removed by the background, without a change.
TEST(LivingIndexThreads, WhatNobodyHoldsGoesByItself) {
  io::MemoryFileSystem files;
  const auto index = opened(files, true);
  const std::vector<NewDocument> documents = {{EntryIndex{1}, tokens_of("banana")}};
  ASSERT_TRUE(index->add(documents).has_value());
  auto held = index->snapshot();
  ASSERT_TRUE(index->add(documents).has_value());
  ASSERT_TRUE(index->wait().has_value());
  EXPECT_EQ(index_files(files), 2U + 2) << "the held ones, the merged one with its manifest";
  held.reset();
  ASSERT_TRUE(index->wait().has_value());
  EXPECT_EQ(index_files(files), 2U);
}

// The last sync of `current` fails, so that it may be the new one after a loss of power: what that names must be there
// still, whatever the background removes meanwhile.
TEST(LivingIndexThreads, RemovesNothingWhileItIsNotKnownWhatIsCurrent) {
  io::MemoryFileSystem files;
  auto index = opened(files, true);
  const std::vector<NewDocument> documents = {{EntryIndex{1}, tokens_of("banana")}};
  ASSERT_TRUE(index->add(documents).has_value());
  auto held = index->snapshot();
  const std::vector<EntryIndex> gone = {EntryIndex{0}};
  std::atomic<bool> renamed = false;
  files.set_fault_hook([&](io::Operation operation, const std::string& path, uint64_t) {
    if (operation == io::Operation::rename && path.find("/current") != std::string::npos) renamed = true;
    return renamed && operation == io::Operation::sync_folder ? io::Fault::error : io::Fault::none;
  });
  EXPECT_EQ(index->withdraw(gone).error().code, ErrorCode::unavailable);
  EXPECT_EQ(index->status().live_documents, 1U);
  held.reset();
  EXPECT_TRUE(index->wait().has_value());
  index.reset();
  files.set_fault_hook({});
  files.crash();
  files.restart(1, 1000);
  EXPECT_EQ(opened(files)->status().live_documents, 0U) << "what was not acknowledged may have happened";
}

// One thread changes and compares with the twin, others ask about whatever they see and compare it with the documents
// that the manifest of the same snapshot lists, while the background merges.
TEST(LivingIndexThreads, EverySnapshotIsOneStateWhole) {
  for (uint64_t seed = 0; seed < 4; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    io::MemoryFileSystem files;
    const auto index = opened(files, true);
    std::atomic<bool> done = false;
    std::atomic<uint64_t> questions = 0;
    const auto ask = [&](uint64_t of) {
      Random random(of);
      while (!done) {
        const auto source = index->snapshot();
        const Index* const held = &source->indexes().front();
        const auto documents = live_documents({&held, 1}, {.verify_tokens = true});
        ASSERT_TRUE(documents.has_value()) << documents.error().message;
        expect_agreement(*source, *documents, random.text(kVocabularySize, 3, 15, *documents));
        ++questions;
      }
    };
    {
      std::vector<std::jthread> askers;
      for (uint64_t i = 0; i < 2; ++i) askers.emplace_back(ask, 100 * seed + i);
      Operator op(seed);
      for (int i = 0; i < 60 && !HasFailure(); ++i) {
        EXPECT_TRUE(op.change(*index).has_value());
        op.look(*index);
        EXPECT_TRUE(i % 20 != 19 || index->wait().has_value());
      }
      while (questions < 10 && !HasFailure()) std::this_thread::yield();
      done = true;
      askers.clear();
      EXPECT_GT(index->status().merge_count, 3U);
      EXPECT_EQ(index->status().live_documents, op.model().live().size());
    }
    ASSERT_FALSE(HasFailure());
  }
}

// Snapshots outlive the index; its end waits for no merge to be finished.
TEST(LivingIndexThreads, SnapshotsOutliveIt) {
  io::MemoryFileSystem files;
  std::shared_ptr<const IndexSource> held;
  for (int round = 0; round < 20; ++round) {
    const auto index = opened(files, true);
    const std::vector<NewDocument> documents = {{EntryIndex{1}, tokens_of("banana")}};
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(index->add(documents).has_value());
    held = index->snapshot();
  }
  EXPECT_EQ(held->indexes().front().manifest().live_documents, 40U);
  EXPECT_EQ(opened(files)->status().live_documents, 40U);
}

}  // namespace
}  // namespace tribute::ngram
