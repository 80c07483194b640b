#include "neardup/shingles.h"

#include <algorithm>

namespace tribute::neardup {

ShingleSet::ShingleSet(std::span<const TokenId> tokens) {
  shingles_.reserve(tokens.size());
  for_each_shingle(tokens, [&](Shingle shingle) { shingles_.push_back(shingle); });
  std::ranges::sort(shingles_);
  const auto repeated = std::ranges::unique(shingles_);
  shingles_.erase(repeated.begin(), repeated.end());
}

uint32_t jaccard_permille(const ShingleSet& a, const ShingleSet& b) {
  uint64_t common = 0;
  auto left = a.shingles().begin();
  auto right = b.shingles().begin();
  while (left != a.shingles().end() && right != b.shingles().end()) {
    const Shingle of_a = *left;
    const Shingle of_b = *right;
    common += of_a == of_b ? 1 : 0;
    if (of_a <= of_b) ++left;
    if (of_b <= of_a) ++right;
  }
  const uint64_t all = a.size() + b.size() - common;
  return all == 0 ? 1000 : static_cast<uint32_t>(common * 1000 / all);
}

}  // namespace tribute::neardup
