#include "usecase/purge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/testing/stride.h"
#include "datanet/content_store.h"
#include "datanet/registry.h"
#include "ngram/segment.h"
#include "usecase/contributions.h"
#include "usecase/doctor.h"
#include "usecase/index.h"
#include "usecase/testing/town.h"
#include "usecase/trace_answer.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

using testing::must;
using testing::row;
using testing::Town;

// The documents of a segment, one after another: with the tokenizer of bytes, its tokens are their bytes.
std::string documents_of(Town& town, const std::string& path) {
  const auto segment = must(ngram::Segment::open_file(town.files, path));
  std::string bytes;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    for (const TokenId token : must(segment.tokens(DocId{i}))) bytes += static_cast<char>(token.value());
    bytes += '\n';
  }
  return bytes;
}

// The index and content files that hold the text.
std::vector<std::string> files_with(Town& town, std::string_view text) {
  std::vector<std::string> found;
  const auto& layout = town.workspace().layout();
  for (const std::string& folder : {layout.index_folder(false), layout.index_folder(true), layout.content_folder()}) {
    if (!must(town.files.exists(folder))) continue;
    for (const auto& entry : must(town.files.list(folder))) {
      const std::string path = io::join(folder, entry.name);
      const std::string bytes =
          path.ends_with(".segment") ? documents_of(town, path) : must(io::read_file(town.files, path));
      if (bytes.find(text) != std::string::npos) found.push_back(path);
    }
  }
  return found;
}

void expect_healthy(Town& town) {
  for (const auto& check : must(examine(town.workspace(), town.progress)).checks) {
    EXPECT_TRUE(check.passed) << check.what << ": " << check.finding;
  }
}

AttributionView trace(Town& town, std::string_view text) {
  return must(trace_answer(town.workspace(), "m", {.prompts = {}, .output = std::string(text)}, {}));
}

TEST(Purge, ErasesTextTitleAndIndexOfWhatWasWithdrawn) {
  Town town;
  town.settle_in();
  const auto before = trace(town, Town::kKnot);
  ASSERT_FALSE(files_with(town, Town::kTide).empty());
  must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
  const auto report = must(purge_index(town.workspace(), "harbour", town.progress));
  EXPECT_EQ(report.erased_count, 1U);
  EXPECT_EQ(report.rewritten_segment_count, 1U);
  EXPECT_EQ(report.successor_count, 1U);
  EXPECT_GE(report.removed_file_count, 3U) << "a segment, a manifest, a pack";
  EXPECT_TRUE(files_with(town, Town::kTide).empty());

  const auto rows = must(list_contributions(town.workspace(), {.datanet = "harbour"}));
  EXPECT_EQ(rows[0].id, "tide");
  EXPECT_EQ(rows[0].title, "");
  auto sql = must(town.workspace().database().begin());
  EXPECT_EQ(datanet::read_content(town.files, town.workspace().layout().content_folder(), sql, rows[0].content_sha256)
                .error()
                .code,
            ErrorCode::not_found);
}

TEST(Purge, ModelsFollowTheSuccessorAndReceiptsCiteIt) {
  Town town;
  town.settle_in();
  const auto first = must(charge(town.workspace(), Town::charge_request(std::string(Town::kKnot))));
  must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
  must(purge_index(town.workspace(), "harbour", town.progress));
  const auto again = must(charge(town.workspace(), Town::charge_request(std::string(Town::kKnot))));
  ASSERT_TRUE(first.receipt && again.receipt);
  ASSERT_FALSE(again.receipt->attribution.contributors.empty());
  EXPECT_EQ(again.receipt->attribution.contributors[0].name, "jonas");
  const auto gone = trace(town, Town::kTide);
  EXPECT_TRUE(std::ranges::find(gone.contributors, "ada", &ContributorShare::name) == gone.contributors.end());

  const auto shown = must(show_receipt(town.workspace(), first.receipt->id, 10));
  ASSERT_EQ(shown.attribution.contributors.size(), 1U) << "as it was recorded";
  EXPECT_EQ(shown.attribution.contributors[0].name, "jonas");
  EXPECT_EQ(shown.attribution.contributors[0].millibits, first.receipt->attribution.contributors[0].millibits);
  auto sql = must(town.workspace().database().begin());
  const auto entry_of = [&](const ChargeOutcome& outcome) {
    return must(town.workspace().entry<record::Receipt>(sql, *outcome.receipt->entry)).manifests[0];
  };
  const EntryIndex pinned = entry_of(first);
  const EntryIndex successor = entry_of(again);
  EXPECT_NE(pinned, successor);
  EXPECT_EQ(must(workspace::manifest_in_force(sql, pinned)).entry, successor);
  EXPECT_EQ(must(town.workspace().entry<record::Manifest>(sql, successor)).succeeds, pinned);
}

TEST(Purge, OlderPinnedAndNewerIndexesSucceedTogetherAndTheNewestStaysNewest) {
  Town town;
  town.settle_in();
  must(town.contribute_rows("harbour",
                            row("rope", "moira", "Whip the end before you cut, not after, or the rope frays.")));
  town.build("harbour");
  must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
  const auto report = must(purge_index(town.workspace(), "harbour", town.progress));
  EXPECT_EQ(report.successor_count, 2U);
  EXPECT_TRUE(files_with(town, Town::kTide).empty());
  EXPECT_EQ(must(show_index(town.workspace(), "harbour")).live_documents, 2U);
  EXPECT_EQ(must(show_index(town.workspace(), "harbour")).behind, 0U);
  expect_healthy(town);
  town.reopen();
  expect_healthy(town);
}

TEST(Purge, WhatNoModelNeedsIsRemovedAndNothingElse) {
  Town town;
  town.settle_in();  // the model pins this index
  for (int i = 0; i < 3; ++i) {
    must(
        town.contribute_rows("harbour", row("more-" + std::to_string(i), "moira", "Text number " + std::to_string(i))));
    town.build("harbour");
  }
  const auto report = must(purge_index(town.workspace(), "harbour", town.progress));
  EXPECT_EQ(report.erased_count, 0U);
  EXPECT_EQ(report.successor_count, 0U);
  EXPECT_GE(report.removed_file_count, 2U) << "the manifests between";
  expect_healthy(town);
  EXPECT_EQ(trace(town, Town::kTide).contributors.at(0).name, "ada");
  EXPECT_EQ(must(purge_index(town.workspace(), "harbour", town.progress)).removed_file_count, 0U);
}

TEST(Purge, ATextThatAnotherContributionHoldsStays) {
  Town town;
  town.settle_in();
  town.create("other");
  must(town.contribute_rows("other", row("tide-too", "magpie", Town::kTide)));
  must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
  must(purge_index(town.workspace(), "harbour", town.progress));
  town.build("other");
  EXPECT_EQ(must(show_index(town.workspace(), "other")).live_documents, 1U);
  expect_healthy(town);
}

TEST(Purge, ADatanetOfWhichNothingIsLeftHasAnEmptyIndex) {
  Town town;
  town.settle_in();
  must(withdraw_contributions(town.workspace(), "harbour", {"tide", "knot"}));
  EXPECT_EQ(must(purge_index(town.workspace(), "harbour", town.progress)).erased_count, 2U);
  EXPECT_TRUE(trace(town, Town::kKnot).contributors.empty());
  expect_healthy(town);
}

TEST(Purge, HappensByItselfWhenItIsDue) {
  Town town;
  town.settle_in();
  const uint64_t start_ms = town.clock.now_ms();
  must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
  constexpr uint64_t kDayMs = 86'400'000;
  town.clock = io::SteppingClock(start_ms + 29 * kDayMs);
  must(purge_if_due(town.workspace(), "harbour", town.progress));
  EXPECT_FALSE(files_with(town, Town::kTide).empty());
  town.clock = io::SteppingClock(start_ms + 30 * kDayMs + 1'000);
  must(purge_if_due(town.workspace(), "harbour", town.progress));
  EXPECT_TRUE(files_with(town, Town::kTide).empty());
}

// Power is lost at every operation of a purge: the next one ends what it began, and nothing else is gone.
TEST(Purge, IsFinishedAfterAnyStop) {
  for (uint64_t step = 0;; step += kTestStride) {
    Town town;
    town.settle_in();
    must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
    const uint64_t stop_at = town.files.operation_count() + step;
    town.files.set_fault_hook([=](io::Operation, const std::string&, uint64_t number) {
      return number >= stop_at ? io::Fault::disk_full : io::Fault::none;
    });
    const bool done = purge_index(town.workspace(), "harbour", town.progress).has_value();
    town.files.set_fault_hook({});
    town.reopen();
    expect_healthy(town);
    must(purge_index(town.workspace(), "harbour", town.progress));
    EXPECT_TRUE(files_with(town, Town::kTide).empty()) << step;
    EXPECT_EQ(trace(town, Town::kKnot).contributors.at(0).name, "jonas") << step;
    expect_healthy(town);
    if (done) break;
  }
}

// What is built for disk stays so; and the index, whose segments have two layouts, answers as before.
TEST(Purge, KeepsTheLayoutOfWhatItWritesAgain) {
  Town town;
  town.settle_in();
  const auto expected = trace(town, Town::kKnot);
  must(town.contribute_rows("harbour", row("rope", "ada", "A rope that is coiled against its lay has its revenge.") +
                                           row("hull", "ada", "What grows below the water is paid for above it.")));
  const auto built = must(build_index(town.workspace(), "harbour", town.progress, {.for_disk = true}));
  EXPECT_TRUE(std::ranges::any_of(built.segments, &SegmentView::is_for_disk));
  EXPECT_EQ(trace(town, Town::kKnot).spans.size(), expected.spans.size());
  must(withdraw_contributions(town.workspace(), "harbour", {"rope"}));
  ASSERT_GE(must(purge_index(town.workspace(), "harbour", town.progress)).rewritten_segment_count, 1U);
  const auto purged = must(show_index(town.workspace(), "harbour"));
  EXPECT_TRUE(std::ranges::any_of(purged.segments, &SegmentView::is_for_disk));
  EXPECT_TRUE(files_with(town, "revenge").empty());
  expect_healthy(town);
}

}  // namespace
}  // namespace tribute::usecase
