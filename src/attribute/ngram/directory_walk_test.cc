// Walks down directories of sorted strings, against a look at all of these.
#include "ngram/directory_walk.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "base/bytes.h"

namespace tribute::ngram {
namespace {

using Symbols = std::vector<uint32_t>;

std::vector<DirectoryNode> directory_of(const std::vector<Symbols>& firsts) {
  std::vector<uint32_t> places;
  for (size_t i = 1; i < firsts.size(); ++i) {
    uint32_t shared = 0;
    while (firsts[i - 1][shared] == firsts[i][shared] && firsts[i][shared] != 0) ++shared;
    places.push_back(firsts[i - 1] == firsts[i] ? kNoPlace : directory_place(shared, firsts[i][shared]));
  }
  const std::string bytes = make_directory(places);
  std::vector<DirectoryNode> nodes;
  for (size_t i = 0; i < places.size(); ++i) {
    nodes.push_back({.place = load_le32(std::string_view(bytes).substr(i * 8)),
                     .left = load_le32(std::string_view(bytes).substr(i * 8 + 4))});
  }
  return nodes;
}

uint32_t shared_by(const Symbols& first, const Symbols& run) {
  uint32_t shared = 0;
  while (shared < run.size() && first[shared] == run[shared]) ++shared;
  return shared;
}

// Sorted first suffixes with their separators over a small alphabet, and a run like them.
std::pair<std::vector<Symbols>, Symbols> any_case() {
  const auto alphabet = *rc::gen::inRange(2U, 6U);
  const auto symbol = rc::gen::inRange(1U, alphabet);
  const auto text = rc::gen::nonEmpty(rc::gen::container<Symbols>(symbol));
  auto firsts = *rc::gen::nonEmpty(rc::gen::container<std::vector<Symbols>>(text));
  Symbols run = *text;
  if (*rc::gen::inRange(0, 2) == 0) {
    run = firsts.front();
    run[*rc::gen::inRange<size_t>(0, run.size())] = *symbol;
  }
  std::ranges::sort(firsts);
  for (Symbols& first : firsts) first.push_back(0);
  return {firsts, run};
}

TEST(DirectoryWalk, IsRightWhereItIsSure) {
  uint64_t sure = 0;
  EXPECT_TRUE(rc::check([&sure] {
    const auto [firsts, run] = any_case();
    const std::vector<DirectoryNode> nodes = directory_of(firsts);
    const DirectoryWalk walk = walk_directory(nodes.data(), firsts.size(), run, static_cast<uint32_t>(run.size()));
    RC_ASSERT(walk.begin < walk.end && walk.end <= firsts.size());
    // Where it ends no page shares more.
    const uint32_t shared = shared_by(firsts[walk.begin], run);
    for (const Symbols& first : firsts) RC_ASSERT(shared_by(first, run) <= shared);
    if (!walk.is_sure) return;
    ++sure;
    RC_ASSERT(walk.known <= shared);
    if (walk.begin > 0) {
      RC_ASSERT(firsts[walk.begin - 1] < run);
      RC_ASSERT(shared_by(firsts[walk.begin - 1], run) == walk.before);
    }
    if (walk.end < firsts.size()) {
      RC_ASSERT(firsts[walk.end] > run);
      RC_ASSERT(shared_by(firsts[walk.end], run) == walk.at);
    }
    for (uint64_t page = walk.begin; page < walk.end; ++page) {
      if (walk.is_above) {
        RC_ASSERT(firsts[page] < run);
        RC_ASSERT(shared_by(firsts[page], run) == walk.known);
      } else if (walk.known == run.size()) {
        RC_ASSERT(shared_by(firsts[page], run) == walk.known);
      }
    }
  }));
  EXPECT_GT(sure, 0U);
}

TEST(DirectoryWalk, BearsAnyNodes) {
  EXPECT_TRUE(rc::check([](const std::vector<std::pair<uint32_t, uint32_t>>& drawn, const Symbols& run) {
    std::vector<DirectoryNode> nodes;
    for (const auto& [place, left] : drawn) nodes.push_back({.place = place, .left = left});
    const DirectoryWalk walk = walk_directory(nodes.data(), nodes.size() + 1, run, static_cast<uint32_t>(run.size()));
    RC_ASSERT(walk.begin < walk.end && walk.end <= nodes.size() + 1);
  }));
}

}  // namespace
}  // namespace tribute::ngram
