// The rules that tell the families of tokenizer.json apart, each on the smallest file that shows it. What is
// expected follows from the library's documentation and sources, not from this program.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/bytes.h"
#include "pretokenize/rules.h"
#include "text/testing/tokenizing.h"

namespace tribute::text {
namespace {

using testing::check_promises;
using testing::cut;
using testing::JsonFile;
using testing::llama2;
using testing::made;
using testing::Strings;

using Merges = std::vector<std::pair<std::string, std::string>>;

// Merges that join all the digits of "123456", two letters, and a space with a letter.
const Merges kMerges{{"1", "2"}, {"12", "3"}, {"123", "4"}, {"1234", "5"},
                     {"4", "5"}, {"a", "b"},  {" ", "a"},   {" ", "ab"}};

std::string sequence(const std::string& parts) { return R"({"type":"Sequence","pretokenizers":[)" + parts + "]}"; }
std::string byte_level(bool use_regex) {
  return std::string(R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":)") +
         (use_regex ? "true}" : "false}");
}
std::string split(std::string_view pattern, const std::string& behaviour = "Isolated") {
  std::string escaped;
  for (const char c : pattern) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return R"({"type":"Split","pattern":{"Regex":")" + escaped + R"("},"behavior":")" + behaviour +
         R"(","invert":false})";
}
std::string added(uint32_t id, const std::string& content, const std::string& flags = "") {
  return R"({"id":)" + std::to_string(id) + R"(,"content":")" + content + "\"" + flags + "}";
}

TEST(Families, Gpt2CutsAtWordsAndKeepsDigitsTogether) {
  const auto tokenizer = made({.merges = kMerges});
  EXPECT_EQ(cut(*tokenizer, "ab ab12345"), (Strings{"ab", " ab", "12345"}));
  EXPECT_EQ(cut(*tokenizer, "ab  ab"), (Strings{"ab", " ", " ab"}));
}

TEST(Families, StarCoderCutsDigitsOneByOne) {
  const auto tokenizer =
      made({.pre_tokenizer = sequence(R"({"type":"Digits","individual_digits":true},)" + byte_level(true)),
            .merges = kMerges});
  EXPECT_EQ(cut(*tokenizer, "ab123"), (Strings{"ab", "1", "2", "3"}));
  // A digit cuts the space before it off, since the pattern works within what Digits left.
  const auto spaced =
      made({.pre_tokenizer = sequence(R"({"type":"Digits","individual_digits":true},)" + byte_level(true)),
            .merges = {{" ", "1"}}});
  EXPECT_EQ(cut(*spaced, "a 1"), (Strings{"a", " ", "1"}));
}

// Falcon cuts after the change to byte characters, where some continuation bytes are digits: 0xBD is '½'.
TEST(Families, FalconCutsByteCharacters) {
  const std::string falcon = sequence(R"({"type":"Punctuation","behavior":"Contiguous"},)" + byte_level(true) +
                                      R"(,{"type":"Digits","individual_digits":false},)" + split("[0-9][0-9][0-9]"));
  const Merges merges{{"1", "2"},       {"12", "3"}, {"123", "4"}, {"\xd0", "\xbd"},
                      {"\xd0", "\xb0"}, {"!", "!"},  {"a", "!"}};
  const auto tokenizer = made({.pre_tokenizer = falcon, .merges = merges});
  EXPECT_EQ(cut(*tokenizer, "1234"), (Strings{"123", "4"}));
  EXPECT_EQ(cut(*tokenizer, "\u0430"), (Strings{"\u0430"}));        // а: 0xB0 is '°', no digit
  EXPECT_EQ(cut(*tokenizer, "\u043d"), (Strings{"\xd0", "\xbd"}));  // н: 0xBD is '½', a digit
  EXPECT_EQ(cut(*tokenizer, "a!!"), (Strings{"a", "!!"}));
  EXPECT_EQ(cut(*made({.merges = merges}), "\u043d"), (Strings{"\u043d"}));
  for (const std::string& text : testing::nasty_texts()) {
    check_promises(*tokenizer, text);
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(text).value()), text);
  }
}

TEST(Families, Llama3CutsDigitsByThreesAndTakesEntriesWhole) {
  const JsonFile file{.pre_tokenizer = sequence(split(pretokenize::cl100k_pattern()) + "," + byte_level(false)),
                      .model_settings = R"(,"ignore_merges":true)",
                      .merges = kMerges,
                      .entries = {" never"}};
  const auto tokenizer = made(file);
  EXPECT_EQ(cut(*tokenizer, "12345"), (Strings{"123", "45"}));
  // The first digits of "123" merge, but "never" has no merges: as an entry it is a token all the same.
  EXPECT_EQ(cut(*tokenizer, "ab never"), (Strings{"ab", " never"}));
  JsonFile merging = file;
  merging.model_settings = "";
  EXPECT_EQ(cut(*made(merging), " never"), (Strings{" ", "n", "e", "v", "e", "r"}));
}

TEST(Families, Qwen2NormalizesAndCutsDigitsOneByOne) {
  const auto tokenizer = made({.normalizer = R"({"type":"NFC"})",
                               .pre_tokenizer = sequence(split(pretokenize::qwen2_pattern()) + "," + byte_level(false)),
                               .merges = {{"1", "2"}, {"\xc3", "\xa9"}, {"x", "\xc3\xa9"}}});
  EXPECT_EQ(cut(*tokenizer, "12"), (Strings{"1", "2"}));
  const std::string composed = "x\u00e9";
  const std::string decomposed = "xe\u0301";
  EXPECT_EQ(tokenizer->encode(composed), tokenizer->encode(decomposed));
  EXPECT_EQ(cut(*tokenizer, composed), (Strings{composed}));
  EXPECT_EQ(cut(*tokenizer, decomposed), (Strings{decomposed}));
  EXPECT_EQ(tokenizer->decode(tokenizer->encode(decomposed).value()), composed);
  // A character that two tokens share is wholly the last one's.
  const auto apart = made({.normalizer = R"({"type":"NFC"})"});
  EXPECT_EQ(cut(*apart, "e\u0301z"), (Strings{"", "e\u0301", "z"}));
}

TEST(Families, NormalizersWorkInTheirOrder) {
  const auto tokenizer =
      made({.normalizer = R"({"type":"Sequence","normalizers":[{"type":"NFKC"},)"
                          R"({"type":"Replace","pattern":{"Regex":"fi"},"content":"FI"},{"type":"NFD"}]})"});
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("\ufb01\u00e9").value()), "FIe\u0301");
  for (const std::string& text : testing::nasty_texts()) check_promises(*tokenizer, text);
}

TEST(Families, DeepSeekCutsInThreeStages) {
  const auto tokenizer = made(
      {.pre_tokenizer = sequence(
           split("\\p{N}{1,3}") + "," + split("[一-龥぀-ゟ゠-ヿ]+") + "," +
           split("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| "
                 "?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+") +
           "," + byte_level(false)),
       .merges = {{"1", "2"}, {"12", "3"}, {"123", "4"}, {" ", "1"}, {"!", "a"}, {"!a", "b"}}});
  EXPECT_EQ(cut(*tokenizer, " 1234"), (Strings{" ", "123", "4"}));
  EXPECT_EQ(cut(*tokenizer, "!ab"), (Strings{"!ab"}));
  EXPECT_EQ(cut(*made({.merges = {{"!", "a"}}}), "!a"), (Strings{"!", "a"}));
}

TEST(Families, NeoXTakesRunsOfSpacesAsAddedTokens) {
  const std::string plain = R"(,"single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false)";
  const auto tokenizer = made({.normalizer = R"({"type":"NFC"})",
                               .added_tokens = "[" + added(300, "  ", plain) + "," + added(301, "   ", plain) + "]"});
  // Leftmost and longest, before the pattern sees the text.
  EXPECT_EQ(cut(*tokenizer, "a     b"), (Strings{"a", "   ", "  ", "b"}));
  EXPECT_EQ(tokenizer->vocabulary_size(), 302U);
  EXPECT_EQ(tokenizer->decode(std::vector{TokenId(300), TokenId(301)}), std::string(5, ' '));
  EXPECT_FALSE(tokenizer->decode(std::vector{TokenId(299)}).has_value());  // a hole
  EXPECT_FALSE(tokenizer->decode(std::vector{TokenId(302)}).has_value());
}

// As in Llama 2: a space before the text, spaces as U+2581, characters without an entry as their bytes.
TEST(Families, Llama2FallsBackToBytes) {
  JsonFile file = llama2();
  file.merges = {{"▁", "a"}, {"▁a", "b"}, {"▁", "▁"}};
  const auto tokenizer = made(file);
  EXPECT_EQ(cut(*tokenizer, "ab ab"), (Strings{"ab", " ab"}));
  // The prefix merges with the first space, and the second with nothing.
  EXPECT_EQ(cut(*tokenizer, "  b"), (Strings{" ", " ", "b"}));
  EXPECT_EQ(cut(*tokenizer, "é"), (Strings{"", "\xc3", "\xa9"}));
  EXPECT_EQ(tokenizer->encode("\n").value().back(), TokenId(0x0A));
  for (const std::string text : {"ab ab", "é\n", " x", "", "  ", "\xff\xc3", "中"}) {
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(text).value()), text);
  }
  for (const std::string& text : testing::nasty_texts()) check_promises(*tokenizer, text);
}

TEST(Families, AddPrefixSpaceIsPutBeforeEveryStretch) {
  const std::string prefixing = R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})";
  const auto tokenizer =
      made({.pre_tokenizer = prefixing, .added_tokens = "[" + added(300, "<t>") + "]", .merges = {{" ", "a"}}});
  EXPECT_EQ(tokenizer->encode("a"), tokenizer->encode(" a"));
  EXPECT_EQ(cut(*tokenizer, "a<t>a"), (Strings{"a", "<t>", "a"}));
  EXPECT_EQ(cut(*tokenizer, ""), Strings{});
  EXPECT_EQ(tokenizer->decode(tokenizer->encode("a<t>a").value()), " a<t> a");
}

TEST(Families, WhitespaceThatIsDroppedBelongsToTheNextToken) {
  const auto tokenizer =
      made({.pre_tokenizer = sequence(R"({"type":"Whitespace"},)" + byte_level(false)), .merges = {{"a", "b"}}});
  EXPECT_EQ(cut(*tokenizer, "  ab ab\n"), (Strings{"  ab", " ab\n"}));
  EXPECT_EQ(cut(*tokenizer, " \n"), Strings{});
  for (const std::string& text : testing::nasty_texts()) check_promises(*tokenizer, text);
}

TEST(Families, AddedTokensMatchAsTheLibraryMatchesThem) {
  const std::string word = R"(,"single_word":true,"normalized":false)";
  const std::string left = R"(,"lstrip":true,"normalized":false)";
  const std::string right = R"(,"rstrip":true,"normalized":false)";
  const std::string special = R"(,"special":true,"normalized":false)";
  const auto tokenizer = made({.added_tokens = "[" + added(300, "go", word) + "," + added(301, "<l>", left) + "," +
                                               added(302, "<r>", right) + "," + added(303, "<s>xy", special) + "," +
                                               added(304, "xy", R"(,"normalized":false)") + "]"});
  const auto ids = [&](std::string_view text, bool special_tokens = false) {
    std::vector<uint32_t> result;
    const std::vector<TokenId> tokens = tokenizer->encode(text, {.special_tokens = special_tokens}).value();
    for (const TokenId token : tokens) result.push_back(token.value());
    return result;
  };
  EXPECT_EQ(ids("go"), (std::vector<uint32_t>{300}));
  EXPECT_EQ(ids("a go!"), (std::vector<uint32_t>{'a', ' ', 300, '!'}));
  EXPECT_EQ(ids("ago"), (std::vector<uint32_t>{'a', 'g', 'o'}));
  EXPECT_EQ(ids("go\u00e9").front(), uint32_t{'g'});
  EXPECT_EQ(cut(*tokenizer, "a \u2003<l> b"), (Strings{"a", " \u2003<l>", " ", "b"}));
  EXPECT_EQ(ids("a \t<l> b"), (std::vector<uint32_t>{'a', 301, ' ', 'b'}));
  EXPECT_EQ(ids("a <r> \nb"), (std::vector<uint32_t>{'a', ' ', 302, 'b'}));
  EXPECT_EQ(ids("<r> <l>"), (std::vector<uint32_t>{302, 301}));
  // A special token's string is plain text, and hides the tokens within it.
  EXPECT_EQ(ids("<s>xy"), (std::vector<uint32_t>{'<', 's', '>', 'x', 'y'}));
  EXPECT_EQ(ids("<s>xyxy"), (std::vector<uint32_t>{'<', 's', '>', 'x', 'y', 304}));
  EXPECT_EQ(ids("<s>xyxy", true), (std::vector<uint32_t>{303, 304}));
}

TEST(Families, NormalizedAddedTokensAreLookedForInTheNormalizedText) {
  const auto tokenizer = made({.normalizer = R"({"type":"NFC"})",
                               .added_tokens = "[" + added(300, "e\u0301", R"(,"normalized":true)") + "," +
                                               added(301, "o\u0301", R"(,"normalized":false)") + "]"});
  EXPECT_EQ(tokenizer->encode("\u00e9"), std::vector{TokenId(300)});
  EXPECT_EQ(cut(*tokenizer, "e\u0301x"), (Strings{"e\u0301", "x"}));
  EXPECT_EQ(tokenizer->encode("o\u0301"), std::vector{TokenId(301)});
  EXPECT_EQ(tokenizer->encode("\u00f3").value().size(), 2U);
}

TEST(Families, ByteLevelGivesAnyBytesBack) {
  const auto tokenizer = made({.merges = kMerges});
  EXPECT_TRUE(tokenizer->gives_every_text_back());
  EXPECT_FALSE(made({.normalizer = R"({"type":"NFC"})"})->gives_every_text_back());
  EXPECT_FALSE(made(llama2())->gives_every_text_back());
  for (const std::string& text : testing::nasty_texts()) {
    check_promises(*tokenizer, text);
    EXPECT_EQ(tokenizer->decode(tokenizer->encode(text).value()), text);
  }
  EXPECT_TRUE(rc::check("round trip", [&](const std::string& bytes) {
    RC_ASSERT(tokenizer->decode(tokenizer->encode(bytes).value()).value() == bytes);
  }));
}

TEST(Families, BothSpellingsOfMergesAreOneTokenizer) {
  const auto strings = made({.merges = kMerges});
  const auto arrays = made({.merges_as_arrays = true, .merges = kMerges});
  EXPECT_EQ(strings->hash(), arrays->hash());
  EXPECT_NE(strings->hash(), made({.merges = {{"a", "b"}}})->hash());
  EXPECT_NE(strings->hash(), made({.normalizer = R"({"type":"NFC"})", .merges = kMerges})->hash());
}

}  // namespace
}  // namespace tribute::text
