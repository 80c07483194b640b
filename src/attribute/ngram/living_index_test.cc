#include "ngram/living_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "base/testing/stride.h"
#include "io/memory_file_system.h"
#include "ngram/brute_force_source.h"
#include "ngram/columns.h"
#include "ngram/segment.h"
#include "ngram/testing/documents.h"
#include "ngram/write_index.h"

namespace tribute::ngram {
namespace {

using ::testing::HasSubstr;
using testing::Random;
using testing::Tokens;
using testing::tokens_of;

constexpr const char* kFolder = "/index";
constexpr uint32_t kVocabularySize = 256;

LivingOptions options(bool merge_in_background = false) {
  return {.head = {.vocabulary_size = kVocabularySize}, .merge_in_background = merge_in_background};
}

std::unique_ptr<LivingIndex> opened(io::FileSystem& files, bool merge_in_background = false) {
  auto index = LivingIndex::open(files, kFolder, options(merge_in_background));
  EXPECT_TRUE(index.has_value()) << index.error().message;
  return std::move(*index);
}

// The twin: what is live, in a list.
class Model {
 public:
  void add(const std::vector<NewDocument>& documents) {
    for (const NewDocument& document : documents) {
      live_.push_back(testing::document_of(next_++, document.contributor.value(), document.tokens));
    }
  }
  void withdraw(EntryIndex entry) {
    std::erase_if(live_, [entry](const Document& document) { return document.entry == entry; });
  }
  const std::vector<Document>& live() const { return live_; }

 private:
  std::vector<Document> live_;  // by ascending entry
  uint64_t next_ = 0;
};

std::vector<NewDocument> some_documents(Random& random, const std::vector<Document>& others) {
  std::vector<NewDocument> documents(1 + random.below(3));
  for (NewDocument& document : documents) {
    document = {.contributor = EntryIndex{random.below(4)}, .tokens = random.text(kVocabularySize, 3, 25, others)};
  }
  return documents;
}

// What both say of a text; the datapoints with their entries, so that a document too much or too few is seen.
void expect_agreement(const IndexSource& source, const std::vector<Document>& live, const Tokens& text) {
  const BruteForceSource twin(live);
  ASSERT_EQ(source.facts().token_count, twin.facts().token_count);
  ASSERT_EQ(source.facts().contributor_count, twin.facts().contributor_count);
  ASSERT_EQ(source.indexes().front().manifest().live_documents, live.size());
  ASSERT_EQ(source.token_counts(text), twin.token_counts(text));
  const auto lengths = source.longest_matches(text);
  ASSERT_EQ(lengths, twin.longest_matches(text));
  std::vector<Run> runs;
  for (uint32_t i = 0; i < text.size(); ++i) {
    if ((*lengths)[i] > 0) runs.push_back({i, i + (*lengths)[i]});
    runs.push_back({i, i + 1});
  }
  const RunQuestion question{.contributor_limit = 2, .datapoint_limit = 5};
  ASSERT_EQ(source.find(text, runs, question), twin.find(text, runs, question));
}

uint64_t index_files(io::FileSystem& files) {
  const auto there = *files.list(kFolder);
  return static_cast<uint64_t>(std::ranges::count_if(there, [](const io::FolderEntry& entry) {
    return entry.name.ends_with(".segment") || entry.name.ends_with(".manifest");
  }));
}

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

// Does anything to an index and to the twin. What fails is not done, and the index stays as it was.
class Operator {
 public:
  explicit Operator(uint64_t seed) : random_(seed) {}

  // One change. `index` may fail, of which `failed()` tells; then `in_flight()` is what it may have become.
  Result<void> change(LivingIndex& index) {
    const uint32_t choice = random_.below(10);
    in_flight_ = model_;
    if (choice < 6 || model_.live().empty()) {
      const auto documents = some_documents(random_, model_.live());
      in_flight_.add(documents);
      TRY(index.add(documents));
    } else if (choice < 8) {
      const EntryIndex gone = model_.live()[random_.below(static_cast<uint32_t>(model_.live().size()))].entry;
      in_flight_.withdraw(gone);
      TRY(index.withdraw({&gone, 1}));
    } else {
      TRY(index.merge());
    }
    model_ = in_flight_;
    return {};
  }

  // The index must be what was acknowledged, or that with the change in flight, which then counts as acknowledged.
  void look(const LivingIndex& index) {
    const auto source = index.snapshot();
    const uint64_t live = index.status().live_documents;
    if (live != model_.live().size()) model_ = in_flight_;
    expect_agreement(*source, model_.live(), random_.text(kVocabularySize, 3, 30, model_.live()));
  }

  const Model& model() const { return model_; }

 private:
  Random random_;
  Model model_;
  Model in_flight_;
};

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
