#include "ngram/directory_walk.h"

#include <algorithm>

namespace tribute::ngram {

DirectoryWalk walk_directory(const DirectoryNode* directory, uint64_t page_count, std::span<const uint32_t> run,
                             uint32_t shared_end) {
  DirectoryWalk walk{.end = page_count};
  while (walk.end - walk.begin > 1) {
    const DirectoryNode node = directory[walk.node];
    const uint32_t shared = node.shared();
    if (shared > walk.known && walk.is_above && walk.is_sure) break;  // they all part from the run where the first does
    if (shared >= shared_end) break;
    if (shared > walk.known) walk.is_sure = false;
    // Whatever a damaged node says, some pages are on either side.
    const uint64_t left = std::clamp<uint64_t>(node.left, 1, walk.end - walk.begin - 1);
    if (run[shared] >= node.symbol()) {
      walk.begin += left;
      walk.node += left;
      walk.before = shared;
      if (shared == walk.known) {
        walk.is_above = run[shared] > node.symbol();
        walk.known += walk.is_above ? 0 : 1;
      }
    } else {
      walk.end = walk.begin + left;
      walk.node += 1;
      walk.at = shared;
    }
  }
  return walk;
}

}  // namespace tribute::ngram
