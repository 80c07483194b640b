#include "ngram/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "io/memory_file_system.h"

namespace tribute::ngram {
namespace {

Manifest example() {
  Manifest manifest;
  manifest.datanet = EntryIndex{2};
  manifest.role = Role::guard;
  manifest.tokenizer_sha256 = sha256("tokenizer");
  manifest.vocabulary_size = 256;
  manifest.log_size = 17;
  manifest.segments = {sha256("a"), sha256("b")};
  std::ranges::sort(manifest.segments);
  manifest.tombstones = {EntryIndex{5}, EntryIndex{9}};
  manifest.live_documents = 4;
  manifest.live_tokens = uint64_t{1} << 60;
  manifest.first_member_tokens = 40;
  manifest.unigram_correction = {{TokenId{97}, 3}, {TokenId{98}, uint64_t{1} << 53}};
  return manifest;
}

TEST(Manifest, HasOneSpelling) {
  const auto json = to_canonical_json(example());
  ASSERT_TRUE(json.has_value()) << json.error().message;
  EXPECT_EQ(*json, R"({"datanet":2,"first_member_tokens":40,"format":"tribute manifest","live_documents":4,)"
                   R"("live_tokens":"1152921504606846976","log_size":17,"role":"guard","segments":[)"
                   R"("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",)"
                   R"("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"],)"
                   R"("tokenizer_sha256":")" +
                       sha256("tokenizer").hex() +
                       R"(","tombstones":[5,9],)"
                       R"("unigram_correction":{"counts":[3,"9007199254740992"],"tokens":[97,98]},)"
                       R"("version":1,"vocabulary_size":256})");
  EXPECT_EQ(manifest_from_canonical_json(*json), example());
  EXPECT_FALSE(manifest_from_canonical_json(*json + "\n").has_value());
  EXPECT_FALSE(manifest_from_canonical_json(" " + *json).has_value());
}

TEST(Manifest, RefusesListsOutOfOrderAndValuesOutOfRange) {
  const auto refused = [](auto change) {
    Manifest manifest = example();
    change(manifest);
    const auto json = to_canonical_json(manifest);
    return !json.has_value() && json.error().code == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refused([](Manifest& m) { std::swap(m.segments[0], m.segments[1]); }));
  EXPECT_TRUE(refused([](Manifest& m) { m.segments[1] = m.segments[0]; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.tombstones[1] = EntryIndex{5}; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.tombstones[1] = EntryIndex{uint64_t{1} << 63}; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.unigram_correction[0].token = TokenId{98}; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.unigram_correction[1].token = TokenId{256}; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.unigram_correction[0].count = 0; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.vocabulary_size = 0; }));
  EXPECT_TRUE(refused([](Manifest& m) { m.first_member_tokens = m.live_tokens + 1; }));
}

TEST(Manifest, EveryFlippedBitAndEveryTruncationIsSeenByTheName) {
  io::MemoryFileSystem files;
  const auto name = write_manifest(files, ".", example());
  ASSERT_TRUE(name.has_value());
  EXPECT_EQ(read_manifest(files, ".", *name), example());
  const std::string good = *to_canonical_json(example());
  const std::string path = manifest_path(".", *name);
  for (size_t i = 0; i < good.size() * 8; i += 3) {
    std::string bad = good;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << (i % 8)));
    ASSERT_TRUE(io::write_file_atomically(files, path, bad).has_value());
    const auto manifest = read_manifest(files, ".", *name);
    ASSERT_FALSE(manifest.has_value());
    EXPECT_EQ(manifest.error().code, ErrorCode::data_loss);
    EXPECT_THAT(manifest.error().message, testing::HasSubstr(path));
    // Without the name: an error, or a manifest that is spelled just so.
    if (const auto unnamed = manifest_from_canonical_json(bad)) {
      EXPECT_EQ(to_canonical_json(*unnamed), bad);
    }
  }
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(manifest_from_canonical_json(good.substr(0, size)).has_value());
  }
}

TEST(Manifest, NamesAVersionThatIsNotKnown) {
  std::string json = *to_canonical_json(example());
  json.replace(json.find("\"version\":1"), 11, "\"version\":2");
  const auto manifest = manifest_from_canonical_json(json);
  ASSERT_FALSE(manifest.has_value());
  EXPECT_EQ(manifest.error().code, ErrorCode::failed_precondition);
  EXPECT_THAT(manifest.error().message, testing::HasSubstr("version 2"));
}

}  // namespace
}  // namespace tribute::ngram
