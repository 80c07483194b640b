#include "text/piece_encoding.h"

#include <gtest/gtest.h>

#include "base/testing/stride.h"
#include "pretokenize/rules.h"
#include "text/join_splitter.h"
#include "text/testing/tokenizing.h"

namespace tribute::text {
namespace {

using pretokenize::Rule;
using pretokenize::Split;

const std::vector<std::pair<std::string, std::string>> kMerges{
    {"a", "b"}, {"ab", "ab"}, {" ", "a"}, {"a", "a"}, {"aa", "aa"}, {"1", "2"}, {" ", " "}, {"\xe4", "\xb8"}};

std::vector<TokenId> encoded(std::string_view text, const pretokenize::Splitter& splitter, EncoderPool& pool,
                             const PieceEncoding& how) {
  std::vector<TokenId> tokens;
  const auto done = encode_by_pieces(text, splitter, pool, how, tokens);
  EXPECT_TRUE(done.has_value()) << done.error().message;
  return tokens;
}

// Cells so small that threads begin within words, runs and characters.
TEST(PieceEncoding, ManyThreadsGiveTheTokensOfOne) {
  const auto tokenizer = testing::made({.merges = kMerges});
  EncoderPool pool(tokenizer->model());
  std::vector<std::unique_ptr<pretokenize::Splitter>> splitters;
  for (const std::string_view pattern :
       {pretokenize::gpt2_pattern(), pretokenize::cl100k_pattern(), std::string_view("a+b|\\s+(?=b)")}) {
    const std::vector<Rule> rules{Split{.pattern = std::string(pattern)}};
    splitters.push_back(pretokenize::make_splitter(rules).value());
  }
  splitters.push_back(pretokenize::make_splitter(std::vector<Rule>{pretokenize::Whitespace{}}).value());
  splitters.push_back(pretokenize::make_splitter(std::vector<Rule>{}).value());
  splitters.push_back(std::make_unique<JoinSplitter>(tokenizer->model()));
  std::mt19937_64 random(9);
  const auto texts = testing::nasty_texts();
  for (int round = 0; round < 12; ++round) {
    std::string text;
    while (text.size() < 3000) {
      text += random() % 3 == 0 ? std::string(random() % 80, "a \n1b"[random() % 5]) : texts[random() % texts.size()];
    }
    for (const auto& splitter : splitters) {
      const std::vector<TokenId> expected = encoded(text, *splitter, pool, {.threads = 1});
      for (const uint32_t cell_bytes : {4U, 7U, 64U, 1000U}) {
        EXPECT_EQ(encoded(text, *splitter, pool, {.threads = 3, .cell_bytes = cell_bytes, .bytes_per_thread = 100}),
                  expected);
      }
    }
  }
}

TEST(PieceEncoding, WholeTokenizersShareALongText) {
  testing::JsonFile llama2 = testing::llama2();
  llama2.merges = {{"▁", "a"}, {"a", "b"}, {"▁", "▁"}};
  const testing::JsonFile added{
      .normalizer = R"({"type":"NFC"})",
      .added_tokens = R"([{"id":300,"content":"  ","normalized":true},{"id":301,"content":"bb"}])",
      .merges = kMerges};
  std::string text;
  std::mt19937_64 random(2);
  const auto texts = testing::nasty_texts();
  while (text.size() < (2U << 20) + 5000) text += texts[random() % texts.size()];
  const std::vector<testing::JsonFile> files = {testing::JsonFile{.merges = kMerges}, llama2, added};
  for (size_t i = 0; i < files.size(); i += kTestStride) {
    const auto tokenizer = testing::made(files[i]);
    const auto one = tokenizer->encode_with_ranges(text).value();
    const auto two = tokenizer->encode_with_ranges(text, {.threads = 2}).value();
    EXPECT_EQ(two.tokens, one.tokens);
    EXPECT_EQ(two.ranges, one.ranges);
    EXPECT_EQ(tokenizer->encode(text, {.threads = 2}), one.tokens);
  }
}

}  // namespace
}  // namespace tribute::text
