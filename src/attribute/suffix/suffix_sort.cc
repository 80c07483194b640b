#include "suffix/suffix_sort.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"

namespace tribute::suffix {
namespace {

// An entry of the order while it is induced: a position, and a mark that there is nothing more to
// induce from it in the pass at hand. 0, marked or not, is an empty entry or the text's first suffix,
// from which nothing is induced either.
constexpr uint32_t kMark = uint32_t{1} << 31;

bool is_open(uint32_t entry) { return entry - 1 < kMark - 1; }

// How many entries ahead the text before an entry is fetched; the bucket's head at half of it. Enough to
// hide a miss of all caches behind the work on the entries between.
constexpr size_t kAhead = 64;

// A suffix is of type L if it is greater than the next one, else of type S; a separator is always of
// type S. A suffix of type S after one of type L is an LMS suffix. One level of SA-IS.
template <typename Symbol>
class Level {
 public:
  // `ends` and `heads`: one counter per symbol.
  Level(std::span<const Symbol> text, std::span<uint32_t> order, std::span<uint32_t> ends, std::span<uint32_t> heads)
      : text_(text), order_(order), ends_(ends), heads_(heads) {
    std::ranges::fill(ends_, 0);
    for (const Symbol symbol : text_) ++ends_[symbol];
    uint32_t end = 0;
    for (uint32_t& bucket : ends_) bucket = end += bucket;
  }

  void sort();

 private:
  // What a pass leaves behind: the LMS suffixes alone, or everything.
  enum class Leave : uint8_t { lms, all };

  uint32_t separator_count() const { return ends_[kSeparator]; }

  // Calls visit(p, end) for each LMS suffix that begins with a token, by descending position p; `end` is
  // the position of the next LMS suffix or separator after it.
  template <typename Visit>
  void for_each_lms(Visit visit) const {
    bool next_is_s = true;
    auto end = static_cast<uint32_t>(text_.size() - 1);
    for (auto i = end; i-- > 0;) {
      const Symbol symbol = text_[i];
      const Symbol next = text_[i + 1];
      const bool is_s = symbol < next || (symbol == next && next_is_s);
      if (!is_s && next_is_s && next != kSeparator) {
        visit(i + 1, end);
        end = i + 1;
      }
      if (symbol == kSeparator) end = i;
      next_is_s = is_s;
    }
  }

  // Every suffix of type L follows from the greater one behind it, every one of type S from the smaller.
  template <Leave kLeave>
  void induce();
  template <Leave kLeave>
  void induce_l();
  template <Leave kLeave>
  void induce_s();
  void place_separators();
  void fetch_ahead(size_t far, size_t near) const;

  uint32_t sort_lms_parts();
  uint32_t name_lms_parts(uint32_t lms_count);
  void sort_lms_suffixes(uint32_t lms_count, uint32_t name_count);

  std::span<const Symbol> text_;
  std::span<uint32_t> order_;
  std::span<uint32_t> ends_;   // where each symbol's bucket ends in the order
  std::span<uint32_t> heads_;  // where the next entry of each bucket goes
};

// Sorts one text. `spare` may serve for counters.
template <typename Symbol>
void sort_level(std::span<const Symbol> text, uint32_t symbol_count, std::span<uint32_t> order,
                std::span<uint32_t> spare) {
  std::vector<uint32_t> own;
  if (spare.size() < size_t{2} * symbol_count) {
    own.resize(size_t{2} * symbol_count);
    spare = own;
  }
  Level<Symbol>(text, order, spare.first(symbol_count), spare.subspan(symbol_count, symbol_count)).sort();
}

template <typename Symbol>
void Level<Symbol>::sort() {
  const uint32_t lms_count = sort_lms_parts();
  if (lms_count > 0) {
    const uint32_t name_count = name_lms_parts(lms_count);
    sort_lms_suffixes(lms_count, name_count);
  }
  std::fill(order_.begin() + lms_count, order_.end(), 0);
  std::ranges::copy(ends_, heads_.begin());
  for (uint32_t i = lms_count; i-- > 0;) {
    // Never before i: every smaller LMS suffix has a place of its own there.
    const uint32_t position = std::exchange(order_[i], 0);
    order_[--heads_[text_[position]]] = position;
  }
  induce<Leave::all>();
  place_separators();
  for (uint32_t i = 0; i < separator_count(); ++i) order_[i] &= ~kMark;
}

template <typename Symbol>
void Level<Symbol>::place_separators() {
  uint32_t count = 0;
  for (uint32_t i = 0; i < text_.size(); ++i) {
    if (text_[i] != kSeparator) continue;
    const bool is_after_token = i > 0 && text_[i - 1] != kSeparator;
    order_[count++] = is_after_token ? i : i | kMark;
  }
}

template <typename Symbol>
inline void Level<Symbol>::fetch_ahead(size_t far, size_t near) const {
  if (far < order_.size() && is_open(order_[far])) __builtin_prefetch(&text_[order_[far] - 1]);
  if (near < order_.size() && is_open(order_[near])) {
    const uint32_t head = heads_[text_[order_[near] - 1]];
    if (head < order_.size()) __builtin_prefetch(&order_[head], 1);
  }
}

template <typename Symbol>
template <typename Level<Symbol>::Leave kLeave>
void Level<Symbol>::induce() {
  place_separators();
  induce_l<kLeave>();
  induce_s<kLeave>();
}

// An entry is marked if the suffix before it is of type S (or none): the other pass's work.
template <typename Symbol>
template <typename Level<Symbol>::Leave kLeave>
void Level<Symbol>::induce_l() {
  heads_[0] = 0;
  std::copy(ends_.begin(), ends_.end() - 1, heads_.begin() + 1);
  for (size_t i = 0; i < order_.size(); ++i) {
    fetch_ahead(i + kAhead, i + kAhead / 2);
    const uint32_t entry = order_[i];
    if (!is_open(entry)) {
      order_[i] = kLeave == Leave::all ? entry ^ kMark : entry & ~kMark;
      continue;
    }
    order_[i] = kLeave == Leave::all ? entry | kMark : 0;
    const uint32_t before = entry - 1;
    const Symbol symbol = text_[before];
    const bool is_last = before == 0 || text_[before - 1] < symbol;
    order_[heads_[symbol]++] = is_last ? before | kMark : before;
  }
}

// An entry is marked if the suffix before it is of type L (or none). What stays marked where only the LMS
// suffixes are left is one, for all others are consumed.
template <typename Symbol>
template <typename Level<Symbol>::Leave kLeave>
void Level<Symbol>::induce_s() {
  std::ranges::copy(ends_, heads_.begin());
  for (size_t i = order_.size(); i-- > separator_count();) {
    if (i >= kAhead) fetch_ahead(i - kAhead, i - kAhead / 2);
    const uint32_t entry = order_[i];
    if (!is_open(entry)) {
      if (kLeave == Leave::all) order_[i] = entry & ~kMark;
      continue;
    }
    if (kLeave == Leave::lms) order_[i] = 0;
    const uint32_t before = entry - 1;
    const Symbol symbol = text_[before];
    if (symbol == kSeparator) continue;  // the separators have their places
    const bool is_lms = before > 0 && text_[before - 1] > symbol;
    order_[--heads_[symbol]] = is_lms ? before | kMark : before;
  }
}

// Sorts the LMS suffixes by their parts up to the next one, into the front of the order.
template <typename Symbol>
uint32_t Level<Symbol>::sort_lms_parts() {
  std::ranges::fill(order_, 0);
  std::ranges::copy(ends_, heads_.begin());
  for_each_lms([&](uint32_t p, uint32_t) { order_[--heads_[text_[p]]] = p; });
  induce<Leave::lms>();
  uint32_t count = 0;
  for (size_t i = separator_count(); i < order_.size(); ++i) {
    if ((order_[i] & kMark) != 0) order_[count++] = order_[i] & ~kMark;
  }
  return count;
}

// Gives equal parts equal names from 1 on, ascending, and puts them in the order of the text before the
// end of the order, a separator after them. A part that ends with its document equals no other.
template <typename Symbol>
uint32_t Level<Symbol>::name_lms_parts(uint32_t lms_count) {
  // No two LMS suffixes are neighbours in the text, so that half of their positions tells them apart.
  const std::span<uint32_t> names = order_.subspan(lms_count);
  std::ranges::fill(names, 0);
  for_each_lms([&](uint32_t p, uint32_t end) { names[p / 2] = end - p + 1; });
  uint32_t name = 0;
  std::span<const Symbol> last;
  for (const uint32_t p : order_.first(lms_count)) {
    const std::span<const Symbol> part = text_.subspan(p, names[p / 2]);
    if (part.size() != last.size() || part.back() == kSeparator || !std::ranges::equal(part, last)) ++name;
    names[p / 2] = name;
    last = part;
  }
  size_t to = order_.size() - 1;
  for (size_t from = order_.size() - 1; from-- > lms_count;) {
    if (order_[from] != 0) order_[--to] = order_[from];
  }
  order_.back() = kSeparator;
  return name;
}

// Sorts the LMS suffixes by the names of their parts, into the front of the order.
template <typename Symbol>
void Level<Symbol>::sort_lms_suffixes(uint32_t lms_count, uint32_t name_count) {
  const size_t reduced_size = size_t{lms_count} + 1;
  const std::span<uint32_t> reduced = order_.last(reduced_size);
  const std::span<uint32_t> sorted = order_.first(reduced_size);
  if (name_count == lms_count) {
    for (uint32_t i = 0; i < lms_count; ++i) sorted[reduced[i]] = i;
  } else {
    sort_level<uint32_t>(reduced, name_count + 1, sorted,
                         order_.subspan(reduced_size, order_.size() - 2 * reduced_size));
  }
  uint32_t i = lms_count;
  for_each_lms([&](uint32_t p, uint32_t) { reduced[--i] = p; });
  for (i = 0; i < lms_count; ++i) order_[i] = reduced[sorted[i + size_t{1}]];
}

template <typename Symbol>
void sort_checked(std::span<const Symbol> text, uint32_t symbol_count, std::span<uint32_t> order) {
  CHECK(order.size() == text.size() && text.size() <= kMaxSortedSymbols);
  if (text.empty()) return;
  CHECK(text.back() == kSeparator && symbol_count > 0);
  sort_level<Symbol>(text, symbol_count, order, {});
}

}  // namespace

void sort_suffixes(std::span<const uint16_t> text, uint32_t symbol_count, std::span<uint32_t> order) {
  sort_checked(text, symbol_count, order);
}

void sort_suffixes(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order) {
  sort_checked(text, symbol_count, order);
}

}  // namespace tribute::suffix
