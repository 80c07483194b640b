#include "cli/contribution_details.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/testing/shell.h"

namespace tribute::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::Shell;

// "gated" asks for approval and has an index of "tide" and "knot".
class ContributionShow : public ::testing::Test {
 protected:
  ContributionShow() {
    shell_.must({"init", "--tokenizer", "bytes"});
    shell_.must({"datanet", "create", "gated"});
    contribute("tide", Shell::kTide);
    contribute("knot", Shell::kKnot);
  }

  void contribute(std::string_view id, std::string_view text) {
    shell_.run({"contribute", "gated", "-"}, Shell::row(id, id == "knot" ? "jonas" : "ada", text));
  }
  void index() {
    shell_.must({"contribution", "approve", "gated", "tide", "knot"});
    shell_.must({"index", "build", "gated"});
  }

  Shell shell_;
};

TEST_F(ContributionShow, ShowsTheLongestPassagesFirst) {
  index();
  contribute("copy", "Old hands say: " + std::string(Shell::kKnot) + " " + std::string(Shell::kTide.substr(0, 30)));
  const std::string text = shell_.must({"contribution", "show", "gated", "copy"});
  EXPECT_THAT(text, AllOf(HasSubstr("copy  (entry "), HasSubstr("contributor      ada, not signed\n"),
                          HasSubstr("state            pending\n"), HasSubstr("nearly repeats   nothing\n")));
  EXPECT_THAT(text,
              HasSubstr("Shares 117 of its 133 tokens (88.0%) with earlier datapoints of gated, in 2 passages of "
                        "20 tokens or more\n"
                        "   1. 87 tokens (15–102, from byte 15), first in knot, On knot (jonas, entry 4)\n"
                        "      “A bowline holds under any load and comes undone with two fingers when the load is "
                        "gone.”\n"
                        "   2. 30 tokens (103–133, from byte 103), first in tide, On tide (ada, entry 2)\n"
                        "      “The tide turns slowly at first”\n"));
  shell_.surroundings.columns = 40;
  const std::string one = shell_.must({"contribution", "show", "gated", "copy", "--passages", "1"});
  EXPECT_THAT(one, AllOf(HasSubstr("      “A bowline holds …  load is gone.”\n"),
                         HasSubstr("… 1 shorter passage more (--passages)\n"), Not(HasSubstr("2. 30"))));
  EXPECT_THAT(shell_.must({"contribution", "show", "gated", "copy", "--min-tokens", "88"}),
              HasSubstr("Shares no passage of 88 tokens or more with an earlier datapoint of gated\n"));
}

TEST_F(ContributionShow, IsJson) {
  index();
  contribute("copy", Shell::kTide);
  const json shown = shell_.json({"contribution", "show", "gated", "copy", "tide"});
  ASSERT_EQ(shown["count"], 2);
  const json& copy = shown["contributions"][0];
  EXPECT_EQ(copy["id"], "copy");
  EXPECT_EQ(copy["duplicate_of"], copy["duplicate"]["entry"]);
  EXPECT_EQ(copy["near_duplicate"]["similarity_permille"], 1'000);
  EXPECT_EQ(copy["shared"]["covered_token_count"], Shell::kTide.size());
  EXPECT_EQ(copy["shared"]["passages"][0]["text"], Shell::kTide);
  EXPECT_EQ(copy["shared"]["passages"][0]["datapoint"]["contributor"], "ada");
  EXPECT_EQ(shown["contributions"][1]["shared"]["passages"], json::array());
  EXPECT_EQ(shown["contributions"][1]["duplicate"], nullptr);
}

TEST_F(ContributionShow, SaysWhatWasNotSearched) {
  contribute("copy", Shell::kTide);
  EXPECT_THAT(shell_.must({"contribution", "show", "gated", "copy"}),
              AllOf(HasSubstr("nearly repeats   tide, On tide (ada, entry 2), pending, 100.0% alike\n"),
                    HasSubstr("gated has no index, so that shared passages cannot be found: `tribute index build "
                              "gated`\n")));
  EXPECT_EQ(shell_.json({"contribution", "show", "gated", "copy"})["contributions"][0]["shared"], nullptr);
  shell_.must({"contribution", "approve", "gated", "knot"});
  shell_.must({"index", "build", "gated"});
  contribute("late", "Something else");
  EXPECT_THAT(shell_.must({"contribution", "show", "gated", "late"}),
              HasSubstr("Not searched: 2 earlier contributions that wait for approval\n"));
  shell_.must({"contribution", "approve", "gated", "tide"});
  EXPECT_THAT(shell_.must({"contribution", "show", "gated", "late"}),
              HasSubstr("Not searched: 1 earlier datapoint that came after the index (`tribute index build gated`) and "
                        "1 earlier contribution that waits for approval\n"));
  shell_.must({"withdraw", "gated", "copy"});
  shell_.must({"index", "purge", "gated"});
  EXPECT_THAT(shell_.must({"contribution", "show", "gated", "copy"}), HasSubstr("Its text is erased"));
}

TEST_F(ContributionShow, TextOfStrangersIsShownNotObeyed) {
  index();
  contribute("red", R"(\u001b[31mThe red text of a stranger\nover two lines)");
  shell_.must({"contribution", "approve", "gated", "red"});
  shell_.must({"index", "build", "gated"});
  contribute("copy", R"(\u001b[31mThe red text of a stranger\nover two lines)");
  EXPECT_THAT(shell_.must({"contribution", "show", "gated", "copy"}),
              HasSubstr("“␛[31mThe red text of a stranger␊over two lines”\n"));
}

TEST_F(ContributionShow, TheListOfPendingOnesNamesIt) {
  EXPECT_THAT(shell_.run({"contribution", "list", "gated"}).err,
              HasSubstr("`tribute contribution show gated ID` shows"));
  index();
  EXPECT_EQ(shell_.run({"contribution", "list", "gated"}).err, "");
}

TEST_F(ContributionShow, BadInputIsOneLine) {
  const auto expect_error = [&](std::vector<std::string> arguments, const std::string& part) {
    arguments.insert(arguments.begin(), {"contribution", "show"});
    const Outcome outcome = shell_.run(arguments);
    EXPECT_EQ(outcome.exit, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr(part));
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  };
  expect_error({"nowhere", "tide"}, "nowhere");
  expect_error({"gated"}, "ID");
  expect_error({"gated", "tide", "absent"}, "DataNet 'gated' has no contribution 'absent'");
  expect_error({"gated", "tide", "--min-tokens", "0"}, "--min-tokens");
  expect_error({"gated", "tide", "--passages", "0"}, "--passages");
  expect_error({"gated", "tide", "--passages", "many"}, "--passages");
}

}  // namespace
}  // namespace tribute::cli
