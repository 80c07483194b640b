#include "usecase/earlier_passages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usecase/contributions.h"
#include "usecase/purge.h"
#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

// A DataNet "d" that asks for approval; a token is a byte.
class EarlierPassagesTest : public ::testing::Test {
 protected:
  EarlierPassagesTest() {
    must(create_datanet(town_.workspace(), {.name = "d", .needs_approval = true}));
    contribute("tide", kTide);
    contribute("knot", kKnot);
  }

  void contribute(std::string_view id, const std::string& text) {
    must(town_.contribute_rows("d", row(id, id == "knot" ? "jonas" : "ada", text)));
  }
  void approve(const std::string& id) { must(approve_contributions(town_.workspace(), "d", {id})); }

  ContributionDetails show(const std::string& id, const PassageLimits& limits = {}) {
    return must(show_contributions(town_.workspace(), "d", {id}, limits)).front();
  }

  // "id:begin-end" of every passage listed.
  static std::string passages_of(const ContributionDetails& details) {
    std::string text;
    for (const auto& passage : details.passages.value().longest) {
      text += (text.empty() ? "" : " ") + passage.id + ":" + std::to_string(passage.begin) + "-" +
              std::to_string(passage.end);
    }
    return text;
  }

  Town town_;
  const std::string kTide = std::string(Town::kTide);
  const std::string kKnot = std::string(Town::kKnot);
};

TEST_F(EarlierPassagesTest, APendingOneIsComparedWithWhatIsIndexed) {
  approve("tide");
  approve("knot");
  const IndexView index = town_.build("d");
  contribute("copy", "Old hands say: " + kKnot + " And: " + kTide.substr(4, 30) + "!");
  const auto details = show("copy");
  EXPECT_EQ(details.contribution.state, "pending");
  EXPECT_TRUE(details.has_index);
  const auto& passages = details.passages.value();
  EXPECT_EQ(passages.manifest, index.entry);
  EXPECT_EQ(passages.min_tokens, 20U);
  const size_t tide_at = 15 + kKnot.size() + 6;
  EXPECT_EQ(passages_of(details), "knot:15-" + std::to_string(15 + kKnot.size()) +
                                      " tide:" + std::to_string(tide_at - 1) + "-" + std::to_string(tide_at + 30))
      << "the space before it is shared too";
  EXPECT_EQ(passages.covered_token_count, kKnot.size() + 31);
  EXPECT_EQ(passages.longest[0].text, kKnot);
  EXPECT_EQ(passages.longest[0].begin_byte, 15U);
  EXPECT_EQ(passages.longest[0].contributor, "jonas");
  EXPECT_EQ(passages.longest[0].title, "On knot");
  EXPECT_EQ(details.unsearched.unindexed_count + details.unsearched.pending_count, 0U);
  EXPECT_EQ(passages_of(show("copy", {.passages = 1})), "knot:15-" + std::to_string(15 + kKnot.size()));
  EXPECT_EQ(show("copy", {.passages = 1}).passages->passage_count, 2U);
  EXPECT_EQ(show("copy", {.min_tokens = 32}).passages->passage_count, 1U);
}

TEST_F(EarlierPassagesTest, OnlyEarlierOnesCountAndNotItself) {
  contribute("copy", kTide);
  for (const std::string id : {"copy", "tide", "knot"}) approve(id);
  town_.build("d");
  EXPECT_EQ(passages_of(show("tide")), "");
  EXPECT_EQ(passages_of(show("copy")), "tide:0-" + std::to_string(kTide.size()));
  const auto details = show("copy");
  EXPECT_EQ(details.duplicate_of->id, "tide");
  EXPECT_EQ(details.near_duplicate_of->similarity_permille, 1'000U);
  EXPECT_EQ(details.near_duplicate_of->contributor, "ada");
  EXPECT_FALSE(show("knot").near_duplicate_of.has_value());
}

TEST_F(EarlierPassagesTest, OfThisDatanetAlone) {
  town_.create("other");
  must(town_.contribute_rows("other", row("sky", "public", Town::kSky)));
  town_.build("other");
  approve("tide");
  town_.build("d");
  contribute("copy", std::string(Town::kSky));
  EXPECT_EQ(show("copy").passages->passage_count, 0U);
}

TEST_F(EarlierPassagesTest, AGuardsDatapointsAreFoundToo) {
  town_.create("commons", record::Role::guard);
  must(town_.contribute_rows("commons", row("sky", "public", Town::kSky)));
  town_.build("commons");
  must(town_.contribute_rows("commons", row("again", "public", Town::kSky)));
  const auto details = must(show_contributions(town_.workspace(), "commons", {"again"}, {})).front();
  EXPECT_EQ(passages_of(details), "sky:0-" + std::to_string(Town::kSky.size()));
}

TEST_F(EarlierPassagesTest, WhatIsNotSearchedIsCounted) {
  contribute("copy", kTide);
  auto details = show("copy");
  EXPECT_FALSE(details.has_index);
  EXPECT_FALSE(details.passages.has_value());
  EXPECT_EQ(details.near_duplicate_of->id, "tide");
  EXPECT_EQ(details.unsearched.pending_count, 2U);
  approve("knot");
  town_.build("d");
  approve("tide");
  details = show("copy");
  EXPECT_EQ(passages_of(details), "");
  EXPECT_EQ(details.unsearched.unindexed_count, 1U);
  EXPECT_EQ(details.unsearched.pending_count, 0U);
  town_.build("d");
  EXPECT_EQ(passages_of(show("copy")), "tide:0-" + std::to_string(kTide.size()));
  EXPECT_EQ(show("copy").unsearched.unindexed_count, 0U);
}

TEST_F(EarlierPassagesTest, TheWithdrawnIsNotFoundAndTheErasedNotRead) {
  for (const std::string id : {"tide", "knot"}) approve(id);
  town_.build("d");
  contribute("copy", kTide);
  must(withdraw_contributions(town_.workspace(), "d", {"tide"}));
  EXPECT_EQ(passages_of(show("copy")), "") << "though the index has it";
  EXPECT_EQ(show("tide").is_erased, false);
  must(purge_index(town_.workspace(), "d", town_.progress));
  EXPECT_EQ(show("tide").is_erased, true);
  EXPECT_FALSE(show("tide").passages.has_value());
  EXPECT_EQ(show("copy").near_duplicate_of->id, "tide");
  must(withdraw_contributions(town_.workspace(), "d", {"copy"}));
  must(purge_index(town_.workspace(), "d", town_.progress));
  EXPECT_EQ(show("copy").near_duplicate_of->similarity_permille, std::nullopt);
}

TEST_F(EarlierPassagesTest, NamesWhatIsNotThere) {
  const auto unknown = show_contributions(town_.workspace(), "d", {"tide", "absent"}, {});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
  EXPECT_THAT(unknown.error().message, HasSubstr("no contribution 'absent'"));
  EXPECT_EQ(show_contributions(town_.workspace(), "nowhere", {"tide"}, {}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace tribute::usecase
