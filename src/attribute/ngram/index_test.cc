#include "ngram/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/memory_file_system.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram {
namespace {

using testing::HasSubstr;
using Tokens = std::vector<TokenId>;

constexpr uint32_t kVocabularySize = 256;
const Hash256 kTokenizer = sha256("bytes");

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

class IndexTest : public testing::Test {
 protected:
  struct Text {
    uint64_t entry;
    uint64_t contributor;
    std::string_view text;
  };

  Segment segment(const std::vector<Text>& texts) {
    SegmentWriter writer(kVocabularySize);
    for (const auto& [entry, contributor, text] : texts) {
      EXPECT_TRUE(writer.add(EntryIndex{entry}, EntryIndex{contributor}, tokens_of(text)).has_value());
    }
    const auto name = std::move(writer).write(files, ".");
    return *Segment::open(files, ".", *name);
  }

  static ManifestHead head(uint64_t datanet, Role role = Role::paid) {
    return {.datanet = EntryIndex{datanet},
            .role = role,
            .tokenizer_sha256 = kTokenizer,
            .vocabulary_size = kVocabularySize,
            .log_size = 100};
  }

  Result<Index> written(const Manifest& manifest) {
    return Index::open(files, ".", TRY(write_manifest(files, ".", manifest)));
  }

  io::MemoryFileSystem files;
};

std::vector<Segment> list(Segment first, Segment second) {
  std::vector<Segment> segments;
  segments.push_back(std::move(first));
  segments.push_back(std::move(second));
  return segments;
}

TEST_F(IndexTest, CountsWhatIsLive) {
  const auto segments =
      list(segment({{3, 1, "abc"}, {8, 2, "abc"}, {9, 2, "zz"}}), segment({{5, 1, "abc"}, {7, 3, "q"}}));
  const auto manifest = make_manifest(head(1), segments, {EntryIndex{9}, EntryIndex{3}});
  ASSERT_TRUE(manifest.has_value()) << manifest.error().message;
  EXPECT_EQ(manifest->live_documents, 3U);
  EXPECT_EQ(manifest->live_tokens, 7U);
  EXPECT_EQ(manifest->first_member_tokens, 4U);  // 5 ("abc") and 7 ("q")
  EXPECT_THAT(manifest->tombstones, testing::ElementsAre(EntryIndex{3}, EntryIndex{9}));
  const std::vector<TokenCount> correction = {
      {TokenId{'a'}, 2}, {TokenId{'b'}, 2}, {TokenId{'c'}, 2}, {TokenId{'z'}, 2}};
  EXPECT_EQ(manifest->unigram_correction, correction);
}

TEST_F(IndexTest, RefusesPartsThatDoNotFit) {
  const auto twice = list(segment({{3, 1, "abc"}}), segment({{2, 1, "x"}, {3, 1, "y"}}));
  EXPECT_THAT(make_manifest(head(1), twice, {}).error().message, HasSubstr("entry 3 stands in two segments"));
  const auto same = list(segment({{3, 1, "abc"}}), segment({{3, 1, "abc"}}));
  EXPECT_THAT(make_manifest(head(1), same, {}).error().message, HasSubstr("a segment stands twice"));
  const auto good = list(segment({{3, 1, "abc"}}), segment({{4, 1, "abc"}}));
  EXPECT_THAT(make_manifest(head(1), good, {EntryIndex{5}}).error().message, HasSubstr("tombstone 5"));
  ManifestHead other = head(1);
  other.vocabulary_size = 257;
  EXPECT_THAT(make_manifest(other, good, {}).error().message, HasSubstr("another vocabulary size"));
}

TEST_F(IndexTest, OpensWhatWasWrittenAndSeesFalseCounts) {
  const auto segments = list(segment({{3, 1, "abc"}}), segment({{5, 1, "abc"}, {7, 3, "q"}}));
  const Manifest manifest = *make_manifest(head(1), segments, {EntryIndex{7}});
  const auto index = written(manifest);
  ASSERT_TRUE(index.has_value()) << index.error().message;
  EXPECT_EQ(index->manifest(), manifest);
  EXPECT_EQ(index->segments().size(), 2U);

  Manifest lie = manifest;
  ++lie.live_documents;
  EXPECT_EQ(written(lie).error().code, ErrorCode::data_loss);
  lie = manifest;
  lie.unigram_correction[0].count += 1;
  EXPECT_EQ(written(lie).error().code, ErrorCode::data_loss);
  lie = manifest;
  ++lie.unigram_correction[0].count;
  --lie.unigram_correction[1].count;
  ASSERT_EQ(lie.unigram_correction[1].count, 0U);
  lie.unigram_correction.erase(lie.unigram_correction.begin() + 1);
  // Whose tokens these are is not looked at until it is asked.
  const auto unseen = written(lie);
  ASSERT_TRUE(unseen.has_value()) << unseen.error().message;
  EXPECT_EQ(unseen->verify().error().code, ErrorCode::data_loss);
  EXPECT_TRUE(index->verify().has_value());
  lie = manifest;
  lie.tombstones = {EntryIndex{4}};
  EXPECT_THAT(written(lie).error().message, HasSubstr("tombstone 4"));
  lie = manifest;
  lie.segments[0] = Hash256{};
  EXPECT_EQ(written(lie).error().code, ErrorCode::not_found);
}

TEST_F(IndexTest, ListsTheLiveDocumentsOfSeveralManifests) {
  const auto paid_segments = list(segment({{3, 1, "abc"}, {8, 2, "d"}}), segment({{5, 1, "abc"}}));
  const auto guard_segments = list(segment({{4, 6, "g"}}), segment({{6, 6, "h"}}));
  const auto paid = written(*make_manifest(head(1), paid_segments, {EntryIndex{8}}));
  const auto guard = written(*make_manifest(head(2, Role::guard), guard_segments, {}));
  const std::vector<const Index*> both = {&*guard, &*paid};
  const std::vector<EntryIndex> withdrawn = {EntryIndex{6}, EntryIndex{99}};
  const auto documents = live_documents(both, {.withdrawn = withdrawn, .verify_tokens = true});
  ASSERT_TRUE(documents.has_value()) << documents.error().message;
  const std::vector<Document> expected = {
      {EntryIndex{3}, EntryIndex{1}, Role::paid, tokens_hash(tokens_of("abc")), tokens_of("abc")},
      {EntryIndex{4}, EntryIndex{6}, Role::guard, tokens_hash(tokens_of("g")), tokens_of("g")},
      {EntryIndex{5}, EntryIndex{1}, Role::paid, tokens_hash(tokens_of("abc")), tokens_of("abc")}};
  EXPECT_EQ(*documents, expected);

  const std::vector<const Index*> same_twice = {&*paid, &*paid};
  EXPECT_THAT(live_documents(same_twice).error().message, HasSubstr("entry 3 is live in two"));
  EXPECT_TRUE(live_documents({})->empty());
}

TEST_F(IndexTest, RefusesManifestsOfTwoTokenizers) {
  const auto segments = list(segment({{3, 1, "abc"}}), segment({{5, 1, "abc"}}));
  ManifestHead other = head(2);
  other.tokenizer_sha256 = sha256("other");
  const auto first = written(*make_manifest(head(1), segments, {}));
  const auto second = written(*make_manifest(other, {}, {}));
  const std::vector<const Index*> both = {&*first, &*second};
  EXPECT_EQ(live_documents(both).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace tribute::ngram
