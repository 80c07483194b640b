#include "cli/tokenizer_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "text/byte_tokenizer.h"
#include "text/hugging_face.h"
#include "text/training.h"

namespace tribute::cli {
namespace {

TEST(TokenizerText, IdsAreReadAsTheyAreWritten) {
  const std::vector<TokenId> ids = {TokenId(1), TokenId(0), TokenId(65'534)};
  for (const char* text :
       {"1 0 65534", " 1,0,\n65534\r\n", "[1, 0, 65534]", "{\"ids\": [1,0,65534], \"offsets\": []}"}) {
    EXPECT_EQ(parse_ids(text), ids) << text;
  }
  EXPECT_EQ(parse_ids(""), std::vector<TokenId>());
  EXPECT_EQ(parse_ids("[]"), std::vector<TokenId>());
  for (const char* text : {"x", "1 2x", "-1", "[1", "[-1]", "[1.5]", "[\"1\"]", "{\"id\": [1]}", "4294967296",
                           "[4294967296]", "99999999999999999999", "1;2", "{"}) {
    const auto refused = parse_ids(text);
    ASSERT_FALSE(refused.has_value()) << text;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument) << text;
  }
}

TEST(TokenizerText, JsonHasIdsAndOffsets) {
  const auto tokens = text::ByteTokenizer().encode_with_ranges("hi");
  EXPECT_EQ(tokens_json(*tokens), "{\"ids\": [104, 105], \"offsets\": [[0, 1], [1, 2]]}\n");
  EXPECT_EQ(tokens_json({}), "{\"ids\": [], \"offsets\": []}\n");
  EXPECT_EQ(parse_ids(tokens_json(*tokens)), tokens->tokens);
}

TEST(TokenizerText, PaintedTokensShowTheWholeText) {
  const std::string text = "a 中é\n😀\xff!";
  const auto tokens = text::ByteTokenizer().encode_with_ranges(text);
  EXPECT_EQ(painted_tokens(text, *tokens, Paint(false)), "a 中é\n😀\xef\xbf\xbd!");
  const std::string painted = painted_tokens("ab", *text::ByteTokenizer().encode_with_ranges("ab"), Paint(true));
  EXPECT_EQ(painted, "\x1b[38;5;16;48;5;153ma\x1b[0m\x1b[38;5;16;48;5;229mb\x1b[0m");
}

TEST(TokenizerText, DescribesBytesAndTrainedTokenizers) {
  EXPECT_NE(description(text::ByteTokenizer()).find("entries     256\n"), std::string::npos);
  text::PieceCounts counts;
  ASSERT_TRUE(counts.add("abab", 3).has_value());
  const auto json = text::train_tokenizer(counts, {.entry_count = 300});
  ASSERT_TRUE(json.has_value());
  const auto tokenizer = text::read_hugging_face_tokenizer(*json);
  ASSERT_TRUE(tokenizer.has_value());
  const std::string described = description(**tokenizer);
  EXPECT_NE(described.find("cut by      split by "), std::string::npos) << described;
  EXPECT_NE(described.find("special     258 <|endoftext|>\n"), std::string::npos) << described;
  EXPECT_EQ(description_json(**tokenizer)["special_tokens"][0]["id"], 258);
}

}  // namespace
}  // namespace tribute::cli
