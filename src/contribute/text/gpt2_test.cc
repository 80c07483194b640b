// Against the reference's own ids, on the machine that has them.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>

#include "base/bytes.h"
#include "io/file_system.h"
#include "io/memory_file_system.h"
#include "text/bpe_tokenizer.h"
#include "text/tiktoken.h"
#include "text/tokenizer_choice.h"

namespace tribute::text {
namespace {

const std::string kFolder = std::string(TRIBUTE_SHARED_DIR) + "/tokenizers/gpt2/";

class Gpt2 : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << kFolder << " is absent";
    files_ = io::make_real_file_system();
    auto chosen = choose_tokenizer(*files_, kFolder + "tokenizer.json");
    ASSERT_TRUE(chosen.has_value()) << chosen.error().message;
    tokenizer_ = *std::move(chosen);
    simdjson::dom::parser parser;
    for (const auto row : parser.load_many(kFolder + "golden.jsonl")) {
      Golden golden{.text = std::string(row["text"].get_string().value()), .ids = {}};
      for (const uint64_t id : row["ids"].get_array()) golden.ids.emplace_back(static_cast<uint32_t>(id));
      golden_.push_back(std::move(golden));
    }
  }

  struct Golden {
    std::string text;
    std::vector<TokenId> ids;
  };

  std::unique_ptr<io::FileSystem> files_;
  std::unique_ptr<Tokenizer> tokenizer_;
  std::vector<Golden> golden_;
};

TEST_F(Gpt2, GivesTheReferencesIds) {
  ASSERT_EQ(golden_.size(), 46U);
  for (const Golden& golden : golden_) {
    EXPECT_EQ(tokenizer_->encode(golden.text), golden.ids) << golden.text;
    EXPECT_EQ(tokenizer_->decode(golden.ids), golden.text);
    const auto ranges = tokenizer_->encode_with_ranges(golden.text);
    ASSERT_TRUE(ranges.has_value());
    EXPECT_EQ(ranges->tokens, golden.ids);
    // A byte-level token's range is its own bytes.
    for (size_t i = 0; i < golden.ids.size(); ++i) {
      const ByteRange range = ranges->ranges[i];
      EXPECT_EQ(tokenizer_->decode(std::span(golden.ids).subspan(i, 1)),
                golden.text.substr(range.begin, range.end - range.begin));
    }
  }
}

// tiktoken's form of the same vocabulary: what two ways to the same merges agree on.
TEST_F(Gpt2, ItsRankFileGivesTheSameIds) {
  const auto& model = dynamic_cast<const BpeTokenizer&>(*tokenizer_).model();
  std::string ranks;
  for (uint32_t id = 0; id < model.size() - 1; ++id) {
    ranks += to_base64(model.entry(id)) + " " + std::to_string(id) + "\n";
  }
  const auto by_rank = read_tiktoken_tokenizer(ranks, "vocabulary.tiktoken");
  ASSERT_TRUE(by_rank.has_value()) << by_rank.error().message;
  for (const Golden& golden : golden_) EXPECT_EQ((*by_rank)->encode(golden.text), golden.ids) << golden.text;
}

TEST_F(Gpt2, ItsCompiledFileIsTheSameTokenizer) {
  io::MemoryFileSystem memory;
  ASSERT_TRUE(save_tokenizer(memory, "compiled", *tokenizer_).has_value());
  const auto opened = open_tokenizer(memory, "compiled");
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ((*opened)->hash(), tokenizer_->hash());
  EXPECT_TRUE((*opened)->verify().has_value());
  for (const Golden& golden : golden_) EXPECT_EQ((*opened)->encode(golden.text), golden.ids);
}

TEST_F(Gpt2, SpecialTokensArePlainTextUnlessAskedFor) {
  const std::string text = "a<|endoftext|>b";
  EXPECT_EQ(tokenizer_->encode(text, {.special_tokens = true}),
            (std::vector{TokenId(64), TokenId(50256), TokenId(65)}));
  const auto plain = tokenizer_->encode(text).value();
  EXPECT_EQ(std::ranges::count(plain, TokenId(50256)), 0);
  EXPECT_EQ(tokenizer_->decode(plain), text);
}

}  // namespace
}  // namespace tribute::text
