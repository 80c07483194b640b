#include "record/canonical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

namespace tribute::record {
namespace {

using testing::HasSubstr;

TEST(CanonicalJson, SpellsEveryTypeInOneWay) {
  EXPECT_EQ(Json().text(), "null");
  EXPECT_EQ(Json(true).text(), "true");
  EXPECT_EQ(Json(0U).text(), "0");
  EXPECT_EQ(Json(kMaxJsonInteger).text(), "9007199254740991");
  EXPECT_EQ(Json(kMaxJsonInteger + 1).text(), "\"9007199254740992\"");
  EXPECT_EQ(Json(Json::Array{1U, "a", Json()}).text(), R"([1,"a",null])");
  EXPECT_EQ(Json::object({{"b", 1U}, {"a", 2U}, {"B", Json::object({})}}).text(), R"({"B":{},"a":2,"b":1})");
}

TEST(CanonicalJson, EscapesAllButPrintableAscii) {
  EXPECT_EQ(Json("\"\\/\b\f\n\r\t\x01\x1f\x7f ~").text(), R"("\"\\/\b\f\n\r\t\u0001\u001f\u007f ~")");
  EXPECT_EQ(Json("Café \U0001F319").text(), R"("Caf\u00e9 \ud83c\udf19")");
  EXPECT_EQ(Json("a\xff").text(), R"("a\ufffd")") << "ill-formed UTF-8";
}

TEST(CanonicalJson, ReadsNoMoreThanItWrites) {
  for (const auto& [text, reason] : std::vector<std::pair<std::string, std::string>>{
           {"", "no JSON"},
           {"{", "no JSON"},
           {"1 2", "no JSON"},
           {"\"\xff\"", "no JSON"},
           {"\"\\ud800\"", "no JSON"},
           {"-1", "negative"},
           {"1.0", "no integer"},
           {"1e3", "no integer"},
           {"9007199254740992", "over 2^53 - 1"},
           {"99999999999999999999", "no integer"},
           {R"({"a":1,"b":2,"a":1})", "a key twice"},
       }) {
    const auto value = parse_json(text);
    ASSERT_FALSE(value.has_value()) << text;
    EXPECT_EQ(value.error().code, ErrorCode::data_loss) << text;
    EXPECT_THAT(value.error().message, HasSubstr(reason)) << text;
  }
}

TEST(CanonicalJson, DeepNestingIsRefusedBeforeItCosts) {
  for (const std::string& level : {std::string("["), std::string("{\"a\":")}) {
    std::string text;
    while (text.size() < 10'000'000) text += level;
    EXPECT_THAT(parse_json(text).error().message, HasSubstr("more than 16 levels"));
  }
  EXPECT_TRUE(parse_json(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')).has_value());
}

TEST(CanonicalJson, NamesTheMemberThatIsSpeltOtherwise) {
  for (const auto& [text, place] : std::vector<std::pair<std::string, std::string>>{
           {R"( {"a":1,"b":"x"})", "thing is not"},
           {R"({"a": 1,"b":"x"})", "thing.a is not in its canonical spelling from byte 5"},
           {R"({"a":1,"b":"\u0078"})", "thing.b is not in its canonical spelling from byte 12"},
           {R"({"b":"x","a":1})", "thing.a is not"},
           {"{\"a\":1,\"b\":\"x\"}\n", "from byte 15"},
       }) {
    const auto value = parse_json(text);
    ASSERT_TRUE(value.has_value()) << text;
    const auto checked = check_spelling("thing", text, *value);
    ASSERT_FALSE(checked.has_value()) << text;
    EXPECT_EQ(checked.error().code, ErrorCode::data_loss);
    EXPECT_THAT(checked.error().message, HasSubstr(place)) << text;
  }
  EXPECT_TRUE(check_spelling("thing", R"({"a":1})", Json::object({{"a", 1U}})).has_value());
}

// The library's own tree and writer are the twin of Json and its text().
nlohmann::json twin_of(const Json& value) {
  if (const bool* boolean = value.boolean()) return *boolean;
  if (const uint64_t* integer = value.integer()) return *integer;
  if (const std::string* string = value.string()) return *string;
  if (const Json::Array* array = value.array()) {
    nlohmann::json twin = nlohmann::json::array();
    for (const Json& item : *array) twin.push_back(twin_of(item));
    return twin;
  }
  if (const Json::Object* members = value.members()) {
    nlohmann::json twin = nlohmann::json::object();
    for (const Json::Member& member : *members) twin[member.key] = twin_of(member.value);
    return twin;
  }
  return nullptr;
}

Json arbitrary_json(int depth) {
  switch (*rc::gen::inRange(0, depth == 0 ? 4 : 6)) {
    case 0: return {};
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return *rc::gen::arbitrary<uint64_t>();
    case 3: return *rc::gen::string<std::string>();
    case 4: {
      Json::Array array;
      const int size = *rc::gen::inRange(0, 4);
      for (int i = 0; i < size; ++i) array.push_back(arbitrary_json(depth - 1));
      return array;
    }
    default: {
      Json::Object members;
      for (const int key : *rc::gen::container<std::set<int>>(rc::gen::inRange(0, 30))) {
        members.push_back({"k\"\t" + std::to_string(key), arbitrary_json(depth - 1)});
      }
      return Json::object(std::move(members));
    }
  }
}

TEST(CanonicalJson, RoundTripsAndAgreesWithTheLibrarysWriter) {
  EXPECT_TRUE(rc::check("text() is the twin's text and reads back as the same value", [] {
    const Json value = arbitrary_json(3);
    const std::string text = value.text();
    RC_ASSERT(text == twin_of(value).dump(-1, ' ', true));
    const auto again = parse_json(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == value);
    RC_ASSERT(check_spelling("value", text, value).has_value());
  }));
}

}  // namespace
}  // namespace tribute::record
