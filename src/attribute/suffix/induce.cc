#include "suffix/induce.h"

namespace tribute::suffix {
namespace {

template <typename Symbol>
void place_separators(Level<Symbol>& level) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < level.size(); ++i) {
    if (level.text[i] != kSeparator) continue;
    const bool is_after_token = i > 0 && level.text[i - 1] != kSeparator;
    level.order[count++] = is_after_token ? i : i | kMark;
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
