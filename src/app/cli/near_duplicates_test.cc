// What `contribute` says of near duplicates, `verify` finds again from the published files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "cli/testing/shell.h"

namespace tribute::cli {
namespace {

using nlohmann::json;
using testing::Shell;

uint64_t count_of(const json& counts, const std::string& what) {
  const auto found = std::ranges::find_if(counts, [&what](const json& count) { return count["what"] == what; });
  return found == counts.end() ? 0 : found->at("count").get<uint64_t>();
}

TEST(NearDuplicatesOfADay, AreFoundAgainByTheAuditor) {
  std::mt19937_64 random(9);
  Shell shell;
  shell.must({"init", "--tokenizer", "bytes"});
  shell.must({"datanet", "create", "gated"});
  std::vector<std::string> stems(4);
  for (std::string& stem : stems) {
    for (int i = 0; i < 300; ++i) stem += static_cast<char>('a' + random() % 26);
  }
  uint64_t repeated = 0;
  uint64_t absent = 0;
  for (int day = 0; day < 6; ++day) {
    std::string rows;
    for (int i = 0; i < 8; ++i) {
      std::string text = stems[random() % stems.size()];
      for (size_t edits = random() % 12; edits > 0; --edits) text[random() % text.size()] = '#';
      rows += Shell::row(std::to_string(day) + "-" + std::to_string(i), "ada", text);
    }
    repeated += shell.json({"contribute", "gated", "-"}, rows)["repeated_count"].get<uint64_t>();
    // One is rejected for good; one is approved, indexed, and withdrawn before the next day.
    shell.must({"contribution", "reject", "gated", std::to_string(day) + "-0"});
    ++absent;
    shell.must({"contribution", "approve", "gated", "--all"});
    shell.must({"index", "build", "gated"});
    shell.must({"withdraw", "gated", std::to_string(day) + "-1"});
  }
  EXPECT_GT(repeated, 20U);
  for (const bool independent : {false, true}) {
    const json report = shell.json(independent ? std::vector<std::string>{"verify", "--independent"}
                                               : std::vector<std::string>{"verify"});
    EXPECT_EQ(report["right"], true) << report["findings"];
    EXPECT_EQ(count_of(report["unchecked"], "near duplicates of contributions whose text is in no segment"), absent);
    EXPECT_GT(count_of(report["checked"], "near duplicates"), 30U);
  }
}

}  // namespace
}  // namespace tribute::cli
