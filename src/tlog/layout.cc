#include "tlog/layout.h"

#include <algorithm>

namespace tribute::tlog {
namespace {

// Groups of three digits, all but the last after an 'x': 1234067 is "x001/x234/067".
std::string index_path(uint64_t index) {
  const auto group = [](uint64_t value) {
    const std::string digits = std::to_string(value % 1000);
    return std::string(3 - digits.size(), '0') + digits;
  };
  std::string path = group(index);
  for (index /= 1000; index > 0; index /= 1000) path.insert(0, "x" + group(index) + "/");
  return path;
}

std::string width_suffix(uint32_t width) { return width == kTileWidth ? "" : ".p/" + std::to_string(width); }

}  // namespace

std::string path_of(const TileId& tile) {
  return "tile/" + std::to_string(tile.level) + "/" + index_path(tile.index) + width_suffix(tile.width);
}

std::string path_of(const BundleId& bundle) {
  return "tile/entries/" + index_path(bundle.index) + width_suffix(bundle.width);
}

uint64_t hash_count(uint64_t size, uint32_t level) {
  return level < kMaxTileLevels ? size >> (kTileHeight * level) : 0;
}

uint32_t level_count(uint64_t size) {
  uint32_t count = 0;
  while (hash_count(size, count) > 0) ++count;
  return count;
}

uint32_t tile_width(uint64_t size, uint32_t level, uint64_t index) {
  const uint64_t count = hash_count(size, level);
  if (index > count / kTileWidth) return 0;
  return static_cast<uint32_t>(std::min<uint64_t>(kTileWidth, count - index * kTileWidth));
}

uint32_t bundle_width(uint64_t size, uint64_t index) { return tile_width(size, 0, index); }

uint64_t bundle_count(uint64_t size) { return size / kTileWidth + (size % kTileWidth != 0 ? 1 : 0); }

TileSlice slice_of(Subtree subtree) {
  const uint32_t height = subtree.level % kTileHeight;
  const uint64_t first = subtree.index << height;
  const auto begin = static_cast<uint32_t>(first % kTileWidth);
  return {subtree.level / kTileHeight, first / kTileWidth, begin, begin + (1U << height)};
}

}  // namespace tribute::tlog
