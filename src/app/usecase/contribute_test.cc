#include "usecase/contribute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "usecase/contributions.h"
#include "usecase/contributors.h"
#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

TEST(Contribute, TakesRowsInOrderAndRegistersContributors) {
  Town town;
  town.create("harbour");
  const auto report =
      must(town.contribute_rows("harbour", row("b", "ada", "one text") + row("a", "jonas", "another text")));
  EXPECT_EQ(report.added_count, 2U);
  EXPECT_EQ(report.new_contributor_count, 2U);
  EXPECT_EQ(report.text_bytes, 20U);
  EXPECT_EQ(report.token_count, 20U);
  const auto there = must(list_contributions(town.workspace(), {.datanet = "harbour"}));
  ASSERT_EQ(there.size(), 2U);
  EXPECT_EQ(there[0].id, "b");
  EXPECT_EQ(there[1].id, "a");
  EXPECT_LT(there[0].entry, there[1].entry);
  EXPECT_EQ(there[0].state, "approved");
  EXPECT_TRUE(must(show_contributor(town.workspace(), "ada")).key.empty());
}

TEST(Contribute, ARerunSkipsWhatIsThere) {
  Town town;
  town.create("harbour");
  const std::string rows = row("a", "ada", "one text") + row("b", "ada", "two texts");
  must(town.contribute_rows("harbour", rows));
  const uint64_t size = town.workspace().log().published().size;
  const auto again = must(town.contribute_rows("harbour", rows + row("c", "ada", "three texts")));
  EXPECT_EQ(again.skipped_count, 2U);
  EXPECT_EQ(again.added_count, 1U);
  EXPECT_EQ(town.workspace().log().published().size, size + 1);
}

TEST(Contribute, TheSameIdWithOtherContentIsABadRow) {
  Town town;
  town.create("harbour");
  const auto report =
      must(town.contribute_rows("harbour", row("a", "ada", "one text") + row("a", "ada", "another text")));
  EXPECT_EQ(report.added_count, 1U);
  ASSERT_EQ(report.bad_rows.size(), 1U);
  EXPECT_EQ(report.bad_rows[0].place.line, 2U);
  EXPECT_THAT(report.bad_rows[0].message, HasSubstr("other content"));
}

TEST(Contribute, GoodRowsStayBesideBadOnesUnlessStrict) {
  Town town;
  town.create("harbour");
  const std::string rows = row("a", "ada", "one text") + "{broken\n" + row("b", "ada", "two texts");
  const auto strict = must(town.contribute_rows("harbour", rows, {.strict = true}));
  EXPECT_EQ(strict.added_count, 0U);
  EXPECT_EQ(strict.bad_count, 1U);
  EXPECT_TRUE(must(list_contributions(town.workspace(), {.datanet = "harbour"})).empty());
  EXPECT_TRUE(must(list_contributors(town.workspace())).empty());
  EXPECT_TRUE(must(town.files.list("/town/content")).empty());

  const auto lenient = must(town.contribute_rows("harbour", rows));
  EXPECT_EQ(lenient.added_count, 2U);
  EXPECT_EQ(lenient.bad_count, 1U);
}

TEST(Contribute, StrictHoldsOverManyBatches) {
  Town town;
  must(io::write_file_atomically(town.files, "/town/tribute.toml", "batch_documents = 2\n"));
  town.reopen();
  town.create("harbour");
  std::string rows;
  for (int i = 0; i < 9; ++i) rows += row("r" + std::to_string(i), "ada", "text " + std::to_string(i));
  EXPECT_EQ(must(town.contribute_rows("harbour", rows + "{\n", {.strict = true})).added_count, 0U);
  EXPECT_TRUE(must(town.files.list("/town/content")).empty());
  EXPECT_EQ(must(town.contribute_rows("harbour", rows, {.strict = true})).added_count, 9U);
  EXPECT_EQ(must(list_contributions(town.workspace(), {.datanet = "harbour"})).size(), 9U);
}

TEST(Contribute, ARepetitionIsToldAndKeptOutByPolicy) {
  Town town;
  must(create_datanet(town.workspace(), {.name = "accepting", .needs_approval = false}));
  must(create_datanet(town.workspace(),
                      {.name = "holding", .needs_approval = false, .near_duplicates = record::NearDuplicates::hold}));
  must(
      create_datanet(town.workspace(),
                     {.name = "refusing", .needs_approval = false, .near_duplicates = record::NearDuplicates::refuse}));
  const std::string rows = row("a", "ada", "the same text") + row("b", "magpie", "the  same text ");
  const auto accepted = must(town.contribute_rows("accepting", rows));
  EXPECT_EQ(accepted.repeated_count, 1U);
  ASSERT_EQ(accepted.repeated.size(), 1U);
  EXPECT_EQ(accepted.repeated[0].original_id, "a");
  EXPECT_EQ(accepted.pending_count, 0U);
  EXPECT_EQ(must(town.contribute_rows("holding", rows)).pending_count, 1U);
  const auto refused = must(town.contribute_rows("refusing", rows));
  EXPECT_EQ(refused.added_count, 1U);
  EXPECT_EQ(refused.bad_count, 1U);
  EXPECT_THAT(refused.bad_rows[0].message, HasSubstr("'a'"));
}

TEST(Contribute, SignsWithTheContributorsKeyOnly) {
  Town town;
  town.create("harbour");
  for (const KeyKind kind : {KeyKind::ed25519, KeyKind::secp256k1}) {
    const auto key = must(private_key_from_seed(kind, std::string(32, '\x05')));
    const auto other = must(private_key_from_seed(kind, std::string(32, '\x06')));
    const std::string name(key_kind_name(kind));
    must(add_contributor(town.workspace(), name, public_key_of(key)));
    const std::string rows = row(name, name, "signed by " + name);
    const auto refused = must(town.contribute_rows("harbour", rows, {.signing_key = other}));
    EXPECT_EQ(refused.added_count, 0U);
    ASSERT_EQ(refused.bad_rows.size(), 1U);
    EXPECT_EQ(refused.bad_rows[0].place.line, 1U);
    EXPECT_THAT(refused.bad_rows[0].message, HasSubstr("is not that of contributor '" + name + "'"));
    EXPECT_EQ(must(town.contribute_rows("harbour", rows, {.signing_key = key})).added_count, 1U);
  }
  for (const auto& contribution : must(list_contributions(town.workspace(), {.datanet = "harbour"}))) {
    EXPECT_TRUE(contribution.is_signed);
  }
}

TEST(Contribute, AForgedSignatureIsABadRow) {
  Town town;
  town.create("harbour");
  const auto key = must(private_key_from_seed(KeyKind::ed25519, std::string(32, '\x05')));
  must(add_contributor(town.workspace(), "ada", public_key_of(key)));
  const std::string text = "a text of ada's";
  const std::string message =
      record::contribution_message(sha256(text), public_key_of(key).text(), "harbour", "CC0-1.0");
  std::string signature = to_hex(sign(key, message));
  const auto with_signature = [&](const std::string& id) {
    return R"({"id":")" + id + R"(","contributor":"ada","license":"CC0-1.0","text":")" + text + R"(","signature":")" +
           signature + "\"}\n";
  };
  EXPECT_EQ(must(town.contribute_rows("harbour", with_signature("good"))).added_count, 1U);
  signature[0] = signature[0] == '0' ? '1' : '0';
  const auto forged = must(town.contribute_rows("harbour", with_signature("forged")));
  EXPECT_EQ(forged.added_count, 0U);
  ASSERT_EQ(forged.bad_rows.size(), 1U);
  EXPECT_THAT(forged.bad_rows[0].message, HasSubstr("signature"));
}

TEST(Contribute, NamesTheDatanetsThereAre) {
  Town town;
  town.create("harbour");
  const auto report = town.contribute_rows("harbor", row("a", "ada", "text"));
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::not_found);
  EXPECT_THAT(report.error().message, HasSubstr("harbour"));
}

TEST(Contribute, AFullDiskLosesNothingAcknowledged) {
  Town town;
  must(io::write_file_atomically(town.files, "/town/tribute.toml", "batch_documents = 2\n"));
  town.reopen();
  town.create("harbour");
  std::string rows;
  for (int i = 0; i < 12; ++i) rows += row("r" + std::to_string(i), "ada", "text " + std::to_string(i));
  const uint64_t full_from = town.files.operation_count() + 60;
  town.files.set_fault_hook([=](io::Operation, const std::string&, uint64_t number) {
    return number >= full_from ? io::Fault::disk_full : io::Fault::none;
  });
  const auto report = town.contribute_rows("harbour", rows);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, ErrorCode::resource_exhausted) << report.error().message;
  town.files.set_fault_hook({});
  town.reopen();
  const auto there = must(list_contributions(town.workspace(), {.datanet = "harbour"}));
  EXPECT_EQ(there.size() % 2, 0U) << "batches are whole";
  const auto rest = must(town.contribute_rows("harbour", rows));
  EXPECT_EQ(rest.skipped_count, there.size());
  EXPECT_EQ(rest.added_count, 12U - there.size());
}

}  // namespace
}  // namespace tribute::usecase
