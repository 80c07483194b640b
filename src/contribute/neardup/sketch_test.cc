#include "neardup/sketch.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <xxhash.h>

#include <algorithm>
#include <random>
#include <set>
#include <vector>

#include "base/bytes.h"
#include "base/hash.h"
#include "neardup/shingles.h"

namespace tribute::neardup {
namespace {

using Tokens = std::vector<TokenId>;

// The definition of docs/formats/contributions.md written out over byte strings.
namespace naive {

uint64_t hash_of(const std::string& bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string number(uint64_t value) {
  std::string bytes;
  append_le64(bytes, value);
  return bytes;
}

std::vector<uint64_t> min_hashes(const Tokens& tokens) {
  std::vector<std::set<uint64_t>> hashes(kBins);
  const ShingleSet shingles(tokens);
  for (const Shingle shingle : shingles.shingles()) {
    const std::string bytes = number(static_cast<uint64_t>(shingle)) + number(static_cast<uint64_t>(shingle >> 64));
    const uint64_t hash = std::min(hash_of(bytes, 1), UINT64_MAX - 1);
    hashes[(hash >> 32) * 64 / 4294967296].insert(hash);
  }
  std::vector<uint64_t> result(kBins);
  for (uint64_t bin = 0; bin < kBins && shingles.size() > 0; ++bin) {
    uint64_t from = bin;
    for (uint64_t attempt = 0; hashes[from].empty(); ++attempt) {
      from = (hash_of(number(bin) + number(attempt), 2) >> 32) * 64 / 4294967296;
    }
    result[bin] = *hashes[from].begin();
  }
  return result;
}

}  // namespace naive

Tokens random_tokens(std::mt19937_64& random, size_t count, uint32_t vocabulary) {
  Tokens tokens;
  for (size_t i = 0; i < count; ++i) tokens.emplace_back(static_cast<uint32_t>(random() % vocabulary));
  return tokens;
}

// `tokens` with every so many replaced by new ones.
Tokens edited(std::mt19937_64& random, Tokens tokens, size_t every) {
  for (size_t i = every / 2; i < tokens.size(); i += every)
    tokens[i] = TokenId(100'000 + static_cast<uint32_t>(random() % 100'000));
  return tokens;
}

bool share_a_band(const Sketch& a, const Sketch& b) {
  for (size_t band = 0; band < kBands; ++band) {
    if (a.bands[band] == b.bands[band]) return true;
  }
  return false;
}

TEST(Sketch, BinsAreThoseOfTheDefinition) {
  EXPECT_TRUE(rc::check([] {
    const auto token = rc::gen::map(rc::gen::inRange(0U, 40U), [](uint32_t t) { return TokenId(t); });
    const auto tokens = *rc::gen::scale(4, rc::gen::container<Tokens>(token));
    const auto expected = naive::min_hashes(tokens);
    RC_ASSERT(std::ranges::equal(min_hashes(tokens).bins, expected));
  }));
}

// Entries of the log rest on these values: they can never change.
TEST(Sketch, GoldenValues) {
  Tokens tokens;
  for (uint32_t i = 0; i < 300; ++i) tokens.emplace_back(i * i % 1'000);
  const Sketch sketch = sketch_of(tokens);
  std::string bytes = signature_text(sketch);
  for (const uint64_t band : sketch.bands) append_le64(bytes, band);
  EXPECT_EQ(sha256(bytes).hex(), "db692652e08909c7ca245d5e39416103d88c9e93586754ef65658dc5794ca913");
}

TEST(Sketch, EqualSetsHaveEqualSketches) {
  std::mt19937_64 random(1);
  const Tokens once = random_tokens(random, 50, 10'000);
  Tokens twice = once;
  twice.insert(twice.end(), once.begin(), once.begin() + 4);  // shingles around the seam
  Tokens rotated(twice.begin() + 25, twice.end());
  rotated.insert(rotated.end(), once.begin() + 4, once.begin() + 29);
  ASSERT_EQ(jaccard_permille(ShingleSet(twice), ShingleSet(rotated)), 1000U);
  EXPECT_EQ(sketch_of(twice), sketch_of(rotated));
  EXPECT_EQ(sketch_of(Tokens{}), sketch_of(Tokens{}));
  EXPECT_NE(sketch_of(Tokens{}), sketch_of(Tokens{TokenId(0)}));
}

// What is at least 0.8 alike is found, but for one in some thousands, and passes the agreement; what
// is unlike is rarely even looked at.
TEST(Sketch, FindsTheSimilarAndPassesTheUnlike) {
  std::mt19937_64 random(7);
  size_t similar = 0;
  size_t missed = 0;
  size_t unlike = 0;
  size_t alarms = 0;
  for (size_t round = 0; round < 6'000; ++round) {
    const Tokens a = random_tokens(random, 20 + random() % 600, 50'000);
    const Tokens b = edited(random, a, 8 + random() % 100);
    const uint32_t permille = jaccard_permille(ShingleSet(a), ShingleSet(b));
    const Sketch of_a = sketch_of(a);
    const Sketch of_b = sketch_of(b);
    const bool found = share_a_band(of_a, of_b) && agreement(of_a, of_b) >= kLeastAgreement;
    if (permille >= 800) {
      ++similar;
      missed += found ? 0 : 1;
    }
    if (permille <= 300) {
      ++unlike;
      alarms += found ? 1 : 0;
    }
  }
  EXPECT_GT(similar, 2'000U);
  EXPECT_GT(unlike, 100U);
  EXPECT_LE(missed, 2U) << "of " << similar;
  EXPECT_LE(alarms * 50, unlike) << alarms << " of " << unlike;
}

TEST(Sketch, SignaturesAreSpelledInOneWay) {
  const Sketch sketch = sketch_of(Tokens{TokenId(1), TokenId(2)});
  EXPECT_EQ(signature_from_text(signature_text(sketch)), sketch.signature);
  for (const std::string& text : {std::string(), signature_text(sketch) + "00", std::string(128, 'g')}) {
    EXPECT_EQ(signature_from_text(text).error().code, ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace tribute::neardup
