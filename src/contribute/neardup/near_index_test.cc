#include "neardup/near_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include "io/memory_file_system.h"
#include "neardup/shingles.h"

namespace tribute::neardup {
namespace {

using Tokens = std::vector<TokenId>;

constexpr EntryIndex kDatanet(0);
constexpr EntryIndex kOther(1);

class NearIndex : public ::testing::Test {
 protected:
  void SetUp() override {
    database_ = sql::Database::open(files_, "db").value();
    const std::vector<sql::Schema> schemas = {near_schema()};
    ASSERT_TRUE(database_->migrate(schemas).has_value());
    sql_.emplace(database_->begin().value());
  }
  void TearDown() override { sql_.reset(); }

  void add(uint64_t entry, const Tokens& tokens, EntryIndex datanet = kDatanet) {
    ASSERT_TRUE(insert(*sql_, datanet, EntryIndex(entry), sketch_of(tokens)).has_value());
  }

  std::vector<uint64_t> candidates_of(const Tokens& tokens, EntryIndex datanet = kDatanet) {
    Candidates candidates(*sql_, datanet, sketch_of(tokens));
    std::vector<uint64_t> entries;
    while (const auto entry = candidates.next().value()) entries.push_back(entry->value());
    return entries;
  }

  io::MemoryFileSystem files_;
  std::unique_ptr<sql::Database> database_;
  std::optional<sql::Transaction> sql_;
};

Tokens random_tokens(std::mt19937_64& random, size_t count) {
  Tokens tokens;
  for (size_t i = 0; i < count; ++i) tokens.emplace_back(static_cast<uint32_t>(random() % 50'000));
  return tokens;
}

TEST_F(NearIndex, CandidatesAreThoseOfAllPairs) {
  std::mt19937_64 random(3);
  // Families of texts: each is a stem with some of its tokens changed.
  std::map<uint64_t, Tokens> documents;
  std::vector<Tokens> stems;
  for (int i = 0; i < 8; ++i) stems.push_back(random_tokens(random, 200));
  for (uint64_t entry = 10; entry < 310; ++entry) {
    Tokens tokens = stems[random() % stems.size()];
    for (size_t edits = random() % 12; edits > 0; --edits)
      tokens[random() % tokens.size()] = TokenId(60'000 + static_cast<uint32_t>(entry));
    documents[entry] = tokens;
    add(entry, tokens);
  }
  size_t found = 0;
  for (const auto& [entry, tokens] : documents) {
    const Sketch sketch = sketch_of(tokens);
    std::vector<uint64_t> expected;
    for (const auto& [other, other_tokens] : documents) {
      const Sketch of_other = sketch_of(other_tokens);
      const bool shares =
          std::ranges::mismatch(sketch.bands, of_other.bands, std::ranges::not_equal_to()).in1 != sketch.bands.end();
      if (shares && agreement(sketch, of_other) >= kLeastAgreement) expected.push_back(other);
    }
    found += expected.size();
    ASSERT_EQ(candidates_of(tokens), expected) << entry;
  }
  EXPECT_GT(found, documents.size() * 10) << "buckets are longer than a page";
}

TEST_F(NearIndex, IsOfOneDatanetAndForgets) {
  std::mt19937_64 random(4);
  const Tokens text = random_tokens(random, 100);
  add(5, text);
  add(6, text, kOther);
  add(7, text);
  EXPECT_EQ(candidates_of(text), (std::vector<uint64_t>{5, 7}));
  EXPECT_EQ(candidates_of(text, kOther), (std::vector<uint64_t>{6}));
  EXPECT_EQ(contains(*sql_, EntryIndex(5)), true);
  ASSERT_TRUE(erase(*sql_, kDatanet, EntryIndex(5), sketch_of(text)).has_value());
  EXPECT_EQ(candidates_of(text), (std::vector<uint64_t>{7}));
  EXPECT_EQ(contains(*sql_, EntryIndex(5)), false);
  EXPECT_EQ(candidates_of(random_tokens(random, 100)), (std::vector<uint64_t>{}));
  EXPECT_EQ(candidates_of({}), (std::vector<uint64_t>{}));
}

TEST_F(NearIndex, AnEntryStandsOnce) {
  add(5, {});
  EXPECT_EQ(insert(*sql_, kDatanet, EntryIndex(5), sketch_of(Tokens{})).error().code, ErrorCode::already_exists);
}

TEST_F(NearIndex, AMissingSignatureIsDataLoss) {
  const Tokens text = {TokenId(1), TokenId(2)};
  add(5, text);
  ASSERT_TRUE(sql_->execute("DELETE FROM near_signatures").has_value());
  Candidates candidates(*sql_, kDatanet, sketch_of(text));
  EXPECT_EQ(candidates.next().error().code, ErrorCode::data_loss);
}

}  // namespace
}  // namespace tribute::neardup
