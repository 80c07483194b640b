#include "ngram/index_shards.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Library;
using testing::Random;
using testing::tokens_of;

TEST(IndexShards, AreTheLiveDocuments) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    Library library(4);
    std::vector<Index> indexes;
    std::vector<Document> all;
    std::vector<EntryIndex> withdrawn = {EntryIndex{999'999}};
    for (uint64_t datanet = random.below(3); datanet > 0; --datanet) {
      std::vector<std::vector<Document>> segments(random.below(4));
      std::vector<EntryIndex> tombstones;
      for (auto& documents : segments) {
        for (uint32_t i = random.below(5); i > 0; --i) {
          documents.push_back(document_of(all.size() * 2, 1, random.text(4, 3, 20, all)));
          all.push_back(documents.back());
          if (random.chance(200)) tombstones.push_back(all.back().entry);
          if (random.chance(200)) withdrawn.push_back(all.back().entry);
        }
      }
      // Equal segments have one name, which a manifest lists once.
      std::erase_if(segments, [](const auto& documents) { return documents.empty(); });
      indexes.push_back(library.index(datanet, Role::paid, segments, tombstones));
    }
    std::vector<const Index*> pointers;
    for (const Index& index : indexes) pointers.push_back(&index);
    const auto live = live_documents(pointers, {.withdrawn = withdrawn});
    RC_ASSERT(live.has_value());
    auto opened = IndexShards::open(std::move(indexes), withdrawn);
    RC_ASSERT(opened.has_value());
    const IndexShards shards = std::move(*opened);  // they may move
    std::vector<std::pair<EntryIndex, std::vector<TokenId>>> found;
    for (const Shard* const shard : shards.pointers()) {
      LiveCounts counts;
      for (uint64_t i = 0; i < shard->document_count(); ++i) {
        const ShardDocument document = shard->document(i);
        if (!document.is_live) continue;
        const uint64_t size = document.end - document.begin;
        counts.documents += 1;
        counts.tokens += size;
        found.emplace_back(EntryIndex{document.id},
                           size == 0 ? std::vector<TokenId>{} : shard->tokens(document.begin, size));
      }
      RC_ASSERT(counts == shard->live());
    }
    std::ranges::sort(found);
    RC_ASSERT(found.size() == live->size());
    for (size_t i = 0; i < found.size(); ++i) {
      RC_ASSERT(found[i].first == (*live)[i].entry);
      RC_ASSERT(found[i].second == (*live)[i].tokens);
    }
  }));
}

TEST(IndexShards, OneIndexIsAListOfOne) {
  Library library(256);
  const std::vector<std::vector<Document>> segments = {{document_of(5, 1, tokens_of("ab")), document_of(6, 1, {})}};
  const std::vector<EntryIndex> withdrawn = {EntryIndex{6}};
  const auto shards = IndexShards::open(library.index(0, Role::paid, segments), withdrawn);
  ASSERT_TRUE(shards.has_value());
  ASSERT_EQ(shards->pointers().size(), 1U);
  EXPECT_EQ(shards->pointers()[0]->live(), (LiveCounts{.documents = 1, .tokens = 2}));
}

TEST(IndexShards, AnEntryStandsInOneSegment) {
  Library library(256);
  std::vector<Index> indexes;
  for (uint64_t datanet = 0; datanet < 2; ++datanet) {
    indexes.push_back(library.index(datanet, Role::paid, {{document_of(5, 1, tokens_of(datanet == 0 ? "a" : "b"))}}));
  }
  EXPECT_EQ(IndexShards::open(std::move(indexes)).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace tribute::ngram
