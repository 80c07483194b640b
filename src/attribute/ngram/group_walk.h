// A walk over the places of a page's groups, as the walk down a trie of them goes.
#pragma once

#include <algorithm>
#include <cstdint>

#include "ngram/directory.h"
#include "ngram/segment.h"

namespace tribute::ngram {

// The groups [begin, end) of a page that are not told apart as far as a run was compared.
struct GroupWalk {
  uint32_t begin = 0;
  uint32_t end = 0;
  // What the run shares with the first suffixes of the groups begin - 1 and `end`, if it shares as much with those of
  // the groups between as the walk took for granted.
  uint32_t before = 0;
  uint32_t at = 0;
  // What the first suffixes of the page and of group `begin` share, if these are two and that is less than kMaxShared.
  uint32_t shared_with_page = kNoPlace;
};

// By the run's symbols (its tokens + 1), over places that share fewer than `shared_end`, which is at most the run's
// size and kMaxShared. `before` and `at` are what the run shares with what stands before the page's first group and
// behind its last one. From left to right: what shares more than a place where the run turned left stands right of it
// too.
inline GroupWalk walk_groups(const char* page, uint32_t group_count, const uint32_t* run, uint32_t shared_end,
                             uint32_t before, uint32_t at) {
  GroupWalk walk{.end = group_count, .before = before, .at = at};
  uint32_t shared_so_far = kNoPlace;
  uint32_t least = kNoPlace;  // that a place shares where the run turned left, since it turned right
  for (uint32_t group = 1; group < group_count; ++group) {
    const DirectoryNode node{.place = Segment::group_place(page, group)};
    const uint32_t shared = node.shared();
    shared_so_far = std::min(shared_so_far, shared);
    if (shared >= shared_end || shared > least) continue;
    if (run[shared] >= node.symbol()) {
      walk = {.begin = group, .end = group_count, .before = shared, .at = at, .shared_with_page = shared_so_far};
      least = kNoPlace;
    } else {
      if (least == kNoPlace) {
        walk.end = group;
        walk.at = shared;
      }
      least = shared;
    }
  }
  return walk;
}

}  // namespace tribute::ngram
