#include "ngram/distinct_runs.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>

namespace tribute::ngram {
namespace {

constexpr uint32_t kFree = UINT32_MAX;

std::span<const TokenId> text_of(std::span<const TokenId> text, Run run) {
  return text.subspan(run.begin, run.length());
}

}  // namespace

DistinctRuns::DistinctRuns(std::span<const TokenId> text, std::span<const Run> runs) : all_(runs) {
  std::vector<uint32_t> slots(std::bit_ceil(runs.size() * 2 + 1), kFree);
  of_.reserve(runs.size());
  for (const Run& run : runs) {
    const auto tokens = text_of(text, run);
    size_t slot = XXH3_64bits(tokens.data(), tokens.size_bytes()) & (slots.size() - 1);
    while (slots[slot] != kFree && !std::ranges::equal(text_of(text, distinct_[slots[slot]]), tokens)) {
      slot = (slot + 1) & (slots.size() - 1);
    }
    if (slots[slot] == kFree) {
      slots[slot] = static_cast<uint32_t>(distinct_.size());
      distinct_.push_back(run);
    }
    of_.push_back(slots[slot]);
  }
}

}  // namespace tribute::ngram
