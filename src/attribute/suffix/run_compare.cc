#include "suffix/run_compare.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "suffix/suffix_sort.h"

namespace tribute::suffix {
namespace {

// A passage is followed backwards as far as it was compared forwards and a little more, so that no comparison costs
// more than twice what it must.
constexpr uint32_t kBackAtLeast = 64;

}  // namespace

RunCompare::RunCompare(RunText& text, uint64_t passages)
    : text_(text), passages_(std::max<uint64_t>(1, passages / kWays) * kWays) {}

RunCompare::Passage* RunCompare::set_of(uint32_t distance) {
  const uint64_t hash = distance * uint64_t{0x9E37'79B9'7F4A'7C15} >> 32;
  return passages_.data() + (hash * (passages_.size() / kWays) >> 32) * kWays;
}

Result<Parting> RunCompare::compare(uint32_t first, uint32_t second, uint32_t known) {
  CHECK(first != second);
  const uint32_t low = std::min(first, second);
  const uint32_t distance = std::max(first, second) - low;
  const std::span<Passage> set(set_of(distance), kWays);
  const auto outcome = [&](const Passage& passage) {
    Parting parting{passage.end - low, passage.low_symbol, passage.high_symbol};
    if (low != first) std::swap(parting.first_symbol, parting.second_symbol);
    return parting;
  };
  Passage* following = nullptr;  // the next passage at this distance
  for (Passage& passage : set) {
    if (passage.distance != distance) continue;
    if (passage.begin <= low && low <= passage.end && passage.end - low >= known) {
      std::rotate(set.data(), &passage, &passage + 1);
      return outcome(set.front());
    }
    if (passage.begin > low && (following == nullptr || passage.begin < following->begin)) following = &passage;
  }
  const uint32_t limit = following == nullptr ? UINT32_MAX : following->begin - low;
  Passage found;
  if (limit <= known) {
    found = *following;
  } else {
    const Parting parting = TRY(forward(low, distance, known, limit));
    if (parting.shared == limit) {
      found = *following;
    } else {
      found = {distance, low, low + parting.shared, parting.first_symbol, parting.second_symbol};
      following = &set.back();
    }
  }
  const uint32_t compared = found.end - low - known;
  found.begin = low - TRY(backward(low, distance, std::max(compared, kBackAtLeast)));
  *following = found;
  std::rotate(set.data(), following, following + 1);
  return outcome(found);
}

Result<Parting> RunCompare::forward(uint32_t low, uint32_t distance, uint32_t length, uint32_t limit) {
  while (length < limit) {
    const uint32_t begin = low + length;
    if (begin + uint64_t{distance} >= text_.size()) {
      return fail(ErrorCode::data_loss, "the sorted runs contradict each other; run the command again");
    }
    const Stretch own = TRY(text_.around(begin));
    const Stretch other = TRY(text_.around(begin + distance));
    const uint32_t count = std::min({own.end() - begin, other.end() - begin - distance, limit - length});
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t symbol = own.at(begin + i);
      const uint32_t other_symbol = other.at(begin + distance + i);
      if (symbol != other_symbol || symbol == kSeparator) return Parting{length + i, symbol, other_symbol};
    }
    length += count;
  }
  return Parting{.shared = limit};
}

Result<uint32_t> RunCompare::backward(uint32_t low, uint32_t distance, uint32_t limit) {
  uint32_t length = 0;
  limit = std::min(limit, low);
  while (length < limit) {
    const uint32_t end = low - length;
    const Stretch own = TRY(text_.around(end - 1));
    const Stretch other = TRY(text_.around(end + distance - 1));
    const uint32_t count = std::min({end - own.begin(), end + distance - other.begin(), limit - length});
    for (uint32_t i = 1; i <= count; ++i) {
      const uint32_t symbol = own.at(end - i);
      if (symbol != other.at(end + distance - i) || symbol == kSeparator) return length + i - 1;
    }
    length += count;
  }
  return length;
}

}  // namespace tribute::suffix
