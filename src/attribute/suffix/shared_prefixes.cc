#include "suffix/shared_prefixes.h"

#include <algorithm>

#include "base/check.h"
#include "suffix/suffix_sort.h"

namespace tribute::suffix {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr uint32_t kAhead = 32;

// Each suffix's predecessor, by position.
void write_previous(std::span<const uint32_t> suffixes, std::span<uint32_t> previous, Workers& workers) {
  workers.run([&](uint32_t i) {
    const uint32_t end = part_begin(suffixes.size(), i + 1, workers.threads());
    for (uint32_t rank = part_begin(suffixes.size(), i, workers.threads()); rank < end; ++rank) {
      if (rank + kAhead < end) __builtin_prefetch(&previous[suffixes[rank + kAhead]], 1);
      previous[suffixes[rank]] = rank == 0 ? kNone : suffixes[rank - 1];
    }
  });
}

template <typename Symbol>
void compare_with_previous(std::span<const Symbol> text, std::span<uint32_t> shared, Workers& workers) {
  workers.run([&](uint32_t i) {
    const uint32_t end = part_begin(text.size(), i + 1, workers.threads());
    uint32_t length = 0;
    for (uint32_t position = part_begin(text.size(), i, workers.threads()); position < end; ++position) {
      if (position + kAhead < end && text[position + kAhead] != kSeparator && shared[position + kAhead] != kNone) {
        __builtin_prefetch(&text[shared[position + kAhead]]);
      }
      if (text[position] == kSeparator || shared[position] == kNone) {
        shared[position] = length = 0;
        continue;
      }
      // Both end in a separator, and the first one ends the comparison.
      const Symbol* const own = text.data() + position;
      const Symbol* const other = text.data() + shared[position];
      while (own[length] == other[length] && own[length] != kSeparator) ++length;
      shared[position] = length;
      length = length == 0 ? 0 : length - 1;
    }
  });
}

template <typename Symbol>
void share(std::span<const Symbol> text, std::span<const uint32_t> suffixes, std::span<uint32_t> shared,
           Workers& workers) {
  CHECK(shared.size() == text.size() && suffixes.size() <= text.size());
  write_previous(suffixes, shared, workers);
  compare_with_previous(text, shared, workers);
}

}  // namespace

void share_with_previous(std::span<const uint16_t> text, std::span<const uint32_t> suffixes, std::span<uint32_t> shared,
                         Workers& workers) {
  share(text, suffixes, shared, workers);
}

void share_with_previous(std::span<const uint32_t> text, std::span<const uint32_t> suffixes, std::span<uint32_t> shared,
                         Workers& workers) {
  share(text, suffixes, shared, workers);
}

}  // namespace tribute::suffix
