// Tokenizer files of whole tokenizers: what a workspace keeps and an auditor reads.
#include <gtest/gtest.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "io/memory_file_system.h"
#include "text/testing/tokenizing.h"
#include "text/tiktoken.h"
#include "text/tokenizer_choice.h"

namespace tribute::text {
namespace {

// One of everything that settings hold.
std::unique_ptr<BpeTokenizer> rich() {
  return testing::made(
      {.normalizer = R"({"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Prepend","prepend":"_"},)"
                     R"({"type":"Replace","pattern":{"String":"q"},"content":"k"}]})",
       .pre_tokenizer =
           R"({"type":"Sequence","pretokenizers":[{"type":"Punctuation","behavior":"Removed"},{"type":"Whitespace"},)"
           R"({"type":"ByteLevel","add_prefix_space":false},{"type":"Digits","individual_digits":true},)"
           R"({"type":"Split","pattern":{"String":"x"},"behavior":"MergedWithNext","invert":true}]})",
       .added_tokens =
           R"([{"id":300,"content":"<a>","single_word":true,"lstrip":true,"rstrip":true,"normalized":true},)"
           R"({"id":301,"content":"<b>","special":true}])",
       .merges = {{"a", "b"}, {"ab", "c"}}});
}

TEST(CompiledTokenizer, IsTheSameTokenizer) {
  testing::JsonFile llama2 = testing::llama2();
  llama2.merges = {{"▁", "a"}};
  for (const auto& tokenizer : {rich(), testing::made(llama2)}) {
    io::MemoryFileSystem files;
    ASSERT_TRUE(save_tokenizer(files, "file", *tokenizer).has_value());
    const auto opened = open_tokenizer(files, "file");
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    EXPECT_EQ((*opened)->kind(), "bpe");
    EXPECT_EQ((*opened)->hash(), tokenizer->hash());
    EXPECT_EQ((*opened)->vocabulary_size(), tokenizer->vocabulary_size());
    EXPECT_TRUE((*opened)->verify().has_value());
    EXPECT_EQ(to_tokenizer_file(**opened), to_tokenizer_file(*tokenizer));
    EXPECT_EQ(dynamic_cast<const BpeTokenizer&>(**opened).settings(), tokenizer->settings());
    for (const std::string& text : testing::nasty_texts()) {
      EXPECT_EQ((*opened)->encode(text, {.special_tokens = true}), tokenizer->encode(text, {.special_tokens = true}));
    }
  }
}

// The file with right checksums for whatever stands in its payload.
std::string with_checksums(std::string file) {
  const auto put = [&file](size_t offset, std::string_view bytes) {
    std::string checksum;
    append_le64(checksum, XXH3_64bits(bytes.data(), bytes.size()));
    file.replace(offset, 8, checksum);
  };
  put(40, std::string_view(file).substr(64));
  put(56, std::string_view(file).substr(0, 56));
  return file;
}

// Whoever makes a file can make its checksums right: it is refused, or works without a crash and does not verify.
void check_lies(const BpeTokenizer& tokenizer, int rounds) {
  const std::string sound = to_tokenizer_file(tokenizer);
  std::mt19937_64 random(4);
  int opened_count = 0;
  for (int round = 0; round < rounds; ++round) {
    std::string file = sound;
    const size_t at = 64 + random() % (round % 2 == 0 ? 700 : file.size() - 64);
    file[at] = static_cast<char>(file[at] ^ 1 << random() % 8);
    EXPECT_FALSE(parse_tokenizer_file(file).has_value()) << "byte " << at;
    const auto opened = parse_tokenizer_file(with_checksums(file));
    if (!opened) {
      EXPECT_EQ(opened.error().code, ErrorCode::data_loss) << opened.error().message;
      continue;
    }
    ++opened_count;
    EXPECT_FALSE((*opened)->verify().has_value()) << "byte " << at;
    for (const char* text : {"abcab <a> xx11 zz", "\xff\xc3\xa9"}) {
      const auto encoded = (*opened)->encode_with_ranges(text);
      if (!encoded) continue;
      for (const ByteRange range : encoded->ranges) EXPECT_LE(range.end, std::string_view(text).size());
      static_cast<void>((*opened)->decode(encoded->tokens));
    }
  }
  EXPECT_GT(opened_count, rounds / 20);
  for (size_t size = 0; size < sound.size(); size += 237) {
    EXPECT_FALSE(parse_tokenizer_file(sound.substr(0, size)).has_value());
  }
}

TEST(CompiledTokenizer, AFileThatLiesDoesNotVerify) {
  testing::JsonFile llama2 = testing::llama2();
  llama2.merges = {{"▁", "a"}, {"▁a", "b"}};
  check_lies(*testing::made(llama2), 400);
  check_lies(*rich(), 20);  // whose patterns take their time to compile
}

TEST(TokenizerChoice, TellsFilesByTheirContent) {
  io::MemoryFileSystem files;
  const auto write = [&](const std::string& path, const std::string& bytes) {
    ASSERT_TRUE(io::write_file_atomically(files, path, bytes).has_value());
  };
  const auto tokenizer = testing::made({.merges = {{"a", "b"}}});
  std::string ranks;
  for (uint32_t id = 0; id < 257; ++id)
    ranks += to_base64(tokenizer->model().entry(id)) + " " + std::to_string(id) + "\n";
  write("a.json", "\n" + testing::JsonFile{.merges = {{"a", "b"}}}.text());
  write("compiled", to_tokenizer_file(*tokenizer));
  write("my-cl100k.tiktoken", ranks);
  write("other", ranks);
  write("empty", "");
  EXPECT_EQ(choose_tokenizer(files, "a.json").value()->hash(), tokenizer->hash());
  EXPECT_EQ(choose_tokenizer(files, "compiled").value()->hash(), tokenizer->hash());
  const Hash256 cl100k = choose_tokenizer(files, "my-cl100k.tiktoken").value()->hash();
  EXPECT_EQ(choose_tokenizer(files, "cl100k:other").value()->hash(), cl100k);
  EXPECT_NE(choose_tokenizer(files, "gpt2:other").value()->hash(), cl100k);
  // A line break and a space at the end of a text are one piece to tiktoken's cl100k and two to Llama 3.
  const std::string joined = ranks + to_base64("\n ") + " 257\n";
  EXPECT_EQ(read_tokenizer(joined, "", "cl100k").value()->encode("x\n ").value().size(), 2U);
  EXPECT_EQ(read_tokenizer(joined, "", "llama3").value()->encode("x\n ").value().size(), 3U);
  for (const auto& [path, message] : std::vector<std::pair<std::string, std::string>>{
           {"other", "other: neither the file's name nor its 257 entries say how texts are cut; say which"},
           {"r2d2:other", "other: there is no pattern 'r2d2'"},
           {"empty", "empty: this is no tokenizer file"},
           {"cl100k:absent", "there is no tokenizer 'cl100k:absent'"}}) {
    const auto refused = choose_tokenizer(files, path);
    ASSERT_FALSE(refused.has_value()) << path;
    EXPECT_NE(refused.error().message.find(message), std::string::npos) << refused.error().message;
  }
}

TEST(Tiktoken, MergesWhateverIsAnEntryAndRefusesWhatIsNone) {
  std::string ranks;
  auto add = [&ranks, rank = 0](std::string_view bytes) mutable {
    ranks += to_base64(bytes) + " " + std::to_string(rank++) + "\r\n";
  };
  for (int byte = 0; byte < 256; ++byte) add(std::string(1, static_cast<char>(static_cast<uint8_t>(byte))));
  for (const char* entry : {"bc", "ab", "abc", "xyz"}) add(entry);
  const auto tokenizer = read_tiktoken_tokenizer(ranks, "gpt2");
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  // bc has the lowest rank, then a and bc are abc; xyz is whole as a piece only.
  EXPECT_EQ((*tokenizer)->encode("abcd"), (std::vector{TokenId(258), TokenId('d')}));
  EXPECT_EQ((*tokenizer)->encode("xyz"), std::vector{TokenId(259)});
  EXPECT_EQ((*tokenizer)->encode("xyza").value().size(), 4U);
  for (const auto& [bytes, message] : std::vector<std::pair<std::string, std::string>>{
           {ranks + "!! 9\n", "line 261: is no entry in base64"},
           {ranks + "YQ== 999999\n", "line 261: its rank is over the limit"},
           {ranks + "eHh4 5\n", "line 261: its rank is there twice"},
           {ranks + "eHh4 -5\n", "line 261: is no entry"},
           {ranks + "YQ== 300\n", "entry 300 ('a') is there twice"},
           {"YQ== 0\n", "no entry for the byte 0x00"}}) {
    const auto refused = read_tiktoken_tokenizer(bytes, "gpt2");
    ASSERT_FALSE(refused.has_value()) << message;
    EXPECT_NE(refused.error().message.find(message), std::string::npos) << refused.error().message;
  }
}

}  // namespace
}  // namespace tribute::text
