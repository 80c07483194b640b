#include "usecase/models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "usecase/contributions.h"
#include "usecase/testing/town.h"

namespace tribute::usecase {
namespace {

using ::testing::HasSubstr;
using testing::must;
using testing::row;
using testing::Town;

Error refusal(Town& town, const ModelRequest& request) {
  const auto made = register_model(town.workspace(), request);
  EXPECT_FALSE(made.has_value());
  return made ? Error{} : made.error();
}

TEST(Models, PinTheNewestManifestsAndKeepThem) {
  Town town;
  town.settle_in();
  const auto first = must(show_model(town.workspace(), "m"));
  EXPECT_EQ(first.datanet_names, (std::vector<std::string>{"harbour", "commons"}));
  must(town.contribute_rows("harbour", row("rope", "ada", "Whip the end before you cut it.")));
  const auto newer = town.build("harbour");
  EXPECT_EQ(must(show_model(town.workspace(), "m")).model.datanets, first.model.datanets);
  const auto second = must(update_model(town.workspace(), "m"));
  EXPECT_EQ(second.model.version, 2U);
  EXPECT_EQ(second.first, first.entry);
  EXPECT_EQ(second.model.datanets[0].manifest, newer.entry);
  EXPECT_EQ(second.model.terms, first.model.terms);
  EXPECT_EQ(update_model(town.workspace(), "m").error().code, ErrorCode::failed_precondition);
  EXPECT_EQ(must(list_models(town.workspace())).size(), 2U);
}

TEST(Models, RefuseWhatCannotBe) {
  Town town;
  town.settle_in();
  must(create_datanet(town.workspace(), {.name = "empty"}));
  auto request = Town::model_request();
  EXPECT_EQ(refusal(town, request).code, ErrorCode::already_exists);

  request.name = "n";
  request.datanets = {{"empty", 0}};
  EXPECT_THAT(refusal(town, request).message, HasSubstr("tribute index build empty"));
  request.datanets = {{"nowhere", 0}};
  EXPECT_EQ(refusal(town, request).code, ErrorCode::not_found);
  request.datanets = {{"commons", 0}};
  EXPECT_THAT(refusal(town, request).message, HasSubstr("--guard"));
  request.datanets = {{"harbour", 0}, {"harbour", 0}};
  EXPECT_THAT(refusal(town, request).message, HasSubstr("twice"));
  request.datanets = {{"harbour", 1'001}};
  EXPECT_EQ(refusal(town, request).code, ErrorCode::invalid_argument);
  request.datanets = {};
  EXPECT_EQ(refusal(town, request).code, ErrorCode::invalid_argument);

  request = Town::model_request();
  request.name = "n";
  request.parameters = 1'000'000;
  EXPECT_THAT(refusal(town, request).message, HasSubstr("--evidence matches"));
  request.evidence = record::Evidence::matches;
  EXPECT_TRUE(register_model(town.workspace(), request).has_value());
  request.name = "No Name";
  EXPECT_EQ(refusal(town, request).code, ErrorCode::invalid_argument);
  request.name = "o";
  request.terms.stakers_basis_points += 1;
  EXPECT_EQ(refusal(town, request).code, ErrorCode::invalid_argument);
  request.terms = {};
  request.terms.rate_in = Amount(-1);
  EXPECT_EQ(refusal(town, request).code, ErrorCode::invalid_argument);
  request.terms = {};
  request.policy.min_span_tokens = 0;
  EXPECT_EQ(refusal(town, request).code, ErrorCode::invalid_argument);
}

TEST(Index, IsBuiltFromWhatIsNewAndMarksWhatIsGone) {
  Town town;
  town.settle_in();
  const auto first = must(show_index(town.workspace(), "harbour"));
  EXPECT_EQ(first.live_documents, 2U);
  EXPECT_EQ(first.behind, 0U);
  EXPECT_FALSE(town.build("harbour").built);

  must(town.contribute_rows("harbour", row("rope", "ada", "Whip the end before you cut it.")));
  must(withdraw_contributions(town.workspace(), "harbour", {"tide"}));
  EXPECT_EQ(must(show_index(town.workspace(), "harbour")).behind, 2U);
  const auto build = [&] { return must(build_index(town.workspace(), "harbour", town.progress, {.merge = true})); };
  const auto second = build();
  EXPECT_TRUE(second.built);
  EXPECT_EQ(second.live_documents, 2U);
  // So small a segment is merged with the new one, and what is gone is left out.
  ASSERT_EQ(second.segments.size(), 1U);
  EXPECT_EQ(second.segments[0].document_count, 2U);
  EXPECT_EQ(second.segments[0].tombstone_count, 0U);
  EXPECT_EQ(must(show_index(town.workspace(), "harbour")).behind, 0U);

  must(town.contribute_rows("harbour", row("log", "ada", std::string(1000, '~'))));
  EXPECT_EQ(build().segments.size(), 1U);
  must(town.contribute_rows("harbour", row("bend", "ada", "A bend joins two ropes.")));
  must(withdraw_contributions(town.workspace(), "harbour", {"rope"}));
  const auto third = build();
  ASSERT_EQ(third.segments.size(), 2U);
  EXPECT_EQ(third.live_documents, 3U);
  EXPECT_EQ(third.segments[0].tombstone_count + third.segments[1].tombstone_count, 1U);
  EXPECT_EQ(third.segments[0].tombstone_token_count + third.segments[1].tombstone_token_count, 31U);
  EXPECT_EQ(must(show_index(town.workspace(), "harbour")).behind, 0U);
}

// An index whose files are damaged or of another version is no reason not to build one.
TEST(Index, IsBuiltAnewWhereTheOldOneIsDamaged) {
  Town town;
  town.settle_in();
  const auto first = must(show_index(town.workspace(), "harbour"));
  const std::string path = "/town/sealed/index/" + first.segments[0].sha256.hex() + ".segment";
  const std::string good = must(io::read_file(town.files, path));
  must(io::write_file_atomically(town.files, path, "rubbish"));
  const auto build = [&] { return must(build_index(town.workspace(), "harbour", town.progress, {.merge = true})); };
  const auto second = build();
  EXPECT_TRUE(second.built);
  EXPECT_EQ(second.live_documents, 2U);
  EXPECT_EQ(must(io::read_file(town.files, path)), good);
}

TEST(Index, OfAPublicDatanetLiesInThePublicHalf) {
  Town town;
  town.create("open", record::Role::paid, true);
  must(town.contribute_rows("open", row("a", "ada", "For everyone to read.")));
  const auto index = town.build("open");
  EXPECT_TRUE(must(town.files.exists("/town/public/index/" + index.manifest_sha256.hex() + ".manifest")));
  EXPECT_TRUE(must(town.files.list("/town/sealed/index")).empty());
}

}  // namespace
}  // namespace tribute::usecase
