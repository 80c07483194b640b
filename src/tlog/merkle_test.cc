#include "tlog/merkle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/stride.h"
#include "tlog/testing/naive_log.h"

namespace tribute::tlog {
namespace {

constexpr size_t kLargestTree = 300;

// Leaf hashes, and a reader of their perfect subtrees that notices a read outside the tree.
struct Tree {
  std::vector<Hash256> leaves;
  std::vector<std::vector<Hash256>> levels;  // of perfect subtrees, by definition

  explicit Tree(size_t size) : leaves(naive::leaves_of(naive::some_entries(size))) {
    for (size_t width = 1; width <= size; width *= 2) {
      levels.emplace_back();
      for (size_t begin = 0; begin + width <= size; begin += width) {
        levels.back().push_back(naive::root(naive::Hashes(leaves).subspan(begin, width)));
      }
    }
  }

  naive::Hashes first(size_t size) const { return naive::Hashes(leaves).first(size); }

  SubtreeReader reader(size_t size) const {
    return [this, size](Subtree subtree) -> Result<Hash256> {
      if ((subtree.index + 1) << subtree.level > size) return fail(ErrorCode::internal, "read outside the tree");
      return levels[subtree.level][subtree.index];
    };
  }
};

const Tree& tree() {
  static const Tree tree(kLargestTree);
  return tree;
}

TEST(Merkle, HashesOfTheRfc) {
  EXPECT_EQ(root_of({}).hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(leaf_hash("").hex(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(leaf_hash("x"), sha256(std::string("\0x", 2)));
  EXPECT_EQ(node_hash(leaf_hash("a"), leaf_hash("b")),
            sha256("\x01" + std::string(leaf_hash("a").view()) + std::string(leaf_hash("b").view())));
}

TEST(Merkle, RootsAreThoseOfTheDefinition) {
  for (size_t size = 0; size <= kLargestTree; ++size) {
    const Hash256 expected = naive::root(tree().first(size));
    EXPECT_EQ(root_of(tree().first(size)), expected) << size;
    EXPECT_EQ(tree_root(size, tree().reader(size)), expected) << size;
  }
}

TEST(Merkle, SubtreesCoverTheTreeFromLeftToRight) {
  EXPECT_TRUE(subtrees_of(0).empty());
  EXPECT_THAT(subtrees_of(13), testing::ElementsAre(Subtree{3, 0}, Subtree{2, 2}, Subtree{0, 12}));
  EXPECT_THAT(subtrees_of(uint64_t{1} << 62), testing::ElementsAre(Subtree{62, 0}));
}

TEST(Merkle, EveryInclusionProofIsThatOfTheDefinitionAndVerifies) {
  for (size_t size = 1; size <= kLargestTree; ++size) {
    const Hash256 root = root_of(tree().first(size));
    for (size_t index = size % kTestStride; index < size; index += kTestStride) {
      const auto proof = inclusion_proof(index, size, tree().reader(size));
      ASSERT_TRUE(proof.has_value()) << proof.error().message;
      if (size < 70 || index % 16 == 0 || size - index < 3) {
        ASSERT_EQ(*proof, naive::path(index, tree().first(size))) << index << " in " << size;
      }
      ASSERT_TRUE(verify_inclusion({index, size, tree().leaves[index], root}, *proof)) << index << " in " << size;
    }
  }
}

TEST(Merkle, EveryConsistencyProofIsThatOfTheDefinitionAndVerifies) {
  for (size_t size = 1; size <= kLargestTree; ++size) {
    const Hash256 root = root_of(tree().first(size));
    for (size_t old_size = 1 + size % kTestStride; old_size <= size; old_size += kTestStride) {
      const auto proof = consistency_proof(old_size, size, tree().reader(size));
      ASSERT_TRUE(proof.has_value()) << proof.error().message;
      if (size < 70 || old_size % 16 == 0 || size - old_size < 3) {
        ASSERT_EQ(*proof, naive::subproof(old_size, tree().first(size), true)) << old_size << " in " << size;
      }
      const ConsistencyClaim claim{old_size, size, root_of(tree().first(old_size)), root};
      ASSERT_TRUE(verify_consistency(claim, *proof)) << old_size << " in " << size;
    }
  }
}

TEST(Merkle, NoInclusionProofHoldsForAnythingElse) {
  for (size_t size = 1; size <= 40; ++size) {
    const Hash256 root = root_of(tree().first(size));
    for (size_t index = 0; index < size; ++index) {
      const auto proof = *inclusion_proof(index, size, tree().reader(size));
      for (size_t other = 0; other < 2 * size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(verify_inclusion({other, size, tree().leaves[index], root}, proof));
      }
      EXPECT_FALSE(verify_inclusion({index, size, leaf_hash("other"), root}, proof));
      EXPECT_FALSE(verify_inclusion({index, size, tree().leaves[index], leaf_hash("other")}, proof));
      auto changed = proof;
      changed.push_back(root);
      EXPECT_FALSE(verify_inclusion({index, size, tree().leaves[index], root}, changed));
      for (size_t i = 0; i < proof.size(); ++i) {
        changed = proof;
        changed[i].bytes[i % 32] ^= 1;
        EXPECT_FALSE(verify_inclusion({index, size, tree().leaves[index], root}, changed));
        changed = proof;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(verify_inclusion({index, size, tree().leaves[index], root}, changed));
      }
    }
  }
}

TEST(Merkle, NoConsistencyProofHoldsForAnythingElse) {
  for (size_t size = 2; size <= 40; ++size) {
    const Hash256 root = root_of(tree().first(size));
    for (size_t old_size = 1; old_size < size; ++old_size) {
      const Hash256 old_root = root_of(tree().first(old_size));
      const auto proof = *consistency_proof(old_size, size, tree().reader(size));
      EXPECT_FALSE(verify_consistency({old_size, size, root, old_root}, proof));
      EXPECT_FALSE(verify_consistency({old_size, size, leaf_hash("other"), root}, proof));
      EXPECT_FALSE(verify_consistency({old_size, size, old_root, leaf_hash("other")}, proof));
      auto changed = proof;
      changed.push_back(root);
      EXPECT_FALSE(verify_consistency({old_size, size, old_root, root}, changed));
      for (size_t i = 0; i < proof.size(); ++i) {
        changed = proof;
        changed[i].bytes[31] ^= 0x80;
        EXPECT_FALSE(verify_consistency({old_size, size, old_root, root}, changed));
        changed = proof;
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(verify_consistency({old_size, size, old_root, root}, changed));
      }
    }
  }
}

TEST(Merkle, ErrorsSayWhatFailed) {
  const auto message = [](const Result<void>& result) { return result.error().message; };
  const Hash256 root = root_of(tree().first(5));
  const auto proof = *inclusion_proof(2, 5, tree().reader(5));
  EXPECT_EQ(message(verify_inclusion({5, 5, root, root}, proof)),
            "inclusion proof of entry 5 in size 5: there is no such entry");
  EXPECT_EQ(message(verify_inclusion({2, 5, tree().leaves[2], root}, std::span(proof).first(2))),
            "inclusion proof of entry 2 in size 5 has 2 hashes, too few");
  EXPECT_EQ(
      message(verify_inclusion({2, 5, tree().leaves[2], leaf_hash("")}, proof)),
      "inclusion proof of entry 2 in size 5 leads to the root " + root.hex() + " instead of " + leaf_hash("").hex());
  EXPECT_EQ(message(verify_consistency({0, 5, root, root}, {})),
            "consistency proof from size 0 to size 5: it takes 0 < old size <= size");
  EXPECT_EQ(message(verify_consistency({3, 5, root, root}, {})),
            "consistency proof from size 3 to size 5 has 0 hashes, too few");
  EXPECT_EQ(inclusion_proof(5, 5, tree().reader(5)).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(consistency_proof(0, 5, tree().reader(5)).error().code, ErrorCode::out_of_range);
  EXPECT_EQ(consistency_proof(6, 5, tree().reader(5)).error().code, ErrorCode::out_of_range);
}

TEST(Merkle, ErrorsOfTheReaderComeThrough) {
  const SubtreeReader broken = [](Subtree) -> Result<Hash256> { return fail(ErrorCode::unavailable, "disk"); };
  EXPECT_EQ(tree_root(3, broken).error().message, "disk");
  EXPECT_EQ(inclusion_proof(0, 3, broken).error().message, "disk");
  EXPECT_EQ(consistency_proof(1, 3, broken).error().message, "disk");
}

// What hostile proofs claim has no bound; verifying must end soon whatever the sizes.
TEST(Merkle, HugeSizesAreVerifiedInLogarithmicTime) {
  const uint64_t huge = ~uint64_t{0};
  const std::vector<Hash256> proof(64);
  EXPECT_FALSE(verify_inclusion({huge - 1, huge, {}, {}}, proof));
  EXPECT_FALSE(verify_inclusion({0, huge, {}, {}}, proof));
  EXPECT_FALSE(verify_consistency({huge - 1, huge, {}, {}}, proof));
  EXPECT_FALSE(verify_consistency({uint64_t{1} << 63, huge, {}, {}}, proof));
}

}  // namespace
}  // namespace tribute::tlog
