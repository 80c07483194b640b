#include "audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "audit/testing/day.h"

namespace tribute::audit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

uint64_t count_of(const std::vector<Count>& counts, std::string_view what) {
  const auto found = std::ranges::find(counts, what, &Count::what);
  return found == counts.end() ? 0 : found->count;
}

TEST(Audit, FindsNothingWrongWithAnHonestOperator) {
  const Day day;
  const auto files = day.op.publish();
  const Report report = audited(*files, {.key = day.op.key_text()});
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_EQ(exit_code(report), 0);
  EXPECT_EQ(count_of(report.checked, "entries"), report.log_size);
  EXPECT_EQ(count_of(report.checked, "manifests"), 4U);
  EXPECT_EQ(count_of(report.checked, "attributions of receipts"), 4U);
  EXPECT_EQ(count_of(report.checked, "payouts of receipts"), 4U);
  EXPECT_EQ(count_of(report.checked, "signatures of contributors"), 2U);
  EXPECT_EQ(count_of(report.checked, "near duplicates"), 7U);
  EXPECT_THAT(report.unchecked, ElementsAre(Count{"names and sources that the directory does not have", 1},
                                            Count{"near duplicates of contributions whose text is in no segment", 1}))
      << "that of the withdrawn datapoint, and the rejected one";
}

TEST(Audit, SaysWhatItCouldNotCheckWithoutTheSealedFolder) {
  const Day day;
  const auto files = day.op.publish();
  const Report report = audited(*files, {.with_sealed = false});
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_EQ(count_of(report.unchecked, "manifests of sealed DataNets, for want of the sealed folder"), 1U);
  EXPECT_EQ(count_of(report.unchecked, "bodies of sealed receipts, for want of the sealed folder"), 3U);
  EXPECT_EQ(count_of(report.checked, "payouts of receipts, contributors together"), 3U);
  EXPECT_EQ(count_of(report.checked, "attributions of receipts"), 1U);
  EXPECT_THAT(report.trusted, Contains(HasSubstr("the key in public/log/vkey")));
}

TEST(Audit, HoldsTheLogAgainstAKeptCheckpoint) {
  Day day;
  const std::string kept = contents(*day.op.publish(), "ws/public/log/checkpoint");
  day.op.add_contributor("Dora");
  const auto files = day.op.publish();
  const Report report = audited(*files, {.kept_checkpoint = kept});
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_EQ(count_of(report.checked, "kept checkpoints"), 1U);
}

TEST(Audit, VerifiesAReceiptWhoseContentWasWithdrawnAsFarAsItCan) {
  Day day;
  const EntryIndex withdrawal = day.op.withdraw(day.bridge);
  EXPECT_THAT(findings(audited(*day.op.publish())), IsEmpty()) << "the segment still holds it";
  day.op.decide(day.op.contribute(day.essays, day.cleo, "What came later is not in the old index's place."), true);
  day.op.purge(day.essays_index);
  day.op.charge(day.model, "My grandmother salted beans in a stone jar and swore that the jar did it.");
  const Report report = audited(*day.op.publish());
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_EQ(count_of(report.checked, "attributions of receipts"), 2U) << "the open one, and that of the successor";
  EXPECT_EQ(count_of(report.unchecked,
                     "attributions of receipts: content withdrawn at entry " + std::to_string(withdrawal.value())),
            3U);
  EXPECT_EQ(count_of(report.checked, "payouts of receipts"), 5U);
}

TEST(Audit, ATextWhoseFirstDatapointWasWithdrawnHasAnotherFirst) {
  Day day;
  const std::string text = "A sentence that is put in, taken out, and put in once more.";
  const EntryIndex first = day.op.contribute(day.notes, day.ann, text);
  day.op.build_index(day.notes);
  day.op.withdraw(first);
  const EntryIndex second = day.op.contribute(day.notes, day.ben, text);
  day.op.build_index(day.notes);
  EXPECT_EQ(day.op.body<record::Contribution>(second).duplicate_of, std::nullopt);
  EXPECT_THAT(findings(audited(*day.op.publish())), IsEmpty());
}

TEST(Audit, ALogOfManyTilesIsRight) {
  Day day;
  for (int i = 0; i < 600; ++i) day.op.add_contributor("Contributor " + std::to_string(i));
  EXPECT_THAT(findings(audited(*day.op.publish())), IsEmpty());
}

TEST(Audit, RefusesWhatIsNoKeyNoCheckpointAndNoLog) {
  const Day day;
  const auto files = day.op.publish();
  Options options{.public_folder = "ws/public", .key = "no key"};
  EXPECT_EQ(verify(*files, options).error().code, ErrorCode::invalid_argument);
  options = {.public_folder = "ws/public", .kept_checkpoint = "no-such-file"};
  EXPECT_EQ(verify(*files, options).error().message, "'no-such-file' is neither a checkpoint nor a file");
  EXPECT_EQ(verify(*files, {.public_folder = "ws"}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace tribute::audit
