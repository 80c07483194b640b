#include "usecase/audit_attacks.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using testing::must;
using testing::Town;

TEST(AuditAttacks, IsATableOfTheModelsOwnDocuments) {
  Town town;
  town.settle_in();
  const auto table = must(audit_attacks(town.workspace(), "m", {.answers = 3}, town.progress));
  EXPECT_GE(table.size(), 16U);
  const auto copy = std::ranges::find(table, "copy", &attacks::Row::attack);
  ASSERT_NE(copy, table.end());
  EXPECT_EQ(copy->gain_permille(), 0);
  EXPECT_EQ(must(audit_attacks(town.workspace(), "m", {.answers = 3}, town.progress)), table) << "the same seed";
  EXPECT_EQ(audit_attacks(town.workspace(), "n", {}, town.progress).error().code, ErrorCode::not_found);
}

// Asks to stop after two attacks.
class Stopping final : public workspace::Progress {
 public:
  void begin(std::string_view /*stage*/, uint64_t count, std::string_view /*unit*/) override { total = count; }
  void advance(uint64_t count) override { done = count; }
  void end() override { ended = true; }
  bool stop_requested() override { return done == 2; }

  uint64_t total = 0;
  uint64_t done = 0;
  bool ended = false;
};

TEST(AuditAttacks, TellsHowFarItIsAndStops) {
  Town town;
  town.settle_in();
  Stopping progress;
  const auto table = audit_attacks(town.workspace(), "m", {.answers = 1}, progress);
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().code, ErrorCode::cancelled);
  EXPECT_GE(progress.total, 16U);
  EXPECT_EQ(progress.done, 2U);
  EXPECT_TRUE(progress.ended);
}

}  // namespace
}  // namespace tribute::usecase
