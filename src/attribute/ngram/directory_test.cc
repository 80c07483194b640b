#include "ngram/directory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "base/bytes.h"

namespace tribute::ngram {
namespace {

std::vector<DirectoryNode> directory_of(const std::vector<uint32_t>& places) {
  const std::string bytes = make_directory(places);
  EXPECT_EQ(bytes.size(), places.size() * kDirectoryNodeBytes);
  std::vector<DirectoryNode> nodes;
  for (size_t i = 0; i < places.size(); ++i) {
    nodes.push_back({.place = load_le32(std::string_view(bytes).substr(i * 8)),
                     .left = load_le32(std::string_view(bytes).substr(i * 8 + 4))});
  }
  return nodes;
}

// The longest way down.
uint32_t depth_of(const std::vector<DirectoryNode>& nodes, size_t node, size_t pages) {
  if (pages == 1) return 0;
  const uint32_t left = nodes[node].left;
  EXPECT_TRUE(left >= 1 && left < pages);
  return 1 + std::max(depth_of(nodes, node + 1, left), depth_of(nodes, node + left, pages - left));
}

// The one of docs/formats/segment.md.
TEST(Directory, HasTheNodesOfThePage) {
  const std::vector<DirectoryNode> nodes =
      directory_of({directory_place(1, 'n' + 1), directory_place(0, 'n' + 1), directory_place(2, 'b' + 1)});
  EXPECT_EQ(nodes[0].shared(), 0U);
  EXPECT_EQ(nodes[0].symbol(), 111U);
  EXPECT_EQ(nodes[0].left, 2U);
  EXPECT_EQ(nodes[1].place, (1U << 19) + 111);
  EXPECT_EQ(nodes[1].left, 1U);
  EXPECT_EQ(nodes[2].place, (1U << 20) + 99);
  EXPECT_EQ(nodes[2].left, 1U);
}

TEST(Directory, OfNoPageOrOneHasNone) { EXPECT_EQ(make_directory({}), ""); }

TEST(Directory, IsBalancedWhereAllPartAtOnePlace) {
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < 1023; ++i) places.push_back(directory_place(3, i + 1));
  EXPECT_EQ(depth_of(directory_of(places), 0, 1024), 10U);
  EXPECT_EQ(depth_of(directory_of(std::vector<uint32_t>(1023, kNoPlace)), 0, 1024), 10U);
}

// A hundred groups, each of a hundred pages that share one more symbol.
TEST(Directory, TakesOneMoreStepOrTwoForWhatIsShared) {
  std::vector<uint32_t> places;
  for (uint32_t group = 0; group < 100; ++group) {
    if (group > 0) places.push_back(directory_place(0, group + 1));
    for (uint32_t i = 1; i < 100; ++i) places.push_back(directory_place(1, i + 1));
  }
  EXPECT_LE(depth_of(directory_of(places), 0, places.size() + 1), std::bit_width(places.size()) + 2);
}

// As of one token again and again: each page shares more than the one before.
TEST(Directory, OfAChainIsAChain) {
  std::vector<uint32_t> places;
  for (uint32_t i = 0; i < kMaxShared; ++i) places.push_back(directory_place(i, 1));
  EXPECT_EQ(depth_of(directory_of(places), 0, places.size() + 1), kMaxShared);
}

}  // namespace
}  // namespace tribute::ngram
