#include "tlog/right_edge.h"

#include <gtest/gtest.h>

#include <map>

#include "tlog/testing/naive_log.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

// The edge of every size, and all tiles on the way, are those of the definition; and a second edge
// that begins at any size goes on as the first one did. Three levels are reached at 65,536.
TEST(RightEdge, GivesEveryTileAndRoot) {
  const std::vector<std::string> entries = naive::some_entries(1100);
  const std::vector<Hash256> leaves = naive::leaves_of(entries);
  std::map<std::string, std::string> full_tiles;
  const auto on_full_tile = [&](const TileId& tile, std::span<const Hash256> hashes,
                                const Hash256& root) -> Result<void> {
    EXPECT_TRUE(tile.is_full());
    EXPECT_EQ(root, naive::root(hashes));
    EXPECT_TRUE(full_tiles.emplace(path_of(tile), encode_tile(hashes)).second) << path_of(tile);
    return {};
  };
  RightEdge edge;
  EXPECT_EQ(edge.root(), naive::root({}));
  for (size_t size = 1; size <= entries.size(); ++size) {
    ASSERT_TRUE(edge.append(leaves[size - 1], on_full_tile));
    ASSERT_EQ(edge.size(), size);
    if (size > 520 && size % 37 != 0 && size % 256 > 1) continue;
    ASSERT_EQ(edge.root(), naive::root(naive::Hashes(leaves).first(size))) << size;
    auto expected = naive::files_of({entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(size)});
    std::erase_if(expected, [](const auto& file) { return file.first.starts_with("tile/entries"); });
    auto tiles = full_tiles;
    std::vector<std::vector<Hash256>> hashes(level_count(size));
    for (const TileId& tile : edge.partial_tiles()) {
      tiles.emplace(path_of(tile), encode_tile(edge.hashes(tile.level)));
      hashes[tile.level].assign(edge.hashes(tile.level).begin(), edge.hashes(tile.level).end());
    }
    ASSERT_EQ(tiles, expected) << size;
    EXPECT_EQ(RightEdge(size, hashes).root(), edge.root());
  }
}

TEST(RightEdge, ReachesTheThirdLevel) {
  const std::vector<Hash256> leaves(65'536 + 257, naive::leaf("x"));
  std::vector<TileId> full;
  const auto on_full_tile = [&](const TileId& tile, std::span<const Hash256>, const Hash256&) -> Result<void> {
    if (tile.level > 0) full.push_back(tile);
    return {};
  };
  RightEdge edge;
  for (const Hash256& leaf : leaves) ASSERT_TRUE(edge.append(leaf, on_full_tile));
  EXPECT_EQ(full, std::vector<TileId>{(TileId{1, 0, 256})});
  EXPECT_EQ(edge.partial_tiles(), (std::vector<TileId>{{0, 257, 1}, {1, 1, 1}, {2, 0, 1}}));
  EXPECT_EQ(edge.root(), naive::root(leaves));
}

TEST(RightEdge, PassesErrorsOn) {
  RightEdge edge;
  const auto refuse = [](const TileId&, std::span<const Hash256>, const Hash256&) -> Result<void> {
    return fail(ErrorCode::unavailable, "disk");
  };
  for (int i = 0; i < 255; ++i) ASSERT_TRUE(edge.append({}, refuse));
  EXPECT_EQ(edge.append({}, refuse).error().message, "disk");
}

}  // namespace
}  // namespace tribute::tlog
