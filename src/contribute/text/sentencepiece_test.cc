// With the model of the shared folder, and what a hostile model might hold.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>

#include "base/bytes.h"
#include "io/file_system.h"
#include "io/memory_file_system.h"
#include "text/sentencepiece_model.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/testing/tokenizing.h"
#include "text/tokenizer_choice.h"

namespace tribute::text {
namespace {

const std::string kFolder = std::string(TRIBUTE_SHARED_DIR) + "/models/babyllama-1m/";

class BabyLlama : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kFolder)) GTEST_SKIP() << kFolder << " is absent";
    const auto files = io::make_real_file_system();
    auto chosen = choose_tokenizer(*files, kFolder + "tokenizer.model");
    ASSERT_TRUE(chosen.has_value()) << chosen.error().message;
    tokenizer_ = *std::move(chosen);
  }

  std::unique_ptr<Tokenizer> tokenizer_;
};

TEST_F(BabyLlama, GivesTheGoldenIds) {
  simdjson::dom::parser parser;
  const simdjson::dom::element golden = parser.load(kFolder + "golden.json");
  std::vector<TokenId> ids;
  for (const uint64_t id : golden["ids"].get_array()) ids.emplace_back(static_cast<uint32_t>(id));
  // The first is the begin token, which is never added here, and stands for no text.
  const std::string text(golden["text"].get_string().value());
  const std::vector<TokenId> without(ids.begin() + 1, ids.end());
  const std::string decoded = tokenizer_->decode(ids).value();
  EXPECT_EQ(decoded, text.substr(text.starts_with(' ') ? 1 : 0));
  EXPECT_EQ(tokenizer_->decode(without), decoded);
  EXPECT_EQ(tokenizer_->encode(decoded), without);
}

TEST_F(BabyLlama, KeepsWhatEveryTokenizerPromises) {
  for (const std::string& text : testing::nasty_texts()) {
    SCOPED_TRACE(to_hex(text));
    testing::check_promises(*tokenizer_, text);
  }
  EXPECT_EQ(testing::cut(*tokenizer_, "a  b"), (testing::Strings{"", "a", "  ", "b"}));
  EXPECT_FALSE(tokenizer_->decode(std::vector{TokenId(tokenizer_->vocabulary_size())}).has_value());
}

TEST_F(BabyLlama, ItsCompiledFileIsTheSameTokenizer) {
  io::MemoryFileSystem files;
  ASSERT_TRUE(save_tokenizer(files, "file", *tokenizer_).has_value());
  const auto opened = open_tokenizer(files, "file");
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ((*opened)->hash(), tokenizer_->hash());
  EXPECT_EQ((*opened)->encode("a little girl"), tokenizer_->encode("a little girl"));
}

// A field of a protocol buffer message.
std::string field(int number, std::string_view bytes) {
  std::string out;
  out.push_back(static_cast<char>(number << 3 | 2));
  for (size_t size = bytes.size(); true; size >>= 7) {
    out.push_back(static_cast<char>((size & 127) | (size > 127 ? 128 : 0)));
    if (size <= 127) break;
  }
  return out += bytes;
}

std::string model_with_table(std::string_view table) { return field(1, field(1, "a")) + field(3, field(2, table)); }

// 256 units, of which the first leads with its leaf to unit 4, which says `value`.
std::string table_of(uint32_t root, uint32_t value, std::string_view strings) {
  std::string table;
  append_le32(table, 1024);
  append_le32(table, root);
  for (int i = 1; i < 256; ++i) append_le32(table, i == 4 ? value | uint32_t{1} << 31 : 0);
  return table += strings;
}

TEST(SentencePieceModel, RefusesTablesThatPointBeyondThemselves) {
  using namespace std::string_literals;
  constexpr uint32_t kLeadsToFour = 4U << 10 | 1U << 8;
  EXPECT_TRUE(read_sentencepiece_settings(model_with_table(table_of(kLeadsToFour, 2, "abc\0"s))).has_value());
  for (const std::string& table :
       {table_of(kLeadsToFour, 4, "abc\0"s), table_of(kLeadsToFour, 2, "abc"), table_of(256U << 10, 0, "abc\0"s),
        table_of(kLeadsToFour, 0, ""), "abc"s, "\xff\xff\xff\x7f"s + "abc"}) {
    const auto refused = read_sentencepiece_settings(model_with_table(table));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::data_loss);
  }
}

TEST(SentencePieceModel, ReadsSettings) {
  const auto settings = read_sentencepiece_settings(field(1, "") + field(3, std::string("\x18\x00\x20\x00", 4)));
  ASSERT_TRUE(settings.has_value()) << settings.error().message;
  EXPECT_FALSE(settings->add_dummy_prefix);
  EXPECT_FALSE(settings->remove_extra_whitespaces);
  EXPECT_FALSE(read_sentencepiece_settings("").has_value());
  EXPECT_FALSE(read_sentencepiece_settings("\x0A\x05xy").has_value());
  EXPECT_FALSE(SentencePieceTokenizer::create("\x0A\x02\x0A").has_value());
}

}  // namespace
}  // namespace tribute::text
