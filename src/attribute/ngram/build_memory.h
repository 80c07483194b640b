// How much memory building a segment takes, and how to build it with less.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "suffix/run_merge.h"

namespace tribute::ngram {

// What is to be built, or more; of more than a segment holds, one is built after another.
struct BuildSize {
  uint32_t vocabulary_size = 1;
  uint64_t document_count = 0;
  uint64_t token_count = 0;       // of all documents
  uint64_t longest_document = 0;  // tokens
  uint64_t held_bytes = 0;        // that the process takes besides
};

// How a segment is built. The segment is the same by any plan.
struct BuildPlan {
  // Documents are sorted on disk, in runs of at most so many symbols, if they are more; at least those of the longest
  // document with its separator.
  uint64_t run_symbols = UINT64_MAX;
  suffix::MergeOptions merge;
  uint32_t threads = 1;
};

// What a build takes, in bytes, is at most
//
//   held + fixed + 128 n + 16 L + S / 12 + W m
//
// fixed = 6 MiB + 64 V + 2 MiB · threads; L = the tokens of the longest document; n documents; S = their tokens + n, as
// many as a segment holds; W = 10 for V below 65,535, else 12: of each symbol in memory, 2 or 4 for the text, 4 for its
// place in the order and 4 for what it shares with the one before; m the symbols that are sorted at a time, S where all
// are in memory. docs/design/0013-building-in-runs.md has the reasons.
//
// The least memory a build of this size gets by with: a run holds the longest document, there are at most 500 runs, and
// half of what is sorted in holds parts of all of them when they are merged.
uint64_t least_build_bytes(const BuildSize& size, uint32_t threads);

// The plan that takes at most `bytes`. Errors: resource_exhausted naming what is needed, if that is more.
Result<BuildPlan> plan_build(uint64_t bytes, const BuildSize& size, uint32_t threads);

}  // namespace tribute::ngram
