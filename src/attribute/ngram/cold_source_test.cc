// A source that reads from disk, against the naive twin.
#include "ngram/cold_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/testing/stride.h"
#include "ngram/brute_force_source.h"
#include "ngram/testing/documents.h"
#include "ngram/testing/world.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::expect_agreement;
using testing::LargeWorld;
using testing::Library;
using testing::Random;
using testing::Tokens;
using testing::World;

std::unique_ptr<ColdSource> cold_of(io::FileSystem& files, std::vector<Index> indexes,
                                    const std::vector<EntryIndex>& withdrawn, uint64_t cached_blocks) {
  auto source = IndexSource::open(std::move(indexes), withdrawn);
  EXPECT_TRUE(source.has_value()) << source.error().message;
  return std::move(*ColdSource::open(files, std::move(*source), {.cached_blocks = cached_blocks}));
}

TEST(ColdSource, AgreesWithBruteForceOnDataNetsOfEveryShape) {
  EXPECT_TRUE(rc::check([] {
    World world(*rc::gen::arbitrary<uint64_t>());
    const auto source =
        cold_of(world.library->files(), std::move(world.indexes), world.withdrawn, uint64_t{8} * world.random.below(3));
    const BruteForceSource twin(world.live);
    for (uint32_t i = 0; i < 3; i += kTestStride) {
      Tokens text = world.make_text();
      const Tokens more = world.make_text();
      text.insert(text.end(), more.begin(), more.end());
      if (world.random.chance(200)) text.emplace_back(world.random.below(1U << 19));  // maybe of no vocabulary
      expect_agreement(*source, twin, text, world.random);
      RC_ASSERT(!::testing::Test::HasFailure());
    }
  }));
}

// Ranges over many pages, in both layouts, with and without documents that are dead.
TEST(ColdSource, AgreesWithBruteForceOnLargeSegments) {
  for (const PageLayout page_layout : {PageLayout::standard, PageLayout::disk}) {
    for (const bool has_dead : {false, true}) {
      Random random(7);
      LargeWorld world(random, 400, [has_dead](uint32_t i) { return has_dead && (i < 50 || i % 3 == 0); }, page_layout);
      const auto source = cold_of(world.library.files(), std::move(world.indexes), world.withdrawn, 100);
      const BruteForceSource twin(world.live);
      for (int i = 0; i < 4; ++i) {
        expect_agreement(*source, twin, random.text(4, 2, 30, world.live), random);
        ASSERT_FALSE(HasFailure());
      }
      EXPECT_GT(source->counts().blocks_read, 0U);
    }
  }
}

TEST(ColdSource, ReportsWhatIsDamaged) {
  Random random(3);
  Library library(256);
  std::vector<Index> indexes;
  std::vector<Document> documents;
  for (uint64_t i = 0; i < 50; ++i) documents.push_back(document_of(i, i, testing::random_tokens(random, 256, 200)));
  indexes.push_back(library.index(1, Role::paid, {documents}));
  const Segment& segment = indexes.front().segments().front();
  const std::string path = segment.path();
  const uint64_t suffixes = segment.layout().of(Section::suffixes).begin;
  const auto source = cold_of(library.files(), std::move(indexes), {}, 0);
  ASSERT_TRUE(source->longest_matches(documents[0].tokens).has_value());
  auto file = std::move(*library.files().open(path, io::OpenMode::read_write));
  std::string bytes = *file->read_at(suffixes, 3 * kBlockBytes);
  for (size_t i = 100; i < bytes.size(); i += kBlockBytes) bytes[i] = static_cast<char>(bytes[i] ^ 1);
  ASSERT_TRUE(file->write_at(suffixes, bytes).has_value());
  const auto matches = source->longest_matches(documents[0].tokens);
  ASSERT_FALSE(matches.has_value());
  EXPECT_EQ(matches.error().code, ErrorCode::data_loss);
  const ngram::Run run{0, 1};
  EXPECT_FALSE(source->find(documents[0].tokens, {&run, 1}, {}).has_value());
}

}  // namespace
}  // namespace tribute::ngram
