#include "text/default_tokenizer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/hash.h"
#include "text/bpe_tokenizer.h"
#include "text/hugging_face.h"
#include "text/tokenizer_choice.h"

namespace tribute::text {
namespace {

const Tokenizer& default_tokenizer() {
  static const std::unique_ptr<Tokenizer> tokenizer = make_tokenizer("default").value();
  return *tokenizer;
}

TEST(DefaultTokenizer, IsTheFileOfTheRepository) {
  const auto files = io::make_real_file_system();
  const auto file = io::read_file(*files, TRIBUTE_SOURCE_DIR "/share/tokenizers/default/tokenizer.json");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_TRUE(default_tokenizer_json() == *file);
}

// Workspaces that were made without naming a tokenizer have this one: another default is another name or a new
// version of the program's promise, never an exchanged file.
TEST(DefaultTokenizer, NeverChanges) {
  EXPECT_EQ(sha256(default_tokenizer_json()).hex(), "bf9f7825292ffc039ae1c81486e50efb0ad5abb2cd659a467d2ae834dcb6a25d");
  EXPECT_EQ(default_tokenizer().hash().hex(), "58b5d02bacf0da1b1dd5aa3c9a968758e1871a53cac8fe3ef63086d39a4319f0");
}

TEST(DefaultTokenizer, LeavesRoomFor16Bits) {
  EXPECT_EQ(default_tokenizer().vocabulary_size(), 65'535U);
  const auto* bpe = dynamic_cast<const BpeTokenizer*>(&default_tokenizer());
  ASSERT_NE(bpe, nullptr);
  ASSERT_EQ(bpe->settings().added.size(), 1U);
  EXPECT_EQ(bpe->settings().added[0].id, 65'534U);
  EXPECT_EQ(bpe->settings().added[0].content, "<|endoftext|>");
  EXPECT_TRUE(bpe->settings().normalizer.empty());
}

TEST(DefaultTokenizer, GivesBackAnyBytes) {
  std::string every_byte;
  for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
  for (const std::string& text : {every_byte, std::string("<|endoftext|>"), std::string("港口 のこぎり naïve\r\n\t\t"),
                                  std::string(100'000, ' '), std::string("\xed\xa0\x80\xf0\x9f\x98 \0\0", 9)}) {
    const auto tokens = default_tokenizer().encode(text);
    ASSERT_TRUE(tokens.has_value());
    EXPECT_EQ(default_tokenizer().decode(*tokens), text);
  }
  EXPECT_TRUE(rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const auto tokens = default_tokenizer().encode_with_ranges(text);
    RC_ASSERT(tokens.has_value());
    RC_ASSERT(default_tokenizer().decode(tokens->tokens).value() == text);
    RC_ASSERT(default_tokenizer().encode(text).value() == tokens->tokens);
    for (size_t i = 0; i < tokens->tokens.size(); ++i) {
      const ByteRange range = tokens->ranges[i];
      const std::string bytes = default_tokenizer().decode(std::span(&tokens->tokens[i], 1)).value();
      RC_ASSERT(bytes == text.substr(range.begin, range.end - range.begin));
    }
  }));
}

TEST(DefaultTokenizer, KnowsCommonWordsOfItsLanguages) {
  for (const std::string word :
       {" the", " because", " nicht", " pour", " para", " если", "的", "する", " return", "的时候"}) {
    const auto tokens = default_tokenizer().encode(word);
    ASSERT_TRUE(tokens.has_value());
    EXPECT_LE(tokens->size(), 2U) << word;
  }
}

}  // namespace
}  // namespace tribute::text
