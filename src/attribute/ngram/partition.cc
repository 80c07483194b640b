#include "ngram/partition.h"

#include <algorithm>
#include <numeric>

namespace tribute::ngram {
namespace {

// A range of so many ranks costs about as much as its few halvings.
constexpr uint64_t kSmallRange = 32;

struct Known {
  uint64_t rank = 0;
  uint64_t key = 0;
};

std::vector<Known> read(const std::vector<uint64_t>& ranks, const KeyReader& keys_of) {
  std::vector<uint64_t> keys(ranks.size());
  keys_of(ranks, keys);
  std::vector<Known> known;
  known.reserve(ranks.size());
  for (size_t i = 0; i < ranks.size(); ++i) known.push_back({ranks[i], keys[i]});
  return known;
}

// What lies between two ranks with different keys and is not known yet: its middle.
std::vector<uint64_t> middles_of(const std::vector<Known>& known) {
  std::vector<uint64_t> middles;
  for (size_t i = 0; i + 1 < known.size(); ++i) {
    const uint64_t distance = known[i + 1].rank - known[i].rank;
    if (known[i].key != known[i + 1].key && distance > 1) middles.push_back(known[i].rank + distance / 2);
  }
  return middles;
}

// Of three neighbours with one key the one in the middle tells nothing.
void forget_inner(std::vector<Known>& known) {
  size_t kept = 0;
  for (size_t i = 0; i < known.size(); ++i) {
    const bool is_inner =
        kept > 0 && i + 1 < known.size() && known[kept - 1].key == known[i].key && known[i].key == known[i + 1].key;
    if (!is_inner) known[kept++] = known[i];
  }
  known.resize(kept);
}

}  // namespace

std::vector<KeyedRange> partition(RankRange range, const KeyReader& keys_of) {
  std::vector<KeyedRange> parts;
  if (range.is_empty()) return parts;
  std::vector<uint64_t> ranks;
  if (range.size() <= kSmallRange) {
    ranks.resize(range.size());
    std::iota(ranks.begin(), ranks.end(), range.begin);
  } else {
    ranks = {range.begin, range.end - 1};
  }
  std::vector<Known> known = read(ranks, keys_of);
  while (true) {
    ranks = middles_of(known);
    if (ranks.empty()) break;
    const std::vector<Known> found = read(ranks, keys_of);
    std::vector<Known> merged;
    merged.reserve(known.size() + found.size());
    std::ranges::merge(known, found, std::back_inserter(merged), {}, &Known::rank, &Known::rank);
    known = std::move(merged);
    forget_inner(known);
  }
  for (const Known& one : known) {
    if (parts.empty() || parts.back().key != one.key) parts.push_back({one.key, {one.rank, one.rank}});
    parts.back().range.end = one.rank + 1;
  }
  return parts;
}

void tidy(Continuations& continuations) {
  std::vector<TokenCount>& tokens = continuations.tokens;
  std::ranges::sort(tokens, {}, &TokenCount::token);
  size_t kept = 0;
  for (const TokenCount& one : tokens) {
    if (kept > 0 && tokens[kept - 1].token == one.token) {
      tokens[kept - 1].count += one.count;
    } else {
      tokens[kept++] = one;
    }
  }
  tokens.resize(kept);
}

}  // namespace tribute::ngram
