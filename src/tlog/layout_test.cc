#include "tlog/layout.h"

#include <gtest/gtest.h>

namespace tribute::tlog {
namespace {

TEST(Layout, PathsOfTheSpecification) {
  EXPECT_EQ(path_of(TileId{0, 1'234'067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(path_of(TileId{1, 0, 17}), "tile/1/000.p/17");
  EXPECT_EQ(path_of(TileId{7, 999, 255}), "tile/7/999.p/255");
  EXPECT_EQ(path_of(BundleId{1000, 256}), "tile/entries/x001/000");
  EXPECT_EQ(path_of(BundleId{1'000'000, 1}), "tile/entries/x001/x000/000.p/1");
  EXPECT_EQ(path_of(BundleId{5, 3}), "tile/entries/005.p/3");
}

TEST(Layout, SizesOfTheSpecification) {
  EXPECT_EQ(level_count(70'000), 3U);
  EXPECT_EQ(tile_width(70'000, 0, 272), 256U);
  EXPECT_EQ(tile_width(70'000, 0, 273), 112U);
  EXPECT_EQ(tile_width(70'000, 0, 274), 0U);
  EXPECT_EQ(tile_width(70'000, 1, 0), 256U);
  EXPECT_EQ(tile_width(70'000, 1, 1), 17U);
  EXPECT_EQ(tile_width(70'000, 2, 0), 1U);
  EXPECT_EQ(tile_width(70'000, 3, 0), 0U);
  EXPECT_EQ(bundle_count(70'000), 274U);

  EXPECT_EQ(level_count(256), 2U);
  EXPECT_EQ(tile_width(256, 0, 0), 256U);
  EXPECT_EQ(tile_width(256, 0, 1), 0U);
  EXPECT_EQ(tile_width(256, 1, 0), 1U);
  EXPECT_EQ(bundle_count(256), 1U);
}

TEST(Layout, ExtremeSizes) {
  EXPECT_EQ(level_count(0), 0U);
  EXPECT_EQ(bundle_count(0), 0U);
  EXPECT_EQ(bundle_width(0, 0), 0U);
  EXPECT_EQ(level_count(1), 1U);
  EXPECT_EQ(bundle_width(1, 0), 1U);
  EXPECT_EQ(level_count(kMaxTreeSize), kMaxTileLevels);
  EXPECT_EQ(hash_count(kMaxTreeSize, 7), 127U);
  EXPECT_EQ(hash_count(kMaxTreeSize, 8), 0U);
  EXPECT_EQ(tile_width(kMaxTreeSize, 7, 0), 127U);
  EXPECT_EQ(bundle_width(kMaxTreeSize, kMaxTreeSize / 256), 255U);
  EXPECT_EQ(bundle_width(kMaxTreeSize, ~uint64_t{0}), 0U);
}

// A hash of level l, by its definition: the root over the 256^l entries from n · 256^l.
TEST(Layout, EverySubtreeIsASliceOfOneTile) {
  EXPECT_EQ(slice_of({0, 0}), (TileSlice{0, 0, 0, 1}));
  EXPECT_EQ(slice_of({8, 3}), (TileSlice{1, 0, 3, 4}));
  EXPECT_EQ(slice_of({3, 33}), (TileSlice{0, 1, 8, 16}));
  for (uint32_t level = 0; level < 20; ++level) {
    for (uint64_t index = 0; index < 1000; ++index) {
      const TileSlice slice = slice_of({level, index});
      const uint64_t unit = uint64_t{1} << (8 * slice.level);
      ASSERT_LT(slice.begin, slice.end);
      ASSERT_LE(slice.end, kTileWidth);
      ASSERT_EQ((slice.index * 256 + slice.begin) * unit, index << level);
      ASSERT_EQ((slice.index * 256 + slice.end) * unit, (index + 1) << level);
    }
  }
}

}  // namespace
}  // namespace tribute::tlog
