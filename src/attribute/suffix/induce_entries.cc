#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "suffix/induce.h"

namespace tribute::suffix {
namespace {

// The most and the fewest entries of a block, and how many open ones ahead the text before an entry is fetched,
// then its bucket's head, then the head's entry.
constexpr uint32_t kBlock = 1024;
constexpr uint32_t kLeast = 16;
constexpr uint32_t kTextAhead = 64;
constexpr uint32_t kHeadAhead = 32;
constexpr uint32_t kEntryAhead = 16;

enum class Way : uint8_t { up, down };

// Many small buckets are walked through as one, by blocks of entries. What is induced from a block may belong into
// it: then the block ends there, and the next one, which begins there, is smaller.
template <typename Symbol, Way kWay, Leave kLeave>
class EntryWalk {
 public:
  explicit EntryWalk(const Level<Symbol>& level)
      : text_(level.text), order_(level.order), heads_(level.buckets.heads), ends_(level.buckets.ends) {}

  void walk() {
    const uint32_t first = kWay == Way::up ? 0 : ends_[kSeparator];
    const auto size = static_cast<uint32_t>(order_.size());
    if constexpr (kWay == Way::up) {
      heads_[kSeparator] = 0;
      std::copy(ends_.begin(), ends_.end() - 1, heads_.begin() + 1);
    } else {
      std::ranges::copy(ends_, heads_.begin());
    }
    uint32_t wanted = kBlock;
    for (uint32_t done = first; done < size;) {
      const uint32_t count = std::min(wanted, size - done);
      const uint32_t taken = take(kWay == Way::up ? done : size - 1 - (done - first), count);
      wanted = taken < count ? std::max(taken, kLeast) : std::min(2 * wanted, kBlock);
      done += taken;
    }
  }

 private:
  uint32_t& place(uint32_t from, uint32_t step) { return order_[kWay == Way::up ? from + step : from - step]; }

  // An entry is open if something is to be induced from it.
  static bool is_open(uint32_t entry) { return kWay == Way::up ? entry - 1 < kMark - 1 : entry > kMark; }

  // Induces from up to `count` entries from `from` on; returns from how many.
  uint32_t take(uint32_t from, uint32_t count) {
    const uint32_t open_count = find_open(from, count);
    for (uint32_t j = 0; j < std::min(open_count, kTextAhead); ++j) __builtin_prefetch(&text_[before_[j]]);
    for (uint32_t j = 0; j < std::min(open_count, kHeadAhead); ++j) read(j);
    for (uint32_t j = 0; j < std::min(open_count, kEntryAhead); ++j) fetch_place(j);
    for (uint32_t j = 0; j < open_count && steps_[j] < count; ++j) {
      __builtin_prefetch(&text_[before_[j + kTextAhead]]);
      read(j + kHeadAhead);
      fetch_place(j + kEntryAhead);
      const Symbol symbol = symbols_[j];
      if constexpr (kLeave == Leave::seeds) place(from, steps_[j]) = 0;
      uint32_t to = 0;
      if constexpr (kWay == Way::up) {
        to = heads_[symbol]++;
      } else {
        if (symbol == kSeparator) continue;  // the separators have their places
        to = --heads_[symbol];
      }
      order_[to] = entries_[j];
      const uint32_t step = kWay == Way::up ? to - from : from - to;
      count = std::min(count, step);
    }
    if constexpr (kWay == Way::down) strip(from, count);
    return count;
  }

  // The positions before the open entries, in walking order, and some more that may be read.
  uint32_t find_open(uint32_t from, uint32_t count) {
    uint32_t open_count = 0;
    for (uint32_t step = 0; step < count; ++step) {
      const uint32_t entry = place(from, step);
      before_[open_count] = (entry & ~kMark) - 1;
      steps_[open_count] = static_cast<uint16_t>(step);
      open_count += is_open(entry) ? 1 : 0;
    }
    std::fill_n(before_.begin() + open_count, kTextAhead, 0);
    return open_count;
  }

  void read(uint32_t j) {
    const uint32_t position = before_[j];
    const Symbol symbol = text_[position];
    const Symbol last = position == 0 ? kSeparator : text_[position - 1];
    symbols_[j] = symbol;
    entries_[j] = marked(position, kWay == Way::up ? last < symbol : last <= symbol);
    __builtin_prefetch(&heads_[symbol], 1);
  }

  void fetch_place(uint32_t j) const {
    __builtin_prefetch(order_.data() + heads_[symbols_[j]] - (kWay == Way::up ? 0 : 1), 1);
  }

  // Takes the marks off the entries that are done with.
  void strip(uint32_t from, uint32_t count) {
    for (uint32_t step = 0; step < count; ++step) {
      uint32_t& entry = place(from, step);
      if constexpr (kLeave == Leave::all) {
        entry &= ~kMark;
      } else {
        entry = entry == kMark ? 0 : entry;  // the text's first suffix is no seed
      }
    }
  }

  std::span<const Symbol> text_;
  std::span<uint32_t> order_;
  std::span<uint32_t> heads_;
  std::span<const uint32_t> ends_;
  // Of the open entries: the positions before them, how far from the block's begin they are, and what is induced.
  std::array<uint32_t, kBlock + kTextAhead> before_ = {};
  std::array<uint16_t, kBlock + kTextAhead> steps_ = {};
  std::array<Symbol, kBlock + kTextAhead> symbols_ = {};
  std::array<uint32_t, kBlock + kTextAhead> entries_ = {};
};

}  // namespace

template <Leave kLeave, typename Symbol>
void induce_by_entries(Level<Symbol>& level) {
  EntryWalk<Symbol, Way::up, kLeave>(level).walk();
  EntryWalk<Symbol, Way::down, kLeave>(level).walk();
}

template void induce_by_entries<Leave::seeds>(Level<uint16_t>& level);
template void induce_by_entries<Leave::seeds>(Level<uint32_t>& level);
template void induce_by_entries<Leave::all>(Level<uint16_t>& level);
template void induce_by_entries<Leave::all>(Level<uint32_t>& level);

}  // namespace tribute::suffix
