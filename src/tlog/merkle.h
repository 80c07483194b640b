// The Merkle tree of RFC 6962, section 2: hashes, roots and proofs, over SHA-256.
//
// A tree of size n is a function of its n leaf hashes in order. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace tribute::tlog {

// SHA-256(0x00 || entry) and SHA-256(0x01 || left || right).
Hash256 leaf_hash(std::string_view entry);
Hash256 node_hash(const Hash256& left, const Hash256& right);

// The root of the tree over these leaf hashes; SHA-256 of nothing where there are none. O(n) time,
// O(log n) memory.
Hash256 root_of(std::span<const Hash256> leaves);

// The perfect subtree over the leaves [index · 2^level, (index + 1) · 2^level).
struct Subtree {
  uint32_t level = 0;
  uint64_t index = 0;

  friend bool operator==(const Subtree&, const Subtree&) = default;
};

// The roots of perfect subtrees, from wherever they are kept.
using SubtreeReader = std::function<Result<Hash256>(Subtree)>;

// The largest perfect subtrees that make up the tree of `size` leaves, from left to right: one per
// bit of `size`.
std::vector<Subtree> subtrees_of(uint64_t size);

// The root of the tree of `size` leaves. O(log size) reads. Errors: those of `read`.
Result<Hash256> tree_root(uint64_t size, const SubtreeReader& read);

// PATH(index, D[size]): the hashes next to the path from leaf `index` to the root, from the leaf up.
// O(log size) reads. Errors: out_of_range unless index < size; those of `read`.
Result<std::vector<Hash256>> inclusion_proof(uint64_t index, uint64_t size, const SubtreeReader& read);

// PROOF(old_size, D[size]): the hashes that show the tree of `old_size` to be the beginning of the
// tree of `size`; none where the sizes are equal. O(log size) reads.
// Errors: out_of_range unless 0 < old_size <= size (the empty tree begins every tree; there is
// nothing to prove); those of `read`.
Result<std::vector<Hash256>> consistency_proof(uint64_t old_size, uint64_t size, const SubtreeReader& read);

// What an inclusion proof claims: the tree of `size` leaves with this root has `leaf` at `index`.
struct InclusionClaim {
  uint64_t index = 0;
  uint64_t size = 0;
  Hash256 leaf;
  Hash256 root;
};

// Success if the proof proves the claim (RFC 9162, section 2.1.3.2). O(log size).
// Errors: invalid_argument for an index outside the tree or a proof of the wrong length, data_loss
// where it leads to another root.
Result<void> verify_inclusion(const InclusionClaim& claim, std::span<const Hash256> proof);

// What a consistency proof claims: the tree of `old_size` leaves with `old_root` is the beginning of
// the tree of `size` leaves with `root`.
struct ConsistencyClaim {
  uint64_t old_size = 0;
  uint64_t size = 0;
  Hash256 old_root;
  Hash256 root;
};

// Success if the proof proves the claim (RFC 9162, section 2.1.4.2). O(log size).
// Errors: invalid_argument unless 0 < old_size <= size and the proof has the right length, data_loss
// where it leads to another root, old or new.
Result<void> verify_consistency(const ConsistencyClaim& claim, std::span<const Hash256> proof);

}  // namespace tribute::tlog
