#include "ngram/write_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "ngram/index.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using ::testing::HasSubstr;
using testing::Random;
using testing::Tokens;

TEST(WriteIndex, TokensAreTheNumbers) {
  const Tokens tokens = {TokenId{0}, TokenId{7}, TokenId{0xffff'ffff}};
  EXPECT_EQ(token_ids({0, 7, 0xffff'ffff}), tokens);
  EXPECT_EQ(token_ids(std::vector<uint32_t>{0, 7, 0xffff'ffff}), tokens);
  EXPECT_EQ(token_ids({}), Tokens{});
}

TEST(WriteIndex, HoldsTheDocumentsInTheirOrder) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    const uint32_t vocabulary_size = random.chance(500) ? 5 : 70'000;
    std::vector<Document> expected;
    std::vector<Tokens> documents;
    for (uint32_t i = random.below(8); i > 0; --i) {
      expected.push_back(document_of(expected.size(), 0, random.text(vocabulary_size, 4, 30, expected)));
      documents.push_back(expected.back().tokens);
    }
    io::MemoryFileSystem files;
    const auto name = write_index(files, "new/folder", documents, vocabulary_size);
    RC_ASSERT(name.has_value());
    const auto index = Index::open(files, "new/folder", *name);
    RC_ASSERT(index.has_value());
    RC_ASSERT(index->verify().has_value());
    RC_ASSERT(index->manifest().vocabulary_size == vocabulary_size);
    RC_ASSERT(index->manifest().log_size == documents.size());
    const Index* const pointer = &*index;
    const auto live = live_documents({&pointer, 1}, {.verify_tokens = true});
    RC_ASSERT(live.has_value());
    RC_ASSERT(*live == expected);

    // Once more, into the same folder: the same files.
    const auto before = files.list("new/folder");
    const auto again = write_index(files, "new/folder", documents, vocabulary_size);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == *name);
    RC_ASSERT(files.list("new/folder")->size() == before->size());
  }));
}

TEST(WriteIndex, RefusesWhatCannotBeIndexed) {
  io::MemoryFileSystem files;
  const std::vector<Tokens> documents = {token_ids({1, 2}), token_ids({9, 10})};
  for (const uint32_t vocabulary_size : {uint32_t{0}, kMaxVocabularySize + 1}) {
    const auto refused = write_index(files, "index", documents, vocabulary_size);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr("from 1 to 262144"));
  }
  const auto refused = write_index(files, "index", documents, 10);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(refused.error().message, "document of entry 1 has token 10, outside the vocabulary of 10");
  EXPECT_EQ(files.exists("index"), false);
  EXPECT_TRUE(write_index(files, "index", documents, 11).has_value());
  EXPECT_TRUE(write_index(files, "index", documents, kMaxVocabularySize).has_value());
}

// Whatever fails, there is no manifest of which something is missing.
TEST(WriteIndex, EveryOperationMayFail) {
  const std::vector<Tokens> documents = {token_ids({1, 2, 3}), token_ids({2, 3})};
  io::MemoryFileSystem whole;
  const auto name = write_index(whole, "index", documents, 4);
  ASSERT_TRUE(name.has_value());
  ASSERT_GT(whole.operation_count(), 5U);
  for (uint64_t failing = 0; failing < whole.operation_count(); ++failing) {
    io::MemoryFileSystem files;
    files.set_fault_hook([&](io::Operation, const std::string&, uint64_t number) {
      return number == failing ? io::Fault::error : io::Fault::none;
    });
    const auto written = write_index(files, "index", documents, 4);
    files.set_fault_hook({});
    const auto manifest = files.exists("index/" + name->hex() + ".manifest");
    ASSERT_TRUE(manifest.has_value());
    if (written) {
      EXPECT_EQ(*written, *name);
    }
    if (*manifest) {
      EXPECT_TRUE(Index::open(files, "index", *name).has_value()) << failing;
    }
    EXPECT_EQ(write_index(files, "index", documents, 4), *name) << failing;
  }
}

}  // namespace
}  // namespace tribute::ngram
