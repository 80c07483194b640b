#include "tlog/right_edge.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "tlog/merkle.h"

namespace tribute::tlog {

RightEdge::RightEdge(uint64_t size, std::vector<std::vector<Hash256>> hashes) : size_(size) {
  CHECK(size <= kMaxTreeSize && hashes.size() == level_count(size));
  for (uint32_t level = 0; level < hashes.size(); ++level) {
    CHECK(hashes[level].size() == hash_count(size, level) % kTileWidth);
    hashes_[level] = std::move(hashes[level]);
  }
}

Result<void> RightEdge::append(const Hash256& leaf, const FullTileCallback& on_full_tile) {
  CHECK(size_ < kMaxTreeSize);
  ++size_;
  Hash256 hash = leaf;
  for (uint32_t level = 0;; ++level) {
    std::vector<Hash256>& tile = hashes_[level];
    tile.push_back(hash);
    if (tile.size() < kTileWidth) return {};
    hash = root_of(tile);
    TRY(on_full_tile(TileId{level, hash_count(size_, level) / kTileWidth - 1, kTileWidth}, tile, hash));
    tile.clear();
  }
}

Hash256 RightEdge::root() const {
  const auto read = [this](Subtree subtree) -> Result<Hash256> {
    const TileSlice slice = slice_of(subtree);
    const std::span<const Hash256> tile = hashes_[slice.level];
    CHECK(slice.index == hash_count(size_, slice.level) / kTileWidth && slice.end <= tile.size());
    return root_of(tile.subspan(slice.begin, slice.end - slice.begin));
  };
  const Result<Hash256> root = tree_root(size_, read);
  CHECK(root.has_value());
  return *root;
}

std::vector<TileId> RightEdge::partial_tiles() const {
  std::vector<TileId> tiles;
  for (uint32_t level = 0; level < kMaxTileLevels; ++level) {
    if (hashes_[level].empty()) continue;
    tiles.push_back({level, hash_count(size_, level) / kTileWidth, static_cast<uint32_t>(hashes_[level].size())});
  }
  return tiles;
}

}  // namespace tribute::tlog
