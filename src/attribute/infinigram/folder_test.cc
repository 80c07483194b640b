#include "infinigram/folder.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "base/testing/stride.h"
#include "infinigram/directory.h"
#include "infinigram/testing/writer.h"
#include "io/memory_file_system.h"
#include "lm/documents.h"
#include "lm/model.h"
#include "lm/testing/compare.h"

namespace tribute::infinigram {
namespace {

using lm::NaiveCorpus;
using lm::testing::CorpusShape;
using lm::testing::Tokens;
using ngram::testing::Random;
using ngram::testing::tokens_of;

// Writes each shard, and gives the documents the numbers that infini-gram gives them.
void write_corpus(io::FileSystem& files, NaiveCorpus& corpus, const testing::WriteOptions& options) {
  uint64_t id = 0;
  for (size_t i = 0; i < corpus.size(); ++i) {
    std::vector<Tokens> documents;
    for (auto& document : corpus[i]) {
      document.id = id++;
      documents.push_back(document.tokens);
    }
    testing::write_shard(files, ".", std::to_string(i), documents, options);
  }
}

// For every token type, with and without directories, tokens on both sides of a byte's edge, and the highest.
TEST(Folder, SaysWhatTheNaiveTwinOfTheModelSays) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const testing::WriteOptions options{.type = *rc::gen::element(TokenType::u8, TokenType::u16, TokenType::u32),
                                        .add_metadata = random.chance(500)};
    const auto separator = static_cast<uint32_t>((uint64_t{1} << 8 * static_cast<uint32_t>(options.type)) - 1);
    const uint32_t alphabet = 1 + random.below(4);
    const CorpusShape shape{.shards = 1 + random.below(3),
                            .documents = 8,
                            .size = 1 + random.below(40),
                            .first_token = std::vector<uint32_t>{0, 100, std::min(254U, separator - alphabet),
                                                                 separator - alphabet}[random.below(4)],
                            .alphabet = alphabet};
    NaiveCorpus corpus = lm::testing::random_corpus(random, shape);
    io::MemoryFileSystem files;
    write_corpus(files, corpus, options);
    if (random.chance(500)) RC_ASSERT(import_folder(files, ".", options.type).has_value());
    const auto folder = Folder::open(files, ".", options.type);
    RC_ASSERT(folder.has_value());
    lm::testing::compare_all(lm::Model(folder->pointers()), corpus, random, shape);
  }));
}

// Ranks are those of the files; a directory of many pages changes no answer.
TEST(Folder, ADirectoryChangesNoAnswer) {
  for (const TokenType type : {TokenType::u8, TokenType::u16, TokenType::u32}) {
    Random random(static_cast<uint64_t>(type));
    io::MemoryFileSystem files;
    std::vector<Tokens> documents;
    for (int i = 0; i < 60; ++i) {
      Tokens& document = documents.emplace_back();
      // Long repeats, so that many pages begin with the same 8 bytes.
      for (uint32_t k = random.below(200); k > 0; --k) document.emplace_back(i % 3 == 0 ? 7 : random.below(3) * 90);
    }
    testing::write_shard(files, ".", "0", documents, {.type = type});
    const auto without = TableShard::open(files, ".", "0", {.type = type});
    ASSERT_TRUE(without.has_value()) << without.error().message;
    const auto imported = import_folder(files, ".", type);
    ASSERT_TRUE(imported.has_value());
    EXPECT_EQ(imported->directory_bytes, 8192);
    const auto with = TableShard::open(files, ".", "0", {.type = type});
    ASSERT_TRUE(with.has_value()) << with.error().message;
    ASSERT_TRUE((*with)->has_directory());
    ASSERT_FALSE((*without)->has_directory());
    std::vector<Tokens> texts;
    for (uint32_t i = 0; i < 2000; i += kTestStride) {
      const Tokens& document = documents[random.below(60)];
      const auto begin = document.begin() + random.below(static_cast<uint32_t>(document.size()) + 1);
      texts.emplace_back(begin, begin + std::min<ptrdiff_t>(document.end() - begin, 1 + random.below(12)));
      if (random.chance(300) || texts.back().empty()) texts.back().emplace_back(random.below(254));
    }
    const std::vector<std::span<const TokenId>> runs(texts.begin(), texts.end());
    ASSERT_EQ((*with)->find(runs), (*without)->find(runs));
    for (const auto run : runs) ASSERT_EQ((*with)->longest_matches(run), (*without)->longest_matches(run));
  }
}

// Every search of a table whose directory has several pages, against comparing.
TEST(Folder, SearchesFindWhatComparingFinds) {
  Tokens document;
  Random random(9);
  for (int i = 0; i < 6000; ++i) document.emplace_back(random.below(4) * 257 + 3);
  io::MemoryFileSystem files;
  testing::write_shard(files, ".", "0", {document}, {.type = TokenType::u16});
  ASSERT_TRUE(import_folder(files, ".", TokenType::u16).has_value());
  const auto folder = Folder::open(files, ".");
  ASSERT_TRUE(folder.has_value()) << folder.error().message;
  const lm::Model model(folder->pointers());
  for (uint32_t length = 1; length <= 5; ++length) {
    for (uint32_t code = 0; code < 1U << 2 * length; code += kTestStride) {
      Tokens run;
      for (uint32_t i = 0; i < length; ++i) run.emplace_back((code >> 2 * i & 3) * 257 + 3);
      uint64_t expected = 0;
      for (size_t at = 0; at + length <= document.size(); ++at) {
        if (std::equal(run.begin(), run.end(), document.begin() + static_cast<ptrdiff_t>(at))) ++expected;
      }
      ASSERT_EQ(model.count(std::span<const TokenId>(run)), expected);
    }
  }
}

TEST(Folder, NumbersShardsAndDocumentsAsInfiniGramDoes) {
  io::MemoryFileSystem files;
  for (const char* const name : {"0", "1", "2", "10"}) {
    testing::write_shard(files, ".", name, {tokens_of("first of "), tokens_of(name)}, {.type = TokenType::u8});
  }
  ASSERT_TRUE(io::write_file_atomically(files, "./tokenized.notes", "other").has_value());
  const auto folder = Folder::open(files, ".", TokenType::u8);
  ASSERT_TRUE(folder.has_value());
  const lm::Model model(folder->pointers());
  // By the bytes of their names: 0, 1, 10, 2.
  for (const auto& [id, name] : {std::pair{1, "0"}, {3, "1"}, {5, "10"}, {7, "2"}}) {
    const auto found = lm::document_by_id(model, static_cast<uint64_t>(id));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->tokens, tokens_of(name));
    EXPECT_EQ(found->metadata, testing::metadata_of(1));
  }
  EXPECT_EQ(lm::document_by_id(model, 8).error().code, ErrorCode::not_found);
  // A separator is no token's place.
  EXPECT_EQ(lm::document_by_position(model, 0, 0).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(lm::document_by_position(model, 0, 1)->tokens, tokens_of("first of "));
}

TEST(Folder, TheTypeIsRememberedByAnImport) {
  for (const TokenType type : {TokenType::u8, TokenType::u16, TokenType::u32}) {
    io::MemoryFileSystem files;
    testing::write_shard(files, ".", "0", {tokens_of("abc"), tokens_of("bc")}, {.type = type});
    testing::write_shard(files, ".", "1", {tokens_of("d")}, {.type = type});
    EXPECT_EQ(Folder::open(files, ".").error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(import_folder(files, ".", type),
              (Imported{.shards = 2, .documents = 3, .tokens = 6, .directory_bytes = 16'384}));
    const auto folder = Folder::open(files, ".");
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    EXPECT_EQ(folder->shards().at(1)->files().type(), type);
    EXPECT_EQ(lm::Model(folder->pointers()).count(tokens_of("bc")), 2);
  }
}

// The smallest index there is; with u8 its table has no bytes.
TEST(Folder, OneEmptyDocument) {
  for (const TokenType type : {TokenType::u8, TokenType::u16, TokenType::u32}) {
    io::MemoryFileSystem files;
    testing::write_shard(files, ".", "0", {{}}, {.type = type});
    ASSERT_TRUE(import_folder(files, ".", type).has_value());
    const auto folder = Folder::open(files, ".");
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    const lm::Model model(folder->pointers());
    EXPECT_EQ(model.distribution({}), (lm::Distribution{.count = 1, .end_of_document = 1}));
    EXPECT_EQ(model.longest_matches(tokens_of("a")), (std::vector<uint32_t>{0}));
    EXPECT_EQ(lm::document_by_id(model, 0)->tokens, Tokens{});
  }
}

TEST(Folder, RefusesWhatIsNone) {
  io::MemoryFileSystem files;
  EXPECT_EQ(Folder::open(files, ".", TokenType::u8).error().code, ErrorCode::not_found);
  EXPECT_EQ(import_folder(files, ".", TokenType::u8).error().code, ErrorCode::not_found);
  EXPECT_FALSE(Folder::open(files, "absent", TokenType::u8).has_value());
}

// A directory of other files, or of another version, or a damaged one, is refused with what to do.
TEST(Directory, IsBelievedOnlyIfItIsWholeAndOfTheseFiles) {
  io::MemoryFileSystem files;
  testing::write_shard(files, ".", "0", {tokens_of("abcabc")}, {.type = TokenType::u8});
  ASSERT_TRUE(import_folder(files, ".", TokenType::u8).has_value());
  const std::string path = directory_path(".", "0");
  const std::string whole = io::read_file(files, path).value();
  for (size_t at = 0; at < whole.size(); at += 1 + at % 61) {
    std::string broken = whole;
    broken[at] ^= 0x10;
    ASSERT_TRUE(io::write_file_atomically(files, path, broken).has_value());
    const auto folder = Folder::open(files, ".", TokenType::u8);
    ASSERT_FALSE(folder.has_value()) << at;
    EXPECT_EQ(folder.error().code, ErrorCode::data_loss);
    EXPECT_TRUE(folder.error().message.find("import the index again") != std::string::npos);
  }
  for (const size_t size : {size_t{0}, size_t{100}, size_t{4096}, whole.size() - 1}) {
    ASSERT_TRUE(io::write_file_atomically(files, path, whole.substr(0, size)).has_value());
    EXPECT_EQ(Folder::open(files, ".", TokenType::u8).error().code, ErrorCode::data_loss) << size;
  }
  ASSERT_TRUE(io::write_file_atomically(files, path, whole).has_value());
  EXPECT_TRUE(Folder::open(files, ".", TokenType::u8).has_value());
  // The same shape, other tokens.
  testing::write_shard(files, ".", "0", {tokens_of("abcabd")}, {.type = TokenType::u8});
  EXPECT_EQ(Folder::open(files, ".", TokenType::u8).error().code, ErrorCode::failed_precondition);
  ASSERT_TRUE(import_folder(files, ".", TokenType::u8).has_value());
  EXPECT_TRUE(Folder::open(files, ".", TokenType::u8).has_value());
}

TEST(Directory, IsWrittenWholeOrNotAtAll) {
  io::MemoryFileSystem files;
  testing::write_shard(files, ".", "0", {tokens_of("abcabc")}, {.type = TokenType::u8});
  const auto before = files.clone();
  const uint64_t first = files.operation_count();
  ASSERT_TRUE(import_folder(files, ".", TokenType::u8).has_value());
  const uint64_t operations = files.operation_count() - first;
  for (uint64_t stop = 0; stop < operations; ++stop) {
    for (const io::Fault fault : {io::Fault::error, io::Fault::disk_full, io::Fault::crash}) {
      const auto copy = before->clone();
      const uint64_t begin = copy->operation_count();
      copy->set_fault_hook([&](io::Operation, const std::string&, uint64_t number) {
        return number == begin + stop ? fault : io::Fault::none;
      });
      const auto imported = import_folder(*copy, ".", TokenType::u8);
      copy->set_fault_hook({});
      if (fault == io::Fault::crash) copy->restart(stop);
      const auto folder = Folder::open(*copy, ".", TokenType::u8);
      ASSERT_TRUE(folder.has_value()) << folder.error().message;
      EXPECT_TRUE(!imported || folder->shards().front()->has_directory());
      EXPECT_EQ(lm::Model(folder->pointers()).count(tokens_of("abc")), 2);
    }
  }
}

TEST(Directory, ATableOutOfOrderIsFoundOnImport) {
  io::MemoryFileSystem files;
  Tokens document;
  for (uint32_t i = 0; i < 5000; ++i) document.emplace_back(i);
  testing::write_shard(files, ".", "0", {document}, {.type = TokenType::u16});
  std::string table = io::read_file(files, "./table.0").value();
  std::swap_ranges(table.begin(), table.begin() + 2, table.begin() + 4096);
  ASSERT_TRUE(io::write_file_atomically(files, "./table.0", table).has_value());
  const auto imported = import_folder(files, ".", TokenType::u16);
  ASSERT_FALSE(imported.has_value());
  EXPECT_EQ(imported.error().code, ErrorCode::data_loss);
  EXPECT_TRUE(imported.error().message.starts_with("./table.0: it is not sorted at rank 2048"))
      << imported.error().message;
}

TEST(Directory, AnImportCanBeWatchedAndStopped) {
  io::MemoryFileSystem files;
  testing::write_shard(files, ".", "0", {Tokens(5000, TokenId{1})}, {.type = TokenType::u8});
  testing::write_shard(files, ".", "1", {tokens_of("abc")}, {.type = TokenType::u8});
  std::vector<std::pair<uint64_t, uint64_t>> told;
  const auto watch = [&](uint64_t done, uint64_t total) {
    told.emplace_back(done, total);
    return told.size() != 2;
  };
  EXPECT_EQ(import_folder(files, ".", TokenType::u8, watch).error().code, ErrorCode::cancelled);
  EXPECT_EQ(told, (std::vector<std::pair<uint64_t, uint64_t>>{{3, 4}, {4, 4}}));
  EXPECT_EQ(files.exists(directory_path(".", "0")), true);
  EXPECT_EQ(files.exists(directory_path(".", "1")), false);
  EXPECT_EQ(files.exists(directory_path(".", "1") + ".tmp"), false);
  EXPECT_TRUE(import_folder(files, ".", TokenType::u8, watch).has_value());
}

}  // namespace
}  // namespace tribute::infinigram
