#include "audit/history.h"

#include <gtest/gtest.h>

namespace tribute::audit {
namespace {

TEST(History, ADatapointIsLiveFromItsEntryToItsWithdrawal) {
  ContributionFacts open{.entry = EntryIndex(5)};
  EXPECT_FALSE(is_live_at(open, 5));
  EXPECT_TRUE(is_live_at(open, 6));
  open.withdrawn_at = EntryIndex(8);
  EXPECT_TRUE(is_live_at(open, 8));
  EXPECT_FALSE(is_live_at(open, 9));
}

TEST(History, WhereApprovalIsNeededItIsLiveFromItsApproval) {
  ContributionFacts held{.entry = EntryIndex(5), .needs_approval = true};
  EXPECT_FALSE(is_live_at(held, 100));
  held.decided_at = EntryIndex(7);
  EXPECT_FALSE(is_live_at(held, 100)) << "it was turned away";
  held.approved = true;
  EXPECT_FALSE(is_live_at(held, 7));
  EXPECT_TRUE(is_live_at(held, 8));
}

TEST(History, ASuccessorHoldsWhatItsFirstManifestHeldLessWhatWasWithdrawn) {
  ManifestFacts successor;
  successor.manifest.log_size = 20;
  successor.base_log_size = 10;
  EXPECT_TRUE(belongs_to(successor, {.entry = EntryIndex(9)}));
  EXPECT_FALSE(belongs_to(successor, {.entry = EntryIndex(12)})) << "contributed since";
  EXPECT_FALSE(belongs_to(successor, {.entry = EntryIndex(9), .withdrawn_at = EntryIndex(15)}));
  EXPECT_TRUE(belongs_to(successor, {.entry = EntryIndex(9), .withdrawn_at = EntryIndex(20)}));
  EXPECT_FALSE(belongs_to(successor, {.entry = EntryIndex(9), .datanet = EntryIndex(1)})) << "of another DataNet";
}

TEST(History, FactsAreFoundByTheirEntry) {
  FactTable<DatanetFacts> table;
  for (const uint64_t entry : {2U, 3U, 7U}) table.add({EntryIndex(entry), {.name = std::to_string(entry)}});
  EXPECT_EQ(table.find(EntryIndex(3))->datanet.name, "3");
  EXPECT_EQ(table.find(EntryIndex(4)), nullptr);
  EXPECT_EQ(table.find(EntryIndex(8)), nullptr);
}

}  // namespace
}  // namespace tribute::audit
