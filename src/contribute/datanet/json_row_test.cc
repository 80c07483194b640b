#include "datanet/json_row.h"

#include <gtest/gtest.h>

#include <string>

namespace tribute::datanet {
namespace {

using namespace std::string_literals;

std::string error_of(std::string_view line) {
  JsonRowParser parser;
  const auto row = parser.parse(line);
  if (row.has_value()) return "no error";
  EXPECT_EQ(row.error().code, ErrorCode::invalid_argument);
  return row.error().message;
}

TEST(JsonRow, ReadsEveryField) {
  JsonRowParser parser;
  const auto row = parser.parse(
      R"({"text":"T\u0000\ud83d\ude00","id":"I","title":"","license":"CC0-1.0","contributor":"C","signature":"ab"})");
  ASSERT_TRUE(row.has_value()) << row.error().message;
  EXPECT_EQ(row->text, "T\0\xf0\x9f\x98\x80"s);
  EXPECT_EQ(row->id, "I");
  EXPECT_EQ(row->title, "");
  EXPECT_EQ(row->license, "CC0-1.0");
  EXPECT_EQ(row->contributor, "C");
  EXPECT_EQ(row->signature, "ab");
}

TEST(JsonRow, IgnoresWhatItDoesNotKnowAndNull) {
  JsonRowParser parser;
  const auto row = parser.parse(
      R"( {"text":"T","id":null,"url":"u","score":-1.5e3,"tags":["a",{"text":"inner"}],"Text":1,"url":2} )");
  ASSERT_TRUE(row.has_value()) << row.error().message;
  EXPECT_EQ(*row, Row{.text = "T"});
}

TEST(JsonRow, SaysWhatIsWrong) {
  const std::pair<std::string, std::string> cases[] = {
      {R"({"id":"a"})", "field \"text\" is missing"},
      {R"({"text":null})", "field \"text\" is missing"},
      {R"({"text":""})", "field \"text\" is empty"},
      {R"({"text":"t","id":""})", "field \"id\" is empty"},
      {R"({"text":"t","contributor":""})", "field \"contributor\" is empty"},
      {R"({"text":"t","license":""})", "field \"license\" is empty"},
      {R"({"text":"t","signature":""})", "field \"signature\" is empty"},
      {R"({"text":17})", "field \"text\" is not a string"},
      {R"({"text":"t","id":17})", "field \"id\" is not a string"},
      {R"({"text":"t","title":["x"]})", "field \"title\" is not a string"},
      {R"({"text":"t","text":"t"})", "field \"text\" stands there twice"},
      {R"({"text":"t","te\u0078t":"t"})", "field \"text\" stands there twice"},
      {R"({"text":null,"text":"t"})", "field \"text\" stands there twice"},
      {R"(["text"])", "the row is not a JSON object"},
      {R"("text")", "the row is not a JSON object"},
      {R"(17)", "the row is not a JSON object"},
      {"{\"text\":\"\xff\"}", "the row is not valid UTF-8"},
      {"{\"text\":\"t\",\"other\":\"\xed\xa0\x80\"}", "the row is not valid UTF-8"},
      {"{\"text\":\"a\tb\"}", "the row is not valid JSON"},
      {"{\"text\":\"a\0b\"}"s, "the row is not valid JSON"},
      {R"({"text":"t"} {"text":"t"})", "the row is not valid JSON"},
      {R"({"text":"t"}x)", "the row is not valid JSON"},
      {R"({"text":"t",})", "the row is not valid JSON"},
      {R"({"text":"t","x":[1,2})", "the row is not valid JSON"},
      {R"({text:"t"})", "the row is not valid JSON"},
      {R"({"text":"t")", "the row is not valid JSON"},
      {R"({"text":"t)", "the row is not valid JSON"},
      {R"({"text":"\x"})", "the row is not valid JSON: a string has a wrong escape or a lone surrogate"},
      {R"({"text":"\u12g4"})", "the row is not valid JSON: a string has a wrong escape or a lone surrogate"},
      {R"({"text":"t","n":123456789012345678901234567890})",
       "the row is not valid JSON, or has a number that 64 bits cannot hold"},
      {"{\"text\":\"t\",\"x\":" + std::string(5000, '[') + std::string(5000, ']') + "}",
       "the row is nested too deeply"},
      {"", "the row is not valid JSON"},
  };
  for (const auto& [line, message] : cases) EXPECT_EQ(error_of(line), message) << line.substr(0, 100);
}

TEST(JsonRow, LoneSurrogatesAreNoText) {
  for (const char* text : {R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\ud800\u0041)", R"(\udc00\ud800)",
                           R"(\ud800\ud800)", R"(ok \udfff)"}) {
    EXPECT_EQ(error_of("{\"text\":\"" + std::string(text) + "\"}"),
              "the row is not valid JSON: a string has a wrong escape or a lone surrogate")
        << text;
  }
}

TEST(JsonRow, EveryPrefixOfARowIsBadAndTheParserGoesOn) {
  const std::string line = R"({"id":"i","text":"caf\u00e9 \ud83d\ude00","n":[1,{"a":null}]})";
  JsonRowParser parser;
  for (size_t size = 0; size < line.size(); ++size) {
    EXPECT_FALSE(parser.parse(line.substr(0, size)).has_value()) << size;
    const auto row = parser.parse(line);
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->text, "caf\u00e9 \U0001F600");
  }
}

TEST(JsonRow, LongRows) {
  JsonRowParser parser;
  const std::string text(3 << 20, 'x');
  const auto row = parser.parse("{\"text\":\"" + text + "\"}");
  ASSERT_TRUE(row.has_value()) << row.error().message;
  EXPECT_EQ(row->text, text);
  EXPECT_TRUE(parser.parse(R"({"text":"t"})").has_value());
}

}  // namespace
}  // namespace tribute::datanet
