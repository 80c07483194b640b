#include "text/tokenizer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <xxhash.h>

#include <thread>

#include "base/bytes.h"
#include "io/memory_file_system.h"
#include "text/byte_tokenizer.h"
#include "text/tokenizer_choice.h"

namespace tribute::text {
namespace {

using namespace std::string_literals;

const std::string kNasty = "\x00\xff<|endoftext|>\r\n\xe4\xb8\xad\xed\xa0\x80 \xf0\x9f\x98"s;

std::vector<std::string> texts() {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(static_cast<uint8_t>(i)));
  return {"", "a", kNasty, all_bytes, std::string(100'000, ' ')};
}

TEST(ByteTokenizer, TokenIsTheByte) {
  const ByteTokenizer tokenizer;
  EXPECT_EQ(tokenizer.vocabulary_size(), 256U);
  EXPECT_EQ(tokenizer.encode("a\xff\x00"s), (std::vector{TokenId(97), TokenId(255), TokenId(0)}));
}

// Receipts and manifests cite this value: it can never change.
TEST(ByteTokenizer, HashIsThatOfItsDescription) {
  EXPECT_EQ(ByteTokenizer().hash(), sha256("tribute tokenizer: bytes, version 1: 256 tokens, token i is the byte i\n"));
  EXPECT_EQ(ByteTokenizer().hash().hex(), "cfea8929ae6f513dd75f1b7e1dc10b48fd8df0471f4c94552fd60c38965a1f93");
}

TEST(ByteTokenizer, RangesCoverTheTextAndDecodingGivesItBack) {
  const ByteTokenizer tokenizer;
  for (const std::string& text : texts()) {
    const auto encoded = tokenizer.encode_with_ranges(text);
    ASSERT_TRUE(encoded.has_value());
    EXPECT_EQ(encoded->tokens, tokenizer.encode(text));
    ASSERT_EQ(encoded->ranges.size(), encoded->tokens.size());
    uint32_t end = 0;
    for (size_t i = 0; i < encoded->ranges.size(); ++i) {
      const ByteRange range = encoded->ranges[i];
      ASSERT_EQ(range.begin, end);
      end = range.end;
      ASSERT_EQ(tokenizer.decode(std::span(&encoded->tokens[i], 1)), text.substr(range.begin, range.end - range.begin));
    }
    EXPECT_EQ(end, text.size());
    EXPECT_EQ(tokenizer.decode(encoded->tokens), text);
  }
}

TEST(ByteTokenizer, UnknownTokensAreRefused) {
  const ByteTokenizer tokenizer;
  const std::vector<TokenId> tokens = {TokenId(65), TokenId(256)};
  EXPECT_EQ(tokenizer.decode(tokens).error().code, ErrorCode::invalid_argument);
  const auto decoder = tokenizer.make_stream_decoder();
  EXPECT_EQ(decoder->push(TokenId(256)).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(decoder->push(TokenId(65)), "A") << "an unknown token is skipped";
}

TEST(ByteTokenizer, StreamGivesWholeCharacters) {
  const auto decoder = ByteTokenizer().make_stream_decoder();
  std::vector<std::string> pieces;
  for (const char byte : "a\xe4\xb8\xad\xf0\x9f!\xe4\xb8"s) {
    pieces.push_back(decoder->push(TokenId(static_cast<uint8_t>(byte))).value());
  }
  EXPECT_EQ(pieces, (std::vector<std::string>{"a", "", "", "\xe4\xb8\xad", "", "", "\xf0\x9f!", "", ""}));
  EXPECT_EQ(decoder->finish(), "\xe4\xb8");
  EXPECT_EQ(decoder->finish(), "");
}

TEST(ByteTokenizer, StreamEqualsDecodeAndNeverCutsACharacter) {
  EXPECT_TRUE(rc::check([] {
    const auto bytes = *rc::gen::container<std::string>(
        rc::gen::element('a', '\x80', '\xbf', '\xc3', '\xe0', '\xa0', '\xed', '\x9f', '\xf0', '\x90', '\xf4', '\xff'));
    const ByteTokenizer tokenizer;
    const auto decoder = tokenizer.make_stream_decoder();
    std::string all;
    const auto tokens = tokenizer.encode(bytes).value();
    for (size_t i = 0; i < tokens.size(); ++i) {
      all += decoder->push(tokens[i]).value();
      // What is held back is the beginning of a character: with the right bytes after it, it is valid.
      const std::string held = bytes.substr(all.size(), i + 1 - all.size());
      bool completable = held.empty();
      for (const char* rest : {"\x80", "\x80\x80", "\x80\x80\x80", "\xa0\x80", "\x90\x80\x80"}) {
        completable = completable || is_valid_utf8(held + rest);
      }
      RC_ASSERT(completable);
    }
    RC_ASSERT(all + decoder->finish() == bytes);
  }));
}

TEST(ByteTokenizer, ThreadsShareOne) {
  const ByteTokenizer tokenizer;
  const auto expected = tokenizer.encode(kNasty).value();
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) EXPECT_EQ(tokenizer.encode(kNasty), expected);
    });
  }
}

TEST(Tokenizer, NamesAreBytesAndDefault) {
  EXPECT_EQ(make_tokenizer("bytes").value()->kind(), "bytes");
  EXPECT_EQ(make_tokenizer("default").value()->kind(), "bpe");
  for (const char* name : {"", "Bytes", "gpt2", "bytes "}) {
    const auto refused = make_tokenizer(name);
    ASSERT_FALSE(refused.has_value()) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(refused.error().message.find("'" + std::string(name) + "'"), std::string::npos);
  }
}

TEST(Tokenizer, IsChosenByNameElseByPath) {
  io::MemoryFileSystem files;
  ASSERT_TRUE(save_tokenizer(files, "own", ByteTokenizer()).has_value());
  ASSERT_TRUE(io::write_file_atomically(files, "notes.txt", "x").has_value());
  for (const char* choice : {"bytes", "own"}) {
    const auto tokenizer = choose_tokenizer(files, choice);
    ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
    EXPECT_EQ((*tokenizer)->hash(), ByteTokenizer().hash());
  }
  EXPECT_EQ(choose_tokenizer(files, "gpt2").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(choose_tokenizer(files, "").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(choose_tokenizer(files, "notes.txt").error().code, ErrorCode::data_loss);
}

uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

// The file of version 1, byte for byte: old workspaces must open for ever.
TEST(TokenizerFile, GoldenBytesOfVersion1) {
  std::string expected =
      "TRBTOKEN\x01\x00\x00\x00\x00\x00\x00\x00"s
      "bytes"s +
      std::string(40 - 21, '\0');
  expected += *from_hex("c294d3380580062d0000000000000000315875cfdc9201e9");
  EXPECT_EQ(to_hex(to_tokenizer_file(ByteTokenizer())), to_hex(expected));
  const auto tokenizer = parse_tokenizer_file(expected);
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  EXPECT_EQ((*tokenizer)->hash(), ByteTokenizer().hash());
}

// A file with another kind, version, filling or payload, and the right checksums.
std::string altered(size_t offset, std::string_view bytes, std::string_view payload = {}) {
  std::string file = to_tokenizer_file(ByteTokenizer());
  std::string payload_checksum;
  append_le64(payload_checksum, checksum(payload));
  file.replace(40, 8, payload_checksum);
  file.replace(offset, bytes.size(), bytes);
  file.resize(56);
  append_le64(file, checksum(file));
  return file + std::string(payload);
}

TEST(TokenizerFile, RefusesWhatItDoesNotKnowByName) {
  const auto kind = parse_tokenizer_file(altered(16, "trie\0"s));
  ASSERT_FALSE(kind.has_value());
  EXPECT_EQ(kind.error().code, ErrorCode::unimplemented);
  EXPECT_NE(kind.error().message.find("'trie'"), std::string::npos) << kind.error().message;

  const auto version = parse_tokenizer_file(altered(8, "\x02"));
  ASSERT_FALSE(version.has_value());
  EXPECT_EQ(version.error().code, ErrorCode::failed_precondition);
}

TEST(TokenizerFile, EveryDamageIsFound) {
  const std::string file = to_tokenizer_file(ByteTokenizer());
  for (size_t size = 0; size < file.size(); ++size) {
    const auto cut = parse_tokenizer_file(file.substr(0, size));
    ASSERT_FALSE(cut.has_value()) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::data_loss) << size;
  }
  for (size_t i = 0; i < file.size() * 8; ++i) {
    std::string flipped = file;
    flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
    EXPECT_FALSE(parse_tokenizer_file(flipped).has_value()) << "bit " << i;
  }
  EXPECT_FALSE(parse_tokenizer_file(file + "x").has_value());
  for (const auto& wrong :
       {altered(12, "\x01"), altered(16, "\0"s), altered(16, "Bytes"), altered(16, "bytes\0x"s), altered(32, "\x01"),
        altered(40, "\x01"), altered(48, "\x01"), altered(8, "\0"s), altered(32, "\x07", "payload")}) {
    const auto result = parse_tokenizer_file(wrong);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::data_loss) << result.error().message;
  }
}

TEST(TokenizerFile, IsSavedAndOpened) {
  io::MemoryFileSystem files;
  ASSERT_TRUE(save_tokenizer(files, "tokenizer", ByteTokenizer()).has_value());
  const auto tokenizer = open_tokenizer(files, "tokenizer");
  ASSERT_TRUE(tokenizer.has_value()) << tokenizer.error().message;
  EXPECT_EQ((*tokenizer)->kind(), "bytes");
  EXPECT_EQ(open_tokenizer(files, "absent").error().code, ErrorCode::not_found);

  ASSERT_TRUE(io::write_file_atomically(files, "damaged", "TRBTOKEN").has_value());
  const auto damaged = open_tokenizer(files, "damaged");
  ASSERT_FALSE(damaged.has_value());
  EXPECT_TRUE(damaged.error().message.starts_with("damaged: ")) << damaged.error().message;
}

}  // namespace
}  // namespace tribute::text
