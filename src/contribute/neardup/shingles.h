// Shingles: how much two documents have in common, exactly.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/checked.h"
#include "base/ids.h"

namespace tribute::neardup {

// Two documents of at least this Jaccard similarity, in thousandths, are near duplicates.
inline constexpr uint32_t kNearDuplicatePermille = 800;

// A shingle is a run of this many tokens.
inline constexpr size_t kShingleTokens = 5;

// A shingle as a number: its tokens, each plus one, in 19 bits each, the first one highest. Different
// runs are different numbers, for tokens below 2^18.
using Shingle = uint128_t;

// The set of a document's shingles. A document of fewer tokens has one, of all its tokens, filled up
// with zeros; an empty one has none. Immutable; thread-safe.
class ShingleSet {
 public:
  // O(n log n) for n tokens, 16 bytes for each.
  explicit ShingleSet(std::span<const TokenId> tokens);

  size_t size() const { return shingles_.size(); }
  std::span<const Shingle> shingles() const { return shingles_; }  // strictly ascending

 private:
  std::vector<Shingle> shingles_;
};

// Calls `visit` with each shingle of a document, in order, repeated ones too. O(n).
template <typename Visit>
void for_each_shingle(std::span<const TokenId> tokens, Visit visit) {
  constexpr unsigned kTokenBits = 19;
  constexpr Shingle kMask = (Shingle{1} << (kTokenBits * kShingleTokens)) - 1;
  Shingle shingle = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    shingle = (shingle << kTokenBits | (tokens[i].value() + 1)) & kMask;
    if (i + 1 >= kShingleTokens) visit(shingle);
  }
  if (tokens.empty() || tokens.size() >= kShingleTokens) return;
  visit(shingle << (kTokenBits * (kShingleTokens - tokens.size())));
}

// The Jaccard similarity |a ∩ b| / |a ∪ b| in thousandths, rounded down: 1000 if and only if the sets
// are equal. Two empty sets are equal. O(|a| + |b|).
uint32_t jaccard_permille(const ShingleSet& a, const ShingleSet& b);

}  // namespace tribute::neardup
