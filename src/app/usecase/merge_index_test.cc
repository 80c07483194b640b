#include "usecase/merge_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/testing/stride.h"
#include "datanet/registry.h"
#include "ngram/index.h"
#include "usecase/contributions.h"
#include "usecase/doctor.h"
#include "usecase/purge.h"
#include "usecase/testing/town.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

std::string text_of(uint64_t number, size_t size = 60) {
  std::string text = "This is text number " + std::to_string(number) + " of the town. ";
  while (text.size() < size) text += "and so on, " + std::to_string(number * 7 + text.size()) + "; ";
  return text;
}

// A DataNet "d" with a segment for each of the first `count` texts.
void add_segments(Town& town, uint64_t count) {
  town.create("d");
  for (uint64_t i = 0; i < count; ++i) {
    must(town.contribute_rows("d", row("r" + std::to_string(i), "ada", text_of(i))));
    town.build("d");
  }
}

IndexView shown(Town& town) { return must(show_index(town.workspace(), "d")); }

// What the newest manifest says is live, against the registry at the manifest's log size; counted again from the
// segments.
void expect_right(Town& town) {
  auto sql = must(town.workspace().database().begin());
  const auto newest = must(workspace::newest_manifest(sql, must(datanet::find_datanet(sql, "d"))->entry));
  const auto index =
      must(ngram::Index::open(town.files, town.workspace().layout().index_folder(false), newest->manifest_sha256));
  must(index.verify());
  std::set<EntryIndex> live;
  for (const auto& segment : index.segments()) {
    for (uint32_t i = 0; i < segment.document_count(); ++i) live.insert(segment.entry_of(DocId{i}));
  }
  for (const EntryIndex entry : index.manifest().tombstones) live.erase(entry);
  std::set<EntryIndex> expected;
  const auto entry = must(town.workspace().entry<record::Manifest>(sql, newest->entry));
  if (entry.succeeds) return;  // its datapoints are those of an older log size
  for (const auto& contribution :
       must(datanet::live_contributions_at(sql, index.manifest().datanet, index.manifest().log_size))) {
    expected.insert(contribution.entry);
  }
  EXPECT_EQ(live, expected);
}

void expect_healthy(Town& town) {
  for (const auto& check : must(examine(town.workspace(), town.progress)).checks) {
    EXPECT_TRUE(check.passed) << check.what << ": " << check.finding;
  }
}

IndexMerge open_merge(Town& town) { return must(IndexMerge::open(town.workspace(), "d", "a test")); }

TEST(MergeIndex, MakesOneSegmentOfManyAndKeepsWhatIsLive) {
  Town town;
  add_segments(town, 4);
  must(withdraw_contributions(town.workspace(), "d", {"r1"}));
  const auto before = town.build("d");
  ASSERT_EQ(before.segments.size(), 4U);
  town.close();
  const auto open = [&] { return workspace::Workspace::open(town.environment(), Town::kFolder, "a merge"); };
  const auto report = must(merge_index({.datanet = "d", .holder = "a test"}, open, town.progress));
  EXPECT_EQ(report.merge_count, 1U);
  EXPECT_EQ(report.merged_segment_count, 4U);
  town.reopen();
  const auto after = shown(town);
  EXPECT_EQ(after.entry, *report.entry);
  ASSERT_EQ(after.segments.size(), 1U);
  EXPECT_EQ(after.segments[0].tombstone_count, 0U) << "what was withdrawn is dropped";
  EXPECT_EQ(after.segments[0].document_count, 3U);
  EXPECT_EQ(after.live_documents, before.live_documents);
  EXPECT_EQ(after.live_tokens, before.live_tokens);
  EXPECT_EQ(after.log_size, before.log_size);
  EXPECT_EQ(after.behind, 0U);
  expect_right(town);
  expect_healthy(town);
  EXPECT_FALSE(must(town.files.exists("/town/sealed/index/merging-0")));
}

// Added and withdrawn between the merge's beginning and its end, in the merged documents and in others.
TEST(MergeIndex, TakesOverWhatCameMeanwhile) {
  Town town;
  add_segments(town, 4);
  auto merge = open_merge(town);
  ASSERT_EQ(must(merge.begin(town.workspace())), MergeDue::yes);
  must(town.contribute_rows("d", row("late", "jonas", text_of(100))));
  town.build("d");
  must(merge.write(town.progress, 0));
  must(withdraw_contributions(town.workspace(), "d", {"r2", "late"}));
  const auto before = town.build("d");
  EXPECT_EQ(before.live_documents, 3U);
  ASSERT_TRUE(must(merge.commit(town.workspace())).has_value());
  const auto after = shown(town);
  ASSERT_EQ(after.segments.size(), 2U);
  EXPECT_EQ(after.live_documents, 3U);
  EXPECT_EQ(after.segments[0].tombstone_count + after.segments[1].tombstone_count, 2U);
  expect_right(town);
  expect_healthy(town);
}

TEST(MergeIndex, OneAtATimeForEachDataNet) {
  Town town;
  add_segments(town, 2);
  town.create("other");
  const auto merge = open_merge(town);
  const auto second = IndexMerge::open(town.workspace(), "d", "second");
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_THAT(second.error().message, HasSubstr("DataNet 'd' is being merged already: "));
  EXPECT_THAT(second.error().message, HasSubstr("held by a test"));
  auto other = must(IndexMerge::open(town.workspace(), "other", "third"));
  EXPECT_THAT(other.begin(town.workspace()).error().message, HasSubstr("tribute index build"));
  EXPECT_EQ(IndexMerge::open(town.workspace(), "nowhere", "x").error().code, ErrorCode::not_found);
}

// A purge does not wait: it takes away what a merge holds of the withdrawn, wherever that one is.
TEST(MergeIndex, IsInVainWhereAPurgeCame) {
  for (const bool written : {false, true}) {
    Town town;
    add_segments(town, 3);
    must(withdraw_contributions(town.workspace(), "d", {"r1"}));
    auto merge = open_merge(town);
    ASSERT_EQ(must(merge.begin(town.workspace())), MergeDue::yes);
    if (written) must(merge.write(town.progress, 0));
    must(purge_index(town.workspace(), "d", town.progress));
    EXPECT_TRUE(must(town.files.list("/town/sealed/index/merging-0")).empty());
    if (written) {
      EXPECT_FALSE(must(merge.commit(town.workspace())).has_value());
    } else {
      const auto late = merge.write(town.progress, 0);
      EXPECT_EQ(late.error().code, ErrorCode::not_found) << "the manifest that it began with is gone";
    }
    // The purge's manifest says of an older log size that all else is live, which is right here.
    ASSERT_EQ(must(merge.begin(town.workspace())), MergeDue::yes);
    must(merge.write(town.progress, 0));
    ASSERT_TRUE(must(merge.commit(town.workspace())).has_value());
    EXPECT_EQ(shown(town).segments.size(), 1U);
    EXPECT_EQ(shown(town).live_documents, 2U);
    expect_right(town);
    expect_healthy(town);
  }
}

// A manifest that a purge has made lacks what came after the one that it succeeds.
TEST(MergeIndex, WaitsForABuildWhereAPurgeLeftSomethingOut) {
  Town town;
  add_segments(town, 3);
  must(town.contribute_rows("d", row("late", "jonas", text_of(100))));
  must(withdraw_contributions(town.workspace(), "d", {"r1"}));
  must(purge_index(town.workspace(), "d", town.progress));
  auto merge = open_merge(town);
  EXPECT_EQ(must(merge.begin(town.workspace())), MergeDue::after_build);
  town.build("d");
  ASSERT_EQ(must(merge.begin(town.workspace())), MergeDue::yes);
  must(merge.write(town.progress, 0));
  ASSERT_TRUE(must(merge.commit(town.workspace())).has_value());
  EXPECT_EQ(shown(town).live_documents, 3U);
  expect_right(town);
  expect_healthy(town);
}

TEST(MergeIndex, RemovesWhatNoManifestNeededBefore) {
  Town town;
  add_segments(town, 3);
  const auto files_there = [&] { return must(town.files.list("/town/sealed/index")).size(); };
  ASSERT_EQ(files_there(), 6U) << "three segments, three manifests";
  auto merge = open_merge(town);
  const auto merge_once = [&] {
    ASSERT_EQ(must(merge.begin(town.workspace())), MergeDue::yes);
    must(merge.write(town.progress, 0));
    ASSERT_TRUE(must(merge.commit(town.workspace())).has_value());
    EXPECT_EQ(must(merge.begin(town.workspace())), MergeDue::nothing);
  };
  merge_once();
  EXPECT_EQ(files_there(), 3U + 1 + 1 + 1) << "the old segments and their manifest, the new ones";
  must(town.contribute_rows("d", row("late", "jonas", text_of(100, 130))));
  town.build("d");
  merge_once();
  EXPECT_EQ(files_there(), 2U + 1 + 1 + 1);
  expect_right(town);
}

TEST(MergeIndex, StopsWhereItIsAsked) {
  class Stopping final : public workspace::Progress {
   public:
    bool stop_requested() override { return true; }
  };
  Town town;
  add_segments(town, 3);
  const auto before = shown(town);
  auto merge = open_merge(town);
  ASSERT_EQ(must(merge.begin(town.workspace())), MergeDue::yes);
  Stopping stopping;
  EXPECT_EQ(merge.write(stopping, 0).error().code, ErrorCode::cancelled);
  EXPECT_EQ(shown(town).manifest_sha256, before.manifest_sha256);
}

// Goes on until it is told to stop, and sees what is built meanwhile. All in one thread: its looks at the progress are
// the moments at which others work.
TEST(MergeIndex, WatchesUntilItIsStopped) {
  class Others final : public workspace::Progress {
   public:
    explicit Others(Town& town) : town_(town) {}
    bool stop_requested() override {
      if (++looks_ == 2) {
        town_.reopen();
        for (uint64_t i = 0; i < 3; ++i) {
          must(town_.contribute_rows("d", row("w" + std::to_string(i), "ada", text_of(200 + looks_ * 10 + i))));
          town_.build("d");
        }
        town_.close();
      }
      return reports >= 1 && looks_ > 2;
    }
    uint64_t reports = 0;

   private:
    Town& town_;
    uint64_t looks_ = 0;
  };
  Town town;
  town.create("d");
  town.close();
  Others others(town);
  const auto open = [&] { return workspace::Workspace::open(town.environment(), Town::kFolder, "a merge"); };
  const auto all = must(watch_index({.datanet = "d", .holder = "a test"}, open, others,
                                    [&](const MergeReport& report) { others.reports += report.merge_count; }));
  EXPECT_EQ(all.merge_count, 1U);
  EXPECT_EQ(all.merged_segment_count, 3U);
  town.reopen();
  EXPECT_EQ(shown(town).segments.size(), 1U);
}

TEST(BuildIndex, MergesOnlyWhereItMustOrIsTold) {
  Town town;
  add_segments(town, kMostSegments);
  EXPECT_EQ(shown(town).segments.size(), kMostSegments);
  must(town.contribute_rows("d", row("last", "ada", text_of(99))));
  EXPECT_EQ(town.build("d").segments.size(), 1U);
  must(town.contribute_rows("d", row("more", "ada", text_of(98))));
  EXPECT_EQ(town.build("d").segments.size(), 2U);
  must(town.contribute_rows("d", row("most", "ada", text_of(97, 2'000))));
  EXPECT_EQ(must(build_index(town.workspace(), "d", town.progress, {.merge = true})).segments.size(), 1U);
  expect_right(town);
}

// One DataNet's contributor, operator and merging process, who do anything in any order.
class Anything {
 public:
  explicit Anything(uint64_t seed) : random_(seed) {
    add_segments(town_, 2);
    merge_.emplace(open_merge(town_));
  }

  void step() {
    const uint64_t choice = random_.next() % 12;
    if (choice < 3) {
      live_.push_back("r" + std::to_string(next_));
      must(town_.contribute_rows("d", row(live_.back(), "ada", text_of(next_, 40 + random_.next() % 300))));
      ++next_;
    } else if (choice < 6) {
      town_.build("d");
    } else if (choice == 6 && live_.size() > 1) {
      const auto gone = live_.begin() + static_cast<std::ptrdiff_t>(random_.next() % live_.size());
      must(withdraw_contributions(town_.workspace(), "d", {*gone}));
      live_.erase(gone);
    } else if (choice == 7) {
      must(purge_index(town_.workspace(), "d", town_.progress));
    } else {
      merge();
    }
    expect_right(town_);
  }

  void finish() {
    town_.build("d");
    EXPECT_EQ(shown(town_).live_documents, live_.size());
    EXPECT_EQ(shown(town_).behind, 0U);
    expect_right(town_);
    expect_healthy(town_);
  }

  uint64_t merges() const { return merges_; }

 private:
  enum class State : uint8_t { idle, begun, written };

  // The next of its three steps.
  void merge() {
    switch (std::exchange(state_, State::idle)) {
      case State::idle:
        if (must(merge_->begin(town_.workspace())) == MergeDue::yes) state_ = State::begun;
        break;
      case State::begun: {
        const auto written = merge_->write(town_.progress, 0);
        if (written) state_ = State::written;
        EXPECT_TRUE(written || written.error().code == ErrorCode::not_found);
        break;
      }
      case State::written: merges_ += must(merge_->commit(town_.workspace())).has_value() ? 1 : 0; break;
    }
  }

  io::SeededRandom random_;
  Town town_;
  std::optional<IndexMerge> merge_;
  State state_ = State::idle;
  std::vector<std::string> live_ = {"r0", "r1"};
  uint64_t next_ = 10;
  uint64_t merges_ = 0;
};

// Whatever happens between the steps of a merge, every manifest says what was live.
TEST(MergeIndex, IsRightAmidAnything) {
  constexpr uint64_t kDays = 40;
  constexpr int kSteps = 30;
  uint64_t merges = 0;
  for (uint64_t seed = 0; seed < kDays; seed += kTestStride) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Anything day(seed);
    for (int i = 0; i < kSteps && !HasFailure(); ++i) day.step();
    day.finish();
    ASSERT_FALSE(HasFailure());
    merges += day.merges();
  }
  EXPECT_GT(merges, kDays / kTestStride) << "more than one a day, or nothing is tested";
}

}  // namespace
}  // namespace tribute::usecase
