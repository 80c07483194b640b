// The right edge of a tree, in tiles.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "tlog/layout.h"

namespace tribute::tlog {

// The partial tiles of a tree, at most one per level: all that it takes to append to the tree and to
// know its root. At most 8 · 255 hashes, whatever the size.
//
// Invariant: the partial tile of level l has (size / 256^l) mod 256 hashes.
// A value; thread-safe as one.
class RightEdge {
 public:
  // Of the empty tree.
  RightEdge() = default;

  // `hashes[l]` are the hashes of the partial tile of level l, for every level of `size` (CHECK: the
  // invariant).
  RightEdge(uint64_t size, std::vector<std::vector<Hash256>> hashes);

  uint64_t size() const { return size_; }

  // A tile that just became full, its 256 hashes, and the root over them, which is the hash of the same
  // index one level above.
  using FullTileCallback =
      std::function<Result<void>(const TileId& tile, std::span<const Hash256> hashes, const Hash256& root)>;

  // Appends one leaf. Calls `on_full_tile` for every tile that becomes full by it, lowest level first.
  // One hash amortised.
  // Errors: those of the callback, after which the edge can only be dropped.
  Result<void> append(const Hash256& leaf, const FullTileCallback& on_full_tile);

  // The root of the tree. O(256 log size) time.
  Hash256 root() const;

  // The partial tiles that a log of this size has, lowest level first, and the hashes of one.
  std::vector<TileId> partial_tiles() const;
  std::span<const Hash256> hashes(uint32_t level) const { return hashes_[level]; }

 private:
  uint64_t size_ = 0;
  std::array<std::vector<Hash256>, kMaxTileLevels> hashes_;
};

}  // namespace tribute::tlog
