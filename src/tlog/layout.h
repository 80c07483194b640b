// Where a log's files are: the arithmetic of C2SP tlog-tiles. Paths are relative to the log folder.
//
// A tile of level l holds up to 256 consecutive roots of subtrees of 256^l entries; level 0 holds leaf
// hashes. A bundle holds the up to 256 entries of one tile of level 0. Only a tile or bundle at the
// right edge of a tree is partial. Pure functions, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tlog/merkle.h"

namespace tribute::tlog {

inline constexpr uint32_t kTileHeight = 8;   // levels of the binary tree in one tile
inline constexpr uint32_t kTileWidth = 256;  // hashes in a full tile, entries in a full bundle

// Sizes of trees are below 2^63, so that there are at most eight levels of tiles.
inline constexpr uint64_t kMaxTreeSize = (uint64_t{1} << 63) - 1;
inline constexpr uint32_t kMaxTileLevels = 8;

inline constexpr std::string_view kCheckpointPath = "checkpoint";
inline constexpr std::string_view kVerifierKeyPath = "vkey";

// One tile: the first `width` hashes, 1 to 256, of tile `index` of `level`.
struct TileId {
  uint32_t level = 0;
  uint64_t index = 0;
  uint32_t width = kTileWidth;

  bool is_full() const { return width == kTileWidth; }
  friend bool operator==(const TileId&, const TileId&) = default;
};

// The same of a bundle of entries.
struct BundleId {
  uint64_t index = 0;
  uint32_t width = kTileWidth;

  bool is_full() const { return width == kTileWidth; }
  friend bool operator==(const BundleId&, const BundleId&) = default;
};

// "tile/0/x001/x234/067", "tile/1/000.p/17", "tile/entries/000.p/3".
std::string path_of(const TileId& tile);
std::string path_of(const BundleId& bundle);

// How many hashes of `level` a tree of `size` entries has in all its tiles of that level, how many
// levels it has (0 if empty), and the width of its tile or bundle `index`, 0 where it has none.
uint64_t hash_count(uint64_t size, uint32_t level);
uint32_t level_count(uint64_t size);
uint32_t tile_width(uint64_t size, uint32_t level, uint64_t index);
uint32_t bundle_width(uint64_t size, uint64_t index);

// How many bundles, the partial one included, a tree of `size` entries has.
uint64_t bundle_count(uint64_t size);

// Where a subtree's root is in the tiles: it is the root over the hashes [begin, end) of one tile.
struct TileSlice {
  uint32_t level = 0;
  uint64_t index = 0;
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const TileSlice&, const TileSlice&) = default;
};
TileSlice slice_of(Subtree subtree);

}  // namespace tribute::tlog
