#include "suffix/induce.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace tribute::suffix {
namespace {

// Separators are looked for among so many symbols; documents are mostly longer.
constexpr uint32_t kSymbolsAtOnce = 64;

template <typename Symbol>
bool has_separator(std::span<const Symbol, kSymbolsAtOnce> symbols) {
  bool has = false;
  for (const Symbol symbol : symbols) has |= symbol == kSeparator;  // no early end: many symbols are compared at once
  return has;
}

template <typename Symbol>
void place_separators(Level<Symbol>& level) {
  uint32_t count = 0;
  for (uint32_t begin = 0; begin < level.size(); begin += kSymbolsAtOnce) {
    const bool is_whole = level.size() - begin >= kSymbolsAtOnce;
    if (is_whole && !has_separator(level.text.subspan(begin).template first<kSymbolsAtOnce>())) continue;
    for (uint32_t i = begin; i < std::min(level.size(), begin + kSymbolsAtOnce); ++i) {
      if (level.text[i] != kSeparator) continue;
      const bool is_after_token = i > 0 && level.text[i - 1] != kSeparator;
      level.order[count++] = is_after_token ? i : i | kMark;
    }
  }
}

}  // namespace

template <Leave kLeave, typename Symbol>
void induce(Level<Symbol>& level) {
  place_separators(level);
  if (level.is_by_buckets()) {
    induce_by_buckets<kLeave>(level);
  } else {
    induce_by_entries<kLeave>(level);
  }
  for (uint32_t& entry : level.order.first(level.separator_count())) entry &= ~kMark;
}

template void induce<Leave::seeds>(Level<uint16_t>& level);
template void induce<Leave::seeds>(Level<uint32_t>& level);
template void induce<Leave::all>(Level<uint16_t>& level);
template void induce<Leave::all>(Level<uint32_t>& level);

}  // namespace tribute::suffix
