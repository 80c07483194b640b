// What entries say of near duplicates, by an honest operator and by others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "audit/testing/day.h"

namespace tribute::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kText =
    "The lighthouse keeper wrote the weather down every evening for thirty years, and when they asked him what he had "
    "learned, he said that the sea does not repeat itself, but that it has a small vocabulary.";

// The text with its last `count` characters replaced: the more, the less alike.
std::string with_other_end(size_t count) {
  return std::string(kText.substr(0, kText.size() - count)) + std::string(count, '#');
}

record::Contribution& contribution(Day& day, EntryIndex entry) { return day.op.body<record::Contribution>(entry); }

EntryIndex approved(Day& day, const std::string& text) {
  const EntryIndex entry = day.op.contribute(day.essays, day.cleo, text);
  day.op.decide(entry, true);
  return entry;
}

// 32 is the first, 34 is nearly the same, 36 nearly repeats both, 38 is alike to a half.
void contribute_four(Day& day) {
  for (const size_t count : {0U, 8U, 10U, 60U}) approved(day, with_other_end(count));
}

uint64_t count_of(const std::vector<Count>& counts, std::string_view what) {
  const auto found = std::ranges::find(counts, what, &Count::what);
  return found == counts.end() ? 0 : found->count;
}

const std::vector<Deed> kNearDuplicateDeeds = {
    {"ANearDuplicateIsNotSaid",
     [](Day& day) {
       contribute_four(day);
       contribution(day, EntryIndex(34)).near_duplicate_of.reset();
       day.op.build_index(day.essays);
     },
     {"near_duplicate | entry 34 | near_duplicate_of is none, the first near duplicate is datapoint 32 ("}},
    {"ANearDuplicateOfTheSameTextIsNotSaid",
     [](Day& day) { contribution(day, day.tide_again).near_duplicate_of.reset(); },
     {"near_duplicate | entry 14 | near_duplicate_of is none, the first near duplicate is datapoint 12 ("}},
    {"ANearDuplicateIsNotTheFirst",
     [](Day& day) {
       contribute_four(day);
       contribution(day, EntryIndex(36)).near_duplicate_of = EntryIndex(34);
       day.op.build_index(day.essays);
     },
     {"near_duplicate | entry 36 | near_duplicate_of is datapoint 34 ("}},
    {"ANearDuplicateIsNotAlikeEnough",
     [](Day& day) {
       contribute_four(day);
       contribution(day, EntryIndex(38)).near_duplicate_of = EntryIndex(32);
       day.op.build_index(day.essays);
     },
     {"near_duplicate | entry 38 | near_duplicate_of is datapoint 32 ("}},
    {"ANearDuplicateIsOfAnEarlierTextThatIsUnlike",
     [](Day& day) {
       contribute_four(day);
       contribution(day, EntryIndex(34)).near_duplicate_of = day.bridge;
       day.op.build_index(day.essays);
     },
     {"near_duplicate | entry 34 | near_duplicate_of is datapoint 6 (22 thousandths alike), the first near duplicate "
      "is "
      "datapoint 32 ("}},
    {"ANearDuplicateIsToCome",
     [](Day& day) {
       contribute_four(day);
       contribution(day, EntryIndex(32)).near_duplicate_of = EntryIndex(34);
       day.op.build_index(day.essays);
     },
     {"reference | entry 32 | near_duplicate_of names entry 34, which is not before it",
      "near_duplicate | entry 32 | near_duplicate_of is datapoint 34 ("}},
    {"ANearDuplicateOfAWithdrawnDatapointIsSaid",
     [](Day& day) {
       const EntryIndex first = approved(day, with_other_end(0));
       day.op.build_index(day.essays);
       day.op.withdraw(first);
       contribution(day, approved(day, with_other_end(8))).near_duplicate_of = first;
       day.op.build_index(day.essays);
     },
     {"reference | entry 36 | near_duplicate_of names datapoint 32, withdrawn by entry 35",
      "near_duplicate | entry 36 | near_duplicate_of is datapoint 32 ("}},
};

INSTANTIATE_TEST_SUITE_P(NearDuplicates, DishonestOperator, testing::ValuesIn(kNearDuplicateDeeds), name_of_deed);

TEST(NearDuplicateAudit, AFindingSaysHowAlikeTheyAre) {
  Day day;
  contribute_four(day);
  contribution(day, EntryIndex(36)).near_duplicate_of = EntryIndex(34);
  day.op.build_index(day.essays);
  EXPECT_THAT(findings(audited(*day.op.publish())),
              ElementsAre("near_duplicate | entry 36 | near_duplicate_of is datapoint 34 (948 thousandths alike), the "
                          "first near duplicate is datapoint 32 (924 thousandths alike)"));
}

// Pending ones may be named, rejected and withdrawn ones not; of DataNets without the sealed folder nothing is known.
TEST(NearDuplicateAudit, AnHonestOperatorIsRight) {
  Day day;
  const EntryIndex rejected = day.op.contribute(day.essays, day.ann, with_other_end(0));
  day.op.decide(rejected, false);
  const EntryIndex waiting = day.op.contribute(day.essays, day.ann, with_other_end(2));
  const EntryIndex near = approved(day, with_other_end(4));
  EXPECT_EQ(contribution(day, near).near_duplicate_of, waiting);
  day.op.decide(waiting, true);
  day.op.build_index(day.essays);
  day.op.withdraw(waiting);
  EXPECT_EQ(contribution(day, approved(day, with_other_end(6))).near_duplicate_of, near);
  day.op.build_index(day.essays);
  const auto files = day.op.publish();
  for (const bool independent : {false, true}) {
    const Report report = audited(*files, {.independent = independent});
    EXPECT_THAT(findings(report), IsEmpty());
    EXPECT_EQ(count_of(report.checked, "near duplicates"), 10U);
    EXPECT_EQ(count_of(report.unchecked, "near duplicates of contributions whose text is in no segment"), 2U);
  }
  EXPECT_EQ(count_of(audited(*files, {.with_sealed = false}).checked, "near duplicates"), 4U);
}

TEST(NearDuplicateAudit, OfAnErasedTextItIsNotChecked) {
  Day day;
  const EntryIndex first = day.op.contribute(day.notes, day.ann, with_other_end(0));
  const EntryIndex second = day.op.contribute(day.notes, day.ben, with_other_end(8));
  day.op.decide(second, true);
  const EntryIndex index = day.op.build_index(day.notes);
  EXPECT_EQ(contribution(day, second).near_duplicate_of, first);
  day.op.withdraw(first);
  day.op.purge(index);
  const Report report = audited(*day.op.publish());
  EXPECT_THAT(findings(report), IsEmpty());
  EXPECT_EQ(count_of(report.unchecked, "near duplicates of datapoints whose text is in no segment"), 1U);
}

// Families of texts, decided and withdrawn at random: both methods find exactly the entries that were falsified.
TEST(NearDuplicateAudit, BothMethodsFindWhatWasFalsified) {
  std::mt19937_64 random(11);
  size_t said = 0;
  int64_t found = 0;
  for (int round = 0; round < 6; ++round) {
    Day day;
    std::vector<std::string> stems;
    for (int i = 0; i < 3; ++i) {
      stems.emplace_back();
      for (int k = 0; k < 300; ++k) stems.back() += static_cast<char>('a' + random() % 26);
    }
    std::vector<EntryIndex> entries;
    std::set<EntryIndex> withdrawn;
    for (int i = 0; i < 24; ++i) {
      std::string text = stems[random() % stems.size()];
      for (size_t edits = random() % 12; edits > 0; --edits) text[random() % text.size()] = '#';
      entries.push_back(day.op.contribute(day.essays, day.cleo, text));
      if (random() % 4 != 0) day.op.decide(entries.back(), random() % 5 != 0);
      const EntryIndex unwanted = entries[random() % entries.size()];
      if (random() % 6 == 0 && withdrawn.insert(unwanted).second) day.op.withdraw(unwanted);
      if (random() % 6 == 0) day.op.build_index(day.essays);
      said += contribution(day, entries.back()).near_duplicate_of ? 1 : 0;
    }
    day.op.build_index(day.essays);
    EXPECT_THAT(findings(audited(*day.op.publish())), IsEmpty()) << round;
    auto& falsified = contribution(day, entries[random() % entries.size()]).near_duplicate_of;
    falsified = falsified ? std::nullopt : std::optional(day.bridge);
    const auto files = day.op.publish();
    const auto by_bands = findings(audited(*files));
    EXPECT_EQ(by_bands, findings(audited(*files, {.independent = true})));
    const auto is_near = [](const std::string& line) { return line.starts_with("near_duplicate"); };
    EXPECT_LE(std::ranges::count_if(by_bands, is_near), 1);
    found += std::ranges::count_if(by_bands, is_near);
  }
  EXPECT_GT(said, 30U);
  EXPECT_GT(found, 2);
}

}  // namespace
}  // namespace tribute::audit
