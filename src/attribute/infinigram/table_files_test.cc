#include "infinigram/table_files.h"

#include <gtest/gtest.h>

#include "base/testing/stride.h"
#include "infinigram/folder.h"
#include "infinigram/testing/writer.h"
#include "io/memory_file_system.h"
#include "lm/documents.h"
#include "lm/model.h"
#include "lm/query.h"
#include "lm/sampler.h"
#include "ngram/testing/documents.h"

namespace tribute::infinigram {
namespace {

using ngram::testing::tokens_of;

std::string bytes_of(io::FileSystem& files, const std::string& name) { return io::read_file(files, name).value(); }

void put(io::FileSystem& files, const std::string& name, const std::string& bytes) {
  ASSERT_TRUE(io::write_file_atomically(files, name, bytes).has_value());
}

// Written out by hand from the format's page: two documents, (1, 256) and (1), u16.
TEST(TableFiles, BytesByHand) {
  io::MemoryFileSystem files;
  put(files, "tokenized.0", {"\xff\xff\x01\x00\x00\x01\xff\xff\x01\x00", 10});
  // Suffixes by their bytes: 00 01 ff ff 01 00 at 4; 01 00 at 8; 01 00 00 01 … at 2; ff ff 01 00 (end) at 6; ff ff 01
  // 00 00 … at 0.
  put(files, "table.0", {"\x04\x08\x02\x06\x00", 5});
  put(files, "offset.0", {"\0\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0", 16});
  const auto folder = Folder::open(files, ".", TokenType::u16);
  ASSERT_TRUE(folder.has_value()) << folder.error().message;
  const TableFiles& table = folder->shards().front()->files();
  EXPECT_EQ(table.suffix_count(), 5);
  EXPECT_EQ(table.pointer_bytes(), 1);
  EXPECT_EQ(table.key_at(2), 1);  // 256, whose bytes are 0 and 1
  EXPECT_EQ(table.position_of(0), 2);
  EXPECT_EQ(table.metadata(0), "");
  const lm::Model model(folder->pointers());
  const std::vector<TokenId> one = {TokenId{1}};
  EXPECT_EQ(model.distribution(one),
            (lm::Distribution{.context_length = 1, .count = 2, .tokens = {{TokenId{256}, 1}}, .end_of_document = 1}));
  EXPECT_EQ(model.live(), (ngram::LiveCounts{.documents = 2, .tokens = 3}));
}

TEST(TableFiles, TheWriterOfTheTestsMakesTheSameBytes) {
  io::MemoryFileSystem files;
  testing::write_shard(files, ".", "0", {{TokenId{1}, TokenId{256}}, {TokenId{1}}}, {.add_metadata = false});
  EXPECT_EQ(bytes_of(files, "tokenized.0"), std::string("\xff\xff\x01\x00\x00\x01\xff\xff\x01\x00", 10));
  EXPECT_EQ(bytes_of(files, "table.0"), std::string("\x04\x08\x02\x06\x00", 5));
  EXPECT_EQ(bytes_of(files, "offset.0"), std::string("\0\0\0\0\0\0\0\0\6\0\0\0\0\0\0\0", 16));
}

// A pointer has ceil(log2(bytes) / 8) bytes: those of 256 bytes fit one, of 258 two.
TEST(TableFiles, WidthsOfPointers) {
  for (const uint32_t tokens : {0U, 126U, 127U, 128U, 32'766U, 32'767U, 32'768U}) {
    io::MemoryFileSystem files;
    std::vector<TokenId> document;
    for (uint32_t i = 0; i < tokens; ++i) document.emplace_back(i);
    testing::write_shard(files, ".", "0", {document}, {.type = TokenType::u16});
    const auto folder = Folder::open(files, ".", TokenType::u16);
    ASSERT_TRUE(folder.has_value()) << tokens << folder.error().message;
    EXPECT_EQ(folder->shards().front()->files().pointer_bytes(), tokens <= 127 ? 1 : tokens <= 32'767 ? 2 : 3);
    EXPECT_EQ(lm::Model(folder->pointers()).count(std::span(document)), 1);
  }
}

TEST(TableFiles, MissingAndTruncatedFilesAreOneClearLine) {
  io::MemoryFileSystem whole;
  testing::write_shard(whole, ".", "0", {tokens_of("abc"), tokens_of("abcab")}, {.type = TokenType::u16});
  const auto error_of = [](io::FileSystem& files, TokenType type = TokenType::u16) {
    const auto folder = Folder::open(files, ".", type);
    return folder ? Error{} : folder.error();
  };
  EXPECT_EQ(error_of(whole), Error{});
  EXPECT_EQ(error_of(whole, TokenType::u32).code, ErrorCode::failed_precondition);
  EXPECT_EQ(error_of(whole, TokenType::u8).code, ErrorCode::failed_precondition);
  for (const std::string kind : {"table", "offset", "metadata", "metaoff"}) {
    const auto files = whole.clone();
    ASSERT_TRUE(files->remove(kind + ".0").has_value());
    EXPECT_EQ(error_of(*files).code, ErrorCode::failed_precondition) << kind;
    EXPECT_TRUE(error_of(*files).message.starts_with("./" + kind + ".0 is missing")) << error_of(*files).message;
  }
  for (const std::string kind : {"tokenized", "table", "offset", "metaoff"}) {
    const std::string bytes = bytes_of(whole, kind + ".0");
    for (size_t size = 0; size < bytes.size(); ++size) {
      const auto files = whole.clone();
      put(*files, kind + ".0", bytes.substr(0, size));
      const ErrorCode code = error_of(*files).code;
      EXPECT_TRUE(code == ErrorCode::data_loss || code == ErrorCode::failed_precondition) << kind << size;
      EXPECT_TRUE(error_of(*files).message.starts_with("./")) << error_of(*files).message;
    }
  }
}

TEST(TableFiles, AsManySeparatorsAsDocuments) {
  for (const bool has_fewer : {true, false}) {
    io::MemoryFileSystem files;
    testing::write_shard(files, ".", "0", {tokens_of("abc"), tokens_of("ab")},
                         {.type = TokenType::u8, .add_metadata = false});
    std::string offsets = bytes_of(files, "offset.0");
    put(files, "offset.0", has_fewer ? offsets.substr(0, 8) : offsets + offsets.substr(8));
    const auto folder = Folder::open(files, ".", TokenType::u8);
    ASSERT_FALSE(folder.has_value());
    EXPECT_EQ(folder.error().message,
              "./table.0: it does not have as many separators as there are documents; restore the file or build the "
              "index again");
  }
}

// Neither the separator nor a token whose low bytes are another's is found.
TEST(TableFiles, TokensThatTheirWidthDoesNotHoldAreNotThere) {
  for (const TokenType type : {TokenType::u8, TokenType::u16, TokenType::u32}) {
    io::MemoryFileSystem files;
    testing::write_shard(files, ".", "0", {tokens_of("ab"), tokens_of("ab")}, {.type = type});
    const auto folder = Folder::open(files, ".", type);
    ASSERT_TRUE(folder.has_value());
    const lm::Model model(folder->pointers());
    const uint32_t separator = folder->shards().front()->files().separator_key();
    for (const uint32_t token : {separator, separator + 1 + 'b', 0x10000U + 'b', 0x100U + 'b'}) {
      if (token == 'b') continue;  // u32 has no more
      const std::vector<TokenId> text = {TokenId{'a'}, TokenId{token}};
      EXPECT_EQ(model.count(std::span(text)), 0) << token;
      EXPECT_EQ(model.longest_matches(text), (std::vector<uint32_t>{1, 0})) << token;
    }
  }
}

// Asks everything of a folder, whatever is in it. True if every answer came, right or wrong.
bool ask_all(const Folder& folder) {
  const lm::Model model(folder.pointers());
  const auto text = tokens_of("abcabx");
  bool is_whole = model.count(std::span<const TokenId>(text)).has_value();
  is_whole = model.infinity_distribution(text).has_value() && is_whole;
  is_whole = model.distribution({}).has_value() && is_whole;
  is_whole = model.maximal_spans(text).has_value() && is_whole;
  is_whole =
      lm::count(model, {.clauses = {{tokens_of("a")}, {tokens_of("b"), tokens_of("c")}}}).has_value() && is_whole;
  is_whole = lm::search(model, {.clauses = {{tokens_of("ab")}}}, 2).has_value() && is_whole;
  is_whole = lm::generate(model, text, {.max_tokens = 5}).has_value() && is_whole;
  for (uint64_t i = 0; i < 9; ++i) {
    const auto by_rank = lm::document_by_rank(model, 0, i);
    const auto by_position = lm::document_by_position(model, 0, i);
    const auto by_id = lm::document_by_id(model, i);
    for (const auto* const one : {&by_rank, &by_position, &by_id}) {
      is_whole = is_whole && (one->has_value() || one->error().code != ErrorCode::data_loss);
    }
  }
  return is_whole;
}

// Every byte of every file, changed in a few ways: an error or any answer, nothing read outside of the files
// (as the sanitizers see it), and a pointer or offset out of its file is always an error where it is read.
TEST(TableFiles, DamageNeverLeadsOutOfTheFiles) {
  for (const TokenType type : {TokenType::u8, TokenType::u16, TokenType::u32}) {
    io::MemoryFileSystem whole;
    testing::write_shard(whole, ".", "0", {tokens_of("abc"), {}, tokens_of("abcab")}, {.type = type});
    for (const std::string kind : {"tokenized", "table", "offset", "metadata", "metaoff"}) {
      const std::string bytes = bytes_of(whole, kind + ".0");
      for (size_t at = 0; at < bytes.size(); at += kTestStride) {
        for (const char flip : {'\x01', '\x02', '\x80', '\xff'}) {
          const auto files = whole.clone();
          std::string broken = bytes;
          broken[at] = static_cast<char>(broken[at] ^ flip);
          put(*files, kind + ".0", broken);
          const auto folder = Folder::open(*files, ".", type);
          if (!folder) continue;
          const bool is_whole = ask_all(*folder);
          // A token's pointer beyond the few tokens there are or between two, or an offset beyond them.
          const bool is_misaligned = flip == '\x01' && type != TokenType::u8;
          const bool leads_out = kind == "table"    ? at < 8 && (flip == '\x80' || is_misaligned)
                                 : kind == "offset" ? flip == '\x80' && at % 8 == 7
                                                    : false;
          EXPECT_FALSE(leads_out && is_whole) << kind << at;
          EXPECT_TRUE(is_whole || folder->shards().front()->status().error().code == ErrorCode::data_loss);
        }
      }
    }
  }
}

}  // namespace
}  // namespace tribute::infinigram
