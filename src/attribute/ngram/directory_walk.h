// A walk down a segment's directory that knows whether it is right.
#pragma once

#include <cstdint>
#include <span>

#include "ngram/directory.h"

namespace tribute::ngram {

// Where a blind walk ended: pages [begin, end) whose first suffixes are not told apart by what was compared.
struct DirectoryWalk {
  uint64_t node = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
  // What the run shares with the first suffixes of the pages begin - 1 and `end`, if it shares as much with that of
  // page `begin` as the walk took for granted. 0 where there is no such page.
  uint32_t before = 0;
  uint32_t at = 0;
  // Whether nothing was taken for granted: every symbol that the walk's nodes share was compared, or the run parted
  // from their pages before. Then the first suffix of `begin` shares `known` symbols with the run at least, and if
  // `is_above`, it parts from the run there and is below it, as are those of all of the pages.
  bool is_sure = true;
  uint32_t known = 0;
  bool is_above = false;
};

// By the run's symbols (its tokens + 1), through nodes whose pages share fewer than `shared_end` symbols, which is at
// most the run's size and kMaxShared. `directory` has a node for each of `page_count` pages but one. Whatever it holds,
// the pages are some of these, at least one if there is one.
// A node of pages that share more than is known of the run skips symbols: there, and only there, a walk may go astray.
DirectoryWalk walk_directory(const DirectoryNode* directory, uint64_t page_count, std::span<const uint32_t> run,
                             uint32_t shared_end);

}  // namespace tribute::ngram
