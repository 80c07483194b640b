#include "tlog/merkle.h"

#include <algorithm>
#include <bit>
#include <string>

#include "base/check.h"

namespace tribute::tlog {
namespace {

// Leaves [begin, end) of a tree.
struct LeafRange {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
  // Where the tree over these leaves parts: after the largest power of two below their number.
  uint64_t split() const { return begin + std::bit_floor(size() - 1); }
};

// The root over `range`, which is one of the ranges that the recursion of RFC 6962 visits: it begins
// at a multiple of a power of two that is no smaller than the range.
Result<Hash256> range_root(LeafRange range, const SubtreeReader& read) {
  CHECK(range.size() > 0);
  std::vector<Hash256> parts;
  for (uint64_t begin = range.begin; begin < range.end;) {
    const uint64_t leaf_count = std::bit_floor(range.end - begin);
    const auto level = static_cast<uint32_t>(std::countr_zero(leaf_count));
    parts.push_back(TRY(read(Subtree{level, begin >> level})));
    begin += leaf_count;
  }
  Hash256 root = parts.back();
  for (size_t i = parts.size() - 1; i-- > 0;) root = node_hash(parts[i], root);
  return root;
}

// The roots over the ranges, last range first: the walks below go down from the root, a proof is
// read from the leaf up.
Result<std::vector<Hash256>> proof_over(const std::vector<LeafRange>& ranges, const SubtreeReader& read) {
  std::vector<Hash256> proof;
  proof.reserve(ranges.size());
  for (size_t i = ranges.size(); i-- > 0;) proof.push_back(TRY(range_root(ranges[i], read)));
  return proof;
}

std::unexpected<Error> wrong_root(const std::string& proof_name, const std::string& which, const Hash256& got,
                                  const Hash256& expected) {
  return fail(ErrorCode::data_loss,
              proof_name + " leads to the " + which + " " + got.hex() + " instead of " + expected.hex());
}

std::unexpected<Error> wrong_length(const std::string& proof_name, size_t length, const std::string& how) {
  return fail(ErrorCode::invalid_argument, proof_name + " has " + std::to_string(length) + " hashes, too " + how);
}

// The way from a leaf, `node`, to the root beside the way from the last leaf, `last`.
struct Path {
  uint64_t node = 0;
  uint64_t last = 0;

  bool at_root() const { return last == 0; }
  // Whether the next hash of a proof stands to the left.
  bool sibling_is_left() const { return (node & 1) == 1 || node == last; }
  void go_up() {
    node >>= 1;
    last >>= 1;
  }
  // After a left sibling: past the levels on which a node at the right edge has no sibling.
  void skip_missing_siblings() {
    while ((node & 1) == 0 && node != 0) go_up();
  }
};

}  // namespace

Hash256 leaf_hash(std::string_view entry) {
  std::string bytes(1, '\0');
  bytes += entry;
  return sha256(bytes);
}

Hash256 node_hash(const Hash256& left, const Hash256& right) {
  std::array<char, 65> bytes{'\x01'};
  std::ranges::copy(left.view(), bytes.begin() + 1);
  std::ranges::copy(right.view(), bytes.begin() + 33);
  return sha256({bytes.data(), bytes.size()});
}

Hash256 root_of(std::span<const Hash256> leaves) {
  if (leaves.empty()) return sha256("");
  // The roots of the largest perfect subtrees so far, the largest first.
  std::vector<Hash256> roots;
  for (size_t i = 0; i < leaves.size(); ++i) {
    Hash256 root = leaves[i];
    for (size_t carry = i; (carry & 1) == 1; carry >>= 1) {
      root = node_hash(roots.back(), root);
      roots.pop_back();
    }
    roots.push_back(root);
  }
  Hash256 root = roots.back();
  for (size_t i = roots.size() - 1; i-- > 0;) root = node_hash(roots[i], root);
  return root;
}

std::vector<Subtree> subtrees_of(uint64_t size) {
  std::vector<Subtree> subtrees;
  for (uint32_t level = 64; level-- > 0;) {
    if ((size >> level & 1) == 1) subtrees.push_back({level, (size >> level) - 1});
  }
  return subtrees;
}

Result<Hash256> tree_root(uint64_t size, const SubtreeReader& read) {
  if (size == 0) return sha256("");
  return range_root({0, size}, read);
}

Result<std::vector<Hash256>> inclusion_proof(uint64_t index, uint64_t size, const SubtreeReader& read) {
  if (index >= size) {
    return fail(ErrorCode::out_of_range,
                "entry " + std::to_string(index) + " is not in a tree of size " + std::to_string(size));
  }
  std::vector<LeafRange> siblings;
  for (LeafRange range{0, size}; range.size() > 1;) {
    const uint64_t split = range.split();
    siblings.push_back(index < split ? LeafRange{split, range.end} : LeafRange{range.begin, split});
    range = index < split ? LeafRange{range.begin, split} : LeafRange{split, range.end};
  }
  return proof_over(siblings, read);
}

Result<std::vector<Hash256>> consistency_proof(uint64_t old_size, uint64_t size, const SubtreeReader& read) {
  if (old_size == 0 || old_size > size) {
    return fail(ErrorCode::out_of_range, "no consistency proof from size " + std::to_string(old_size) + " to size " +
                                             std::to_string(size) + ": it takes 0 < old size <= size");
  }
  std::vector<LeafRange> ranges;
  LeafRange range{0, size};
  while (range.end != old_size) {
    const uint64_t split = range.split();
    ranges.push_back(old_size <= split ? LeafRange{split, range.end} : LeafRange{range.begin, split});
    range = old_size <= split ? LeafRange{range.begin, split} : LeafRange{split, range.end};
  }
  // Where the old tree is the whole of what is left from leaf 0 on, the verifier knows its root.
  if (range.begin != 0) ranges.push_back(range);
  return proof_over(ranges, read);
}

Result<void> verify_inclusion(const InclusionClaim& claim, std::span<const Hash256> proof) {
  const std::string name =
      "inclusion proof of entry " + std::to_string(claim.index) + " in size " + std::to_string(claim.size);
  if (claim.index >= claim.size) return fail(ErrorCode::invalid_argument, name + ": there is no such entry");
  Path path{claim.index, claim.size - 1};
  Hash256 root = claim.leaf;
  for (const Hash256& sibling : proof) {
    if (path.at_root()) return wrong_length(name, proof.size(), "many");
    if (path.sibling_is_left()) {
      root = node_hash(sibling, root);
      path.skip_missing_siblings();
    } else {
      root = node_hash(root, sibling);
    }
    path.go_up();
  }
  if (!path.at_root()) return wrong_length(name, proof.size(), "few");
  if (root != claim.root) return wrong_root(name, "root", root, claim.root);
  return {};
}

Result<void> verify_consistency(const ConsistencyClaim& claim, std::span<const Hash256> proof) {
  const std::string name =
      "consistency proof from size " + std::to_string(claim.old_size) + " to size " + std::to_string(claim.size);
  if (claim.old_size == 0 || claim.old_size > claim.size) {
    return fail(ErrorCode::invalid_argument, name + ": it takes 0 < old size <= size");
  }
  if (claim.old_size == claim.size) {
    if (!proof.empty()) return wrong_length(name, proof.size(), "many");
    if (claim.old_root != claim.root) return wrong_root(name, "old root", claim.root, claim.old_root);
    return {};
  }
  // The old tree's last perfect subtree: its root begins both computations. It is the proof's first
  // hash unless it is the whole old tree.
  Path path{claim.old_size - 1, claim.size - 1};
  while ((path.node & 1) == 1) path.go_up();
  Hash256 old_root = claim.old_root;
  if (path.node != 0) {
    if (proof.empty()) return wrong_length(name, proof.size(), "few");
    old_root = proof.front();
    proof = proof.subspan(1);
  }
  Hash256 root = old_root;
  for (const Hash256& sibling : proof) {
    if (path.at_root()) return wrong_length(name, proof.size(), "many");
    if (path.sibling_is_left()) {
      old_root = node_hash(sibling, old_root);
      root = node_hash(sibling, root);
      path.skip_missing_siblings();
    } else {
      root = node_hash(root, sibling);
    }
    path.go_up();
  }
  if (!path.at_root()) return wrong_length(name, proof.size(), "few");
  if (old_root != claim.old_root) return wrong_root(name, "old root", old_root, claim.old_root);
  if (root != claim.root) return wrong_root(name, "root", root, claim.root);
  return {};
}

}  // namespace tribute::tlog
