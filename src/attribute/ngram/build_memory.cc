#include "ngram/build_memory.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "suffix/suffix_sort.h"

namespace tribute::ngram {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kMB = 1'000'000;
constexpr uint64_t kBytesPerDocument = 128;
constexpr uint64_t kBytesPerReadToken = 16;  // of a document that is read: its text and its tokens
constexpr uint32_t kEndOfNarrow = uint32_t{1} << 16;
constexpr uint64_t kMostRuns = 500;
constexpr uint64_t kLeastRunBytes = kMiB;
constexpr uint64_t kLeastStreamBlocks = 4;
constexpr uint64_t kMostStreamBlocks = 64;

uint64_t bytes_per_symbol(const BuildSize& size) { return size.vocabulary_size < kEndOfNarrow ? 10 : 12; }

// More make another segment.
uint64_t symbol_count(const BuildSize& size) {
  return std::min(size.token_count + size.document_count, suffix::kMaxSortedSymbols);
}

// What sorting takes and merging does not, however much is sorted.
uint64_t sorter_bytes(const BuildSize& size, uint32_t threads) {
  return uint64_t{64} * size.vocabulary_size + 2 * kMiB * threads;
}

// All that does not depend on how much is sorted at a time.
uint64_t base_bytes(const BuildSize& size, uint32_t threads) {
  return size.held_bytes + 6 * kMiB + sorter_bytes(size, threads) + kBytesPerDocument * size.document_count +
         kBytesPerReadToken * size.longest_document + symbol_count(size) / 12;
}

// So many at most: of two that follow each other, one would not fit into the other.
uint64_t most_runs(const BuildSize& size, uint64_t run_symbols) { return 2 * symbol_count(size) / run_symbols + 1; }

// What a run takes when it is merged.
uint64_t merged_run_bytes(uint64_t stream_blocks) {
  return stream_blocks * suffix::kBlockBytes + suffix::kMergeRunBytes;
}

bool is_enough(const BuildSize& size, uint64_t run_bytes) {
  const uint64_t run_symbols = run_bytes / bytes_per_symbol(size);
  if (run_bytes < kLeastRunBytes || run_symbols <= size.longest_document) return false;
  const uint64_t runs = most_runs(size, run_symbols);
  return runs <= kMostRuns && runs * merged_run_bytes(kLeastStreamBlocks) <= run_bytes / 2;
}

}  // namespace

uint64_t least_build_bytes(const BuildSize& size, uint32_t threads) {
  // More is never too little where less is enough.
  uint64_t low = 0;
  uint64_t high = kLeastRunBytes;
  while (!is_enough(size, high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const uint64_t middle = low + (high - low) / 2;
    (is_enough(size, middle) ? high : low) = middle;
  }
  return base_bytes(size, threads) + high;
}

Result<BuildPlan> plan_build(uint64_t bytes, const BuildSize& size, uint32_t threads) {
  const uint64_t base = base_bytes(size, threads);
  if (bytes <= base || !is_enough(size, bytes - base)) {
    const uint64_t needed = (least_build_bytes(size, threads) + kMB - 1) / kMB;
    return fail(ErrorCode::resource_exhausted, std::to_string(bytes / kMB) + " MB of memory are too little to index " +
                                                   std::to_string(size.token_count) + " tokens; give " +
                                                   std::to_string(needed) + " MB or more");
  }
  const uint64_t run_bytes = bytes - base;
  BuildPlan plan{.run_symbols = std::min(run_bytes / bytes_per_symbol(size), symbol_count(size)), .threads = threads};
  const uint64_t runs = most_runs(size, std::max<uint64_t>(plan.run_symbols, 1));
  // An eighth or the least that will do for the runs' streams, a quarter for passages, the rest for the text, but no
  // more than there is of it.
  const uint64_t stream_blocks = run_bytes / 8 / runs / suffix::kBlockBytes;
  plan.merge.stream_blocks = std::clamp(stream_blocks, kLeastStreamBlocks, kMostStreamBlocks);
  plan.merge.passages = std::min(run_bytes / 4 / suffix::RunCompare::kPassageBytes, symbol_count(size) / 8 + 1);
  const uint64_t rest =
      run_bytes + sorter_bytes(size, threads) - run_bytes / 4 - runs * merged_run_bytes(plan.merge.stream_blocks);
  const uint64_t text_bytes = symbol_count(size) * (size.vocabulary_size < kEndOfNarrow ? 2 : 4);
  plan.merge.text_blocks = std::min(rest, text_bytes + text_bytes / 4) / suffix::kBlockBytes + 2;
  return plan;
}

}  // namespace tribute::ngram
