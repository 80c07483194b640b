#include "bpe/model.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>

#include "base/testing/stride.h"
#include "bpe/compile.h"
#include "bpe/encoder.h"
#include "bpe/layout.h"
#include "bpe/testing/definitions.h"

namespace tribute::bpe {
namespace {

using testing::below;
using testing::Random;

Definition random_definition(Random& random) {
  switch (random() % 3) {
    case 0: return testing::random_listed(random, {"a", "b", "c"}, below(random, 60), Symbols::bytes);
    case 1: return testing::random_listed(random, {"a", "\xc3\xa9", "\xff"}, below(random, 60), Symbols::characters);
    default: return testing::random_by_result(random, "ab", below(random, 60));
  }
}

TEST(Model, GivesItsDefinitionBackAndVerifies) {
  EXPECT_TRUE(rc::check("definition", [](uint64_t seed) {
    Random random(seed);
    const Definition definition = random_definition(random);
    const auto model = Model::build(definition);
    RC_ASSERT(model.has_value());
    RC_ASSERT(model->definition() == definition);
    RC_ASSERT(model->verify().has_value());
    for (uint32_t id = 0; id < model->size(); ++id) {
      RC_ASSERT(model->entry(id) == definition.entries.bytes(id));
      if (model->use(id) == EntryUse::text) RC_ASSERT(model->find(model->entry(id)).id == id);
    }
    RC_ASSERT(model->find("zz").id == kNone);
    RC_ASSERT(model->find("").id == kNone);
    RC_ASSERT(model->find(std::string(30, 'z')).id == kNone);
  }));
}

TEST(Model, OpensItsBytesWhereverTheyLie) {
  Random random(3);
  const Model model = Model::build(random_definition(random)).value();
  std::string bytes = "x";
  bytes += model.bytes();
  const auto opened = Model::open(std::string_view(bytes).substr(1), nullptr);
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(opened->bytes(), model.bytes());
  EXPECT_EQ(opened->definition(), model.definition());
}

Hash256 hash_of(const Model& model) {
  Sha256 hash;
  model.hash_definition(hash);
  return std::move(hash).finish();
}

TEST(Model, HashTellsDefinitionsApart) {
  Definition definition = testing::byte_definition();
  definition.entries.append("ab", EntryUse::text);
  definition.entries.append("ba", EntryUse::text);
  definition.merges = {{'a', 'b', 256}, {'b', 'a', 257}};
  const Hash256 hash = hash_of(Model::build(definition).value());
  EXPECT_EQ(hash, hash_of(Model::build(definition).value()));
  Definition other = definition;
  std::swap(other.merges[0], other.merges[1]);
  EXPECT_NE(hash, hash_of(Model::build(other).value()));
  other = definition;
  other.ignore_merges = true;
  EXPECT_NE(hash, hash_of(Model::build(other).value()));
  other = definition;
  other.entries.append("end", EntryUse::decode_only);
  EXPECT_NE(hash, hash_of(Model::build(other).value()));
}

struct Refusal {
  const char* name;
  std::function<void(Definition&)> spoil;
  const char* message;
};

TEST(Model, RefusesWhatIsNoEncoding) {
  const std::vector<Refusal> refusals{
      {"a byte is missing", [](Definition& d) { d.entries = {}; }, "no entry for the byte 0x00"},
      {"a text twice", [](Definition& d) { d.entries.append("ab", EntryUse::text); }, "('ab') is there twice"},
      {"a wide byte", [](Definition& d) { d.entries.append("xy", EntryUse::byte); }, "is no single byte"},
      {"too many",
       [](Definition& d) {
         while (d.entries.size() <= kMaxEntries) d.entries.append("x", EntryUse::decode_only);
       },
       "more than 262144"},
      {"an unknown part", [](Definition& d) { d.merges.push_back({9999, 'a', 256}); }, "merge 1 names the entry 9999"},
      {"an absent part",
       [](Definition& d) {
         d.entries.append("", EntryUse::absent);
         d.merges.push_back({257, 'a', 256});
       },
       "which no piece is made of"},
      {"a wrong result", [](Definition& d) { d.merges.push_back({'b', 'a', 256}); }, "merge 1 does not join"},
      {"a pair twice", [](Definition& d) { d.merges.push_back({'a', 'b', 256}); }, "merge 1 is there twice"},
      {"a list by result", [](Definition& d) { d.order = MergeOrder::by_result; }, "lists no merges"},
  };
  for (const Refusal& refusal : refusals) {
    Definition definition = testing::byte_definition();
    definition.entries.append("ab", EntryUse::text);
    definition.merges = {{'a', 'b', 256}};
    ASSERT_TRUE(validate(definition).has_value());
    refusal.spoil(definition);
    const auto result = Model::build(definition);
    ASSERT_FALSE(result.has_value()) << refusal.name;
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(result.error().message.find(refusal.message), std::string::npos) << result.error().message;
  }
}

// Any one bit of a block wrong: it is refused, or encodes without a crash and does not verify as this encoding.
TEST(Model, DamageIsRefusedOrFoundByVerify) {
  Definition definition = testing::byte_definition();
  definition.entries.append("ab", EntryUse::text);
  definition.entries.append(std::string(20, 'x'), EntryUse::text);
  definition.merges = {{'a', 'b', 256}};
  const Model model = Model::build(definition).value();
  const std::string sound(model.bytes());
  Random random(11);
  for (uint32_t round = 0; round < 4000; round += kTestStride) {
    std::string bytes = sound;
    // Half of the bits in the header and the first columns.
    const size_t at = below(random, round % 2 == 0 ? 1200 : bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ 1 << below(random, 8));
    const auto opened = Model::open(bytes, nullptr);
    if (!opened) {
      EXPECT_EQ(opened.error().code, ErrorCode::data_loss);
      continue;
    }
    Encoder encoder(*opened);
    const std::string text = "abba xxxxxxxxxxxxxxxxxxxx " + std::string(200, 'a');
    struct Slice {
      uint32_t begin, end;
    };
    const std::vector<Slice> pieces{{0, 2}, {2, 4}, {4, 5}, {5, 25}, {25, 226}};
    std::vector<TokenId> tokens;
    ASSERT_TRUE(encoder.encode<Slice>(text, pieces, tokens).has_value());
    for (const TokenId token : tokens) ASSERT_LT(token.value(), opened->size());
    EXPECT_TRUE(!opened->verify().has_value() || hash_of(*opened) != hash_of(model)) << "byte " << at;
  }
  for (size_t size = 0; size < sound.size(); size += size_t{61} * kTestStride) {
    EXPECT_FALSE(Model::open(std::string_view(sound).substr(0, size), nullptr).has_value());
  }
  EXPECT_FALSE(Model::open(sound + std::string(64, '\0'), nullptr).has_value());
}

}  // namespace
}  // namespace tribute::bpe
