#include "usecase/contributions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

// Three contributions that wait for approval.
class Contributions : public ::testing::Test {
 protected:
  Contributions() {
    must(create_datanet(town_.workspace(), {.name = "d", .needs_approval = true}));
    must(town_.contribute_rows(
        "d", row("a", "ada", "first text") + row("b", "ada", "second text") + row("c", "bob", "third text")));
  }

  std::vector<std::string> states() {
    std::vector<std::string> result;
    for (const auto& view : must(list_contributions(town_.workspace(), {.datanet = "d"}))) result.push_back(view.state);
    return result;
  }

  Town town_;
};

TEST_F(Contributions, WaitForApprovalAndAreInNoIndexBefore) {
  EXPECT_EQ(states(), (std::vector<std::string>{"pending", "pending", "pending"}));
  const auto refused = build_index(town_.workspace(), "d", town_.progress);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::failed_precondition);
  must(approve_contributions(town_.workspace(), "d", {"c", "a"}));
  must(reject_contributions(town_.workspace(), "d", {"b"}));
  EXPECT_EQ(states(), (std::vector<std::string>{"approved", "rejected", "approved"}));
  EXPECT_EQ(town_.build("d").live_documents, 2U);
}

TEST_F(Contributions, DecisionsAreMadeOnceAndAllOrNone) {
  must(approve_contributions(town_.workspace(), "d", {"a"}));
  const uint64_t size = town_.workspace().log().published().size;
  for (const auto& ids : {std::vector<std::string>{"b", "a"}, std::vector<std::string>{"b", "nowhere"},
                          std::vector<std::string>{"b", "b"}}) {
    const auto refused = approve_contributions(town_.workspace(), "d", ids);
    ASSERT_FALSE(refused.has_value());
    EXPECT_THAT(refused.error().message, HasSubstr("'" + ids.back() + "'"));
    EXPECT_EQ(states(), (std::vector<std::string>{"approved", "pending", "pending"}));
  }
  EXPECT_EQ(town_.workspace().log().published().size, size);
}

TEST_F(Contributions, AreWithdrawnOnceForGood) {
  must(approve_contributions(town_.workspace(), "d", {"a", "b"}));
  const auto gone = must(withdraw_contributions(town_.workspace(), "d", {"a", "c"}));
  EXPECT_EQ(gone[0].state, "withdrawn");
  EXPECT_EQ(states(), (std::vector<std::string>{"withdrawn", "approved", "withdrawn"}));
  EXPECT_EQ(withdraw_contributions(town_.workspace(), "d", {"a"}).error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(approve_contributions(town_.workspace(), "d", {"c"}).error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(town_.build("d").live_documents, 1U);
}

TEST_F(Contributions, ListsByStateContributorAndPage) {
  must(approve_contributions(town_.workspace(), "d", {"b"}));
  const auto ids = [&](const ContributionFilter& filter) {
    std::string text;
    for (const auto& view : must(list_contributions(town_.workspace(), filter))) text += view.id;
    return text;
  };
  EXPECT_EQ(ids({.datanet = "d", .state = "pending"}), "ac");
  EXPECT_EQ(ids({.datanet = "d", .contributor = "ada"}), "ab");
  EXPECT_EQ(ids({.datanet = "d", .limit = 1, .offset = 1}), "b");
  EXPECT_EQ(must(pending_ids(town_.workspace(), "d")), (std::vector<std::string>{"a", "c"}));
  EXPECT_EQ(list_contributions(town_.workspace(), {.datanet = "d", .state = "lost"}).error().code,
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace tribute::usecase
