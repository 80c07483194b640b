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
  const auto table = must(audit_attacks(town.workspace(), "m", {.answers = 3}));
  EXPECT_GE(table.size(), 16U);
  const auto copy = std::ranges::find(table, "copy", &attacks::Row::attack);
  ASSERT_NE(copy, table.end());
  EXPECT_EQ(copy->gain_permille(), 0);
  EXPECT_EQ(must(audit_attacks(town.workspace(), "m", {.answers = 3})), table) << "the same seed, the same table";
  EXPECT_EQ(audit_attacks(town.workspace(), "n", {}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace tribute::usecase
