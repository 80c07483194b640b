#include <algorithm>
#include <utility>

#include "suffix/induce.h"

namespace tribute::suffix {
namespace {

// How many entries ahead the text before an entry is fetched, then its bucket's head, then the head's entry.
constexpr uint32_t kTextAhead = 64;
constexpr uint32_t kHeadAhead = 32;
constexpr uint32_t kEntryAhead = 16;

template <typename Symbol>
class EntryWalk {
 public:
  explicit EntryWalk(const Level<Symbol>& level)
      : text_(level.text), order_(level.order), heads_(level.buckets.heads), ends_(level.buckets.ends) {}

  // An entry is open if something is to be induced from it: unmarked in this direction, marked in the other.
  template <Leave kLeave>
  void ascend() {
    heads_[0] = 0;
    std::copy(ends_.begin(), ends_.end() - 1, heads_.begin() + 1);
    const size_t size = order_.size();
    const auto is_open = [](uint32_t entry) { return entry - 1 < kMark - 1; };
    for (size_t i = 0; i < size; ++i) {
      if (i + kTextAhead < size) fetch(order_[i + kTextAhead], order_[i + kHeadAhead], order_[i + kEntryAhead], is_open);
      const uint32_t entry = order_[i];
      if (!is_open(entry)) continue;
      if (kLeave == Leave::seeds) order_[i] = 0;
      const uint32_t before = entry - 1;
      const Symbol symbol = text_[before];
      const bool is_last = before == 0 || text_[before - 1] < symbol;
      order_[heads_[symbol]++] = is_last ? before | kMark : before;
    }
  }

  template <Leave kLeave>
  void descend() {
    std::ranges::copy(ends_, heads_.begin());
    const size_t separators = ends_[kSeparator];
    const auto is_open = [](uint32_t entry) { return entry > kMark; };
    for (size_t i = order_.size(); i-- > separators;) {
      if (i >= kTextAhead) fetch(order_[i - kTextAhead], order_[i - kHeadAhead], order_[i - kEntryAhead], is_open);
      const uint32_t entry = order_[i];
      if ((entry & kMark) == 0) continue;
      order_[i] = kLeave == Leave::seeds ? 0 : entry & ~kMark;
      if (!is_open(entry)) continue;
      const uint32_t before = (entry & ~kMark) - 1;
      const Symbol symbol = text_[before];
      if (symbol == kSeparator) continue;  // the separators have their places
      const bool goes_on = before == 0 || text_[before - 1] <= symbol;
      order_[--heads_[symbol]] = goes_on ? before | kMark : before;
    }
  }

 private:
  template <typename IsOpen>
  void fetch(uint32_t text, uint32_t head, uint32_t entry, IsOpen is_open) const {
    if (is_open(text)) __builtin_prefetch(&text_[(text & ~kMark) - 1]);
    if (is_open(head)) __builtin_prefetch(&heads_[text_[(head & ~kMark) - 1]], 1);
    if (is_open(entry)) {
      // A full last bucket's head is behind the order.
      const uint32_t to = heads_[text_[(entry & ~kMark) - 1]];
      __builtin_prefetch(order_.data() + to, 1);
    }
  }

  std::span<const Symbol> text_;
  std::span<uint32_t> order_;
  std::span<uint32_t> heads_;
  std::span<const uint32_t> ends_;
};

}  // namespace

template <Leave kLeave, typename Symbol>
void induce_by_entries(Level<Symbol>& level) {
  EntryWalk<Symbol> walk(level);
  walk.template ascend<kLeave>();
  walk.template descend<kLeave>();
}

template void induce_by_entries<Leave::seeds>(Level<uint16_t>& level);
template void induce_by_entries<Leave::seeds>(Level<uint32_t>& level);
template void induce_by_entries<Leave::all>(Level<uint16_t>& level);
template void induce_by_entries<Leave::all>(Level<uint32_t>& level);

}  // namespace tribute::suffix
