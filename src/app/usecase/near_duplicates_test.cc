#include "usecase/near_duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "usecase/contributions.h"
#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

// Letters, so that a token is one of few bytes and a text is told apart by what follows what.
std::string random_text(std::mt19937_64& random, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) text.push_back(static_cast<char>('a' + random() % 26));
  return text;
}

std::string edited(std::mt19937_64& random, std::string text, size_t edits) {
  for (; edits > 0; --edits) text[random() % text.size()] = static_cast<char>('A' + random() % 26);
  return text;
}

uint32_t similarity(const std::string& a, const std::string& b) {
  std::vector<std::vector<TokenId>> tokens(2);
  for (const char c : a) tokens[0].emplace_back(static_cast<uint8_t>(c));
  for (const char c : b) tokens[1].emplace_back(static_cast<uint8_t>(c));
  return neardup::jaccard_permille(neardup::ShingleSet(tokens[0]), neardup::ShingleSet(tokens[1]));
}

std::optional<EntryIndex> near_duplicate_of(Town& town, const std::string& id) {
  auto sql = must(town.workspace().database().begin());
  const auto datanet = must(datanet::find_datanet(sql, "d"));
  return must(datanet::find_contribution(sql, datanet->entry, id))->near_duplicate_of;
}

// Each datapoint names the lowest earlier one that is at least 800 thousandths like it, by comparing all pairs.
// The sketches miss one pair in some thousands; of these there is none.
TEST(NearDuplicates, AreTheFirstsOfAllPairs) {
  std::mt19937_64 random(5);
  Town town;
  must(io::write_file_atomically(town.files, "/town/tribute.toml", "batch_documents = 7\n"));
  town.reopen();
  town.create("d");
  std::vector<std::string> texts;
  std::vector<std::string> stems;
  for (int i = 0; i < 5; ++i) stems.push_back(random_text(random, 400));
  for (int i = 0; i < 60; ++i) texts.push_back(edited(random, stems[random() % stems.size()], random() % 14));
  std::string rows;
  for (size_t i = 0; i < texts.size(); ++i) rows += row(std::to_string(i), "ada", texts[i]);
  const auto report = must(town.contribute_rows("d", rows));
  std::map<size_t, std::optional<size_t>> expected;
  size_t repeated = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (size_t j = 0; j < i && !expected[i]; ++j) {
      if (similarity(texts[i], texts[j]) >= 800) expected[i] = j;
    }
    repeated += expected[i] ? 1 : 0;
  }
  EXPECT_GT(repeated, 20U);
  EXPECT_LT(repeated, 55U);
  EXPECT_EQ(report.repeated_count, repeated);
  for (const auto& told : report.repeated) {
    const size_t i = std::stoul(told.id);
    ASSERT_TRUE(expected[i].has_value()) << i;
    EXPECT_EQ(told.original_id, std::to_string(*expected[i])) << i;
    EXPECT_EQ(told.similarity_permille, similarity(texts[i], texts[*expected[i]])) << i;
    EXPECT_EQ(near_duplicate_of(town, told.id), told.original);
  }
}

TEST(NearDuplicates, TheWithdrawnAndRejectedAreNotRepeated) {
  std::mt19937_64 random(6);
  Town town;
  must(create_datanet(town.workspace(), {.name = "d", .needs_approval = true}));
  const std::string text = random_text(random, 300);
  const std::string other = random_text(random, 300);
  must(town.contribute_rows("d",
                            row("a", "ada", text) + row("b", "ada", edited(random, text, 2)) + row("x", "ada", other)));
  must(approve_contributions(town.workspace(), "d", {"a"}));
  must(withdraw_contributions(town.workspace(), "d", {"a"}));
  must(reject_contributions(town.workspace(), "d", {"x"}));
  const auto report = must(town.contribute_rows("d", row("c", "bob", text) + row("y", "bob", other)));
  ASSERT_EQ(report.repeated.size(), 1U);
  EXPECT_EQ(report.repeated[0].id, "c");
  EXPECT_EQ(report.repeated[0].original_id, "b") << "pending, the first that is left";
}

TEST(NearDuplicates, AreHeldOrRefusedByPolicy) {
  std::mt19937_64 random(8);
  Town town;
  const std::string text = random_text(random, 300);
  const std::string rows = row("a", "ada", text) + row("b", "magpie", edited(random, text, 3));
  must(create_datanet(town.workspace(),
                      {.name = "holding", .needs_approval = false, .near_duplicates = record::NearDuplicates::hold}));
  must(
      create_datanet(town.workspace(),
                     {.name = "refusing", .needs_approval = false, .near_duplicates = record::NearDuplicates::refuse}));
  const auto held = must(town.contribute_rows("holding", rows));
  EXPECT_EQ(held.added_count, 2U);
  EXPECT_EQ(held.pending_count, 1U);
  const auto refused = must(town.contribute_rows("refusing", rows));
  EXPECT_EQ(refused.added_count, 1U);
  ASSERT_EQ(refused.bad_rows.size(), 1U);
  EXPECT_THAT(refused.bad_rows[0].message, HasSubstr("‰ of 'a'"));
}

TEST(NearDuplicates, AreFoundAcrossBatchesRunsAndStrictOnes) {
  std::mt19937_64 random(9);
  const std::string text = random_text(random, 300);
  const std::string rows =
      row("a", "ada", text) + row("b", "bob", edited(random, text, 1)) + row("c", "cem", edited(random, text, 1));
  for (const bool strict : {false, true}) {
    Town town;
    must(io::write_file_atomically(town.files, "/town/tribute.toml", "batch_documents = 1\n"));
    town.reopen();
    town.create("d");
    const auto report = must(town.contribute_rows("d", rows, {.strict = strict}));
    EXPECT_EQ(report.repeated_count, 2U);
    town.reopen();
    const auto later = must(town.contribute_rows("d", row("e", "eva", edited(random, text, 2)), {.strict = strict}));
    ASSERT_EQ(later.repeated.size(), 1U);
    EXPECT_EQ(later.repeated[0].original_id, "a");
  }
}

}  // namespace
}  // namespace tribute::usecase
