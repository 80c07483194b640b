#include "usecase/backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usecase/doctor.h"
#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::Town;

TEST(Backup, ARestoredWorkspaceIsTheSameAndGoesOn) {
  Town town;
  town.settle_in();
  const auto receipt = must(charge(town.workspace(), Town::charge_request(std::string(Town::kTide)))).receipt;
  must(backup(town.workspace(), "/backup", town.progress));
  town.close();
  must(restore(town.environment(), "/backup", "/second", town.progress));
  const auto second = must(workspace::Workspace::open(town.environment(), "/second", "a test"));
  EXPECT_EQ(must(show_receipt(*second, receipt->id, 10)).payouts, receipt->payouts);
  EXPECT_TRUE(must(examine(*second, town.progress)).healthy());
  EXPECT_TRUE(must(charge(*second, Town::charge_request(std::string(Town::kKnot)))).receipt.has_value());
}

TEST(Backup, WritesIntoFreshFoldersOnly) {
  Town town;
  town.settle_in();
  EXPECT_EQ(backup(town.workspace(), Town::kFolder, town.progress).error().code, ErrorCode::already_exists);
  EXPECT_EQ(restore(town.environment(), "/nowhere", "/second", town.progress).error().code, ErrorCode::not_found);
  EXPECT_EQ(restore(town.environment(), Town::kFolder, "/second", town.progress).error().code, ErrorCode::unavailable)
      << "a workspace at work is no backup";
}

TEST(Backup, IsNotMadeInsideAWorkspace) {
  Town town;
  town.settle_in();
  const uint64_t files = town.files.list(town.workspace().layout().public_folder())->size();
  for (const std::string inside : {"/town/backup", "/town/public/a/b"}) {
    const auto made = backup(town.workspace(), inside, town.progress);
    ASSERT_FALSE(made.has_value()) << inside;
    EXPECT_THAT(made.error().message, HasSubstr("lies inside the workspace /town"));
    EXPECT_FALSE(must(town.files.exists(inside)));
  }
  EXPECT_EQ(town.files.list(town.workspace().layout().public_folder())->size(), files);
  must(backup(town.workspace(), "/backup", town.progress));
  town.close();
  const auto restored = restore(town.environment(), "/backup", "/town/public/again", town.progress);
  ASSERT_FALSE(restored.has_value());
  EXPECT_EQ(restored.error().code, ErrorCode::invalid_argument);
}

TEST(Backup, AnOlderDatabaseBesideANewerLogIsRefused) {
  Town town;
  town.settle_in();
  must(backup(town.workspace(), "/backup", town.progress));
  must(charge(town.workspace(), Town::charge_request(std::string(Town::kTide))));
  town.close();
  must(io::copy_file(town.files, "/backup/tribute.db", "/town/tribute.db"));
  if (must(town.files.exists("/town/tribute.db-wal"))) must(town.files.remove("/town/tribute.db-wal"));
  const auto opened = workspace::Workspace::open(town.environment(), Town::kFolder, "a test");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(opened.error().message, HasSubstr("older"));
}

}  // namespace
}  // namespace tribute::usecase
