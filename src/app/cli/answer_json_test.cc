#include "cli/answer_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/testing/views.h"

namespace tribute::cli {
namespace {

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

using Keys = std::vector<std::string>;

// The names that other people's programs read.
TEST(AttributionJson, HasTheDocumentedFields) {
  const Json json = attribution_json(testing::two_owners());
  EXPECT_EQ(keys_of(json), (Keys{"model", "model_version", "tokens", "total_millibits", "credited_millibits", "spans",
                                 "credits", "contributors"}));
  EXPECT_EQ(keys_of(json["spans"][0]), (Keys{"begin", "end", "text", "count", "surprisal_millibits", "evidence",
                                             "datapoint_count", "datapoints"}));
  EXPECT_EQ(keys_of(json["spans"][1]), (Keys{"begin", "end", "text", "count", "surprisal_millibits", "evidence"}));
  EXPECT_EQ(keys_of(json["spans"][0]["datapoints"][0]), (Keys{"id", "datanet", "entry", "contributor", "title"}));
  EXPECT_EQ(keys_of(json["credits"][0]), (Keys{"begin", "end", "state", "datapoint", "contributor", "millibits"}));
  EXPECT_EQ(keys_of(json["contributors"][0]), (Keys{"id", "name", "millibits", "share_ppm"}));
}

TEST(AttributionJson, SaysWhatTheViewSays) {
  const Json json = attribution_json(testing::two_owners());
  EXPECT_EQ(json["tokens"], 32);
  EXPECT_EQ(json["total_millibits"], 130'000);
  EXPECT_EQ(json["credited_millibits"], 90'500);
  EXPECT_EQ(json["spans"][0]["datapoints"][0], Json({{"id", "harbour/anchoring"},
                                                     {"datanet", "harbour"},
                                                     {"entry", 7},
                                                     {"contributor", "ada-marsh"},
                                                     {"title", "Anchoring in mud"}}));
  EXPECT_EQ(json["credits"][1], Json({{"begin", 4},
                                      {"end", 10},
                                      {"state", "owned"},
                                      {"datapoint", 7},
                                      {"contributor", 3},
                                      {"millibits", 60'500}}));
  EXPECT_EQ(json["credits"][0]["state"], "none");
  EXPECT_TRUE(json["credits"][0]["datapoint"].is_null());
  EXPECT_TRUE(json["credits"][0]["contributor"].is_null());
  EXPECT_EQ(json["contributors"][1],
            Json({{"id", 5}, {"name", "林月"}, {"millibits", 30'000}, {"share_ppm", 331'492}}));
}

TEST(AttributionJson, IllFormedTextIsReplaced) {
  usecase::AttributionView view = testing::two_owners();
  view.spans[0].text = "a\xff\xe9\xa5";
  EXPECT_EQ(attribution_json(view)["spans"][0]["text"], "a\uFFFD\uFFFD");
  EXPECT_NO_THROW((void)attribution_json(view).dump());
}

TEST(ReceiptJson, PutsTheAttributionBesideItsOwnFields) {
  const Json json = receipt_json(testing::receipt());
  EXPECT_EQ(keys_of(json), (Keys{"id", "entry", "payer", "time_ms", "tokens_in", "tokens_out", "fee", "payouts",
                                 "model", "model_version", "tokens", "total_millibits", "credited_millibits", "spans",
                                 "credits", "contributors"}));
  EXPECT_EQ(json["id"], "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(json["entry"], 120);
  EXPECT_EQ(json["fee"], 1'000'000);
  EXPECT_EQ(json["payouts"][0], Json({{"account", "contributor:000000000003"}, {"amount", 400'000}}));
}

TEST(ReceiptJson, ADryRunHasNoName) {
  usecase::ReceiptView view = testing::receipt();
  view.id.clear();
  view.entry.reset();
  const Json json = receipt_json(view);
  EXPECT_TRUE(json["id"].is_null());
  EXPECT_TRUE(json["entry"].is_null());
}

TEST(ReceiptJson, AmountsAreIntegersOfAnySize) {
  usecase::ReceiptView view = testing::receipt();
  view.fee = Amount(INT64_MAX);
  EXPECT_NE(receipt_json(view).dump().find("\"fee\":9223372036854775807,"), std::string::npos);
}

}  // namespace
}  // namespace tribute::cli
