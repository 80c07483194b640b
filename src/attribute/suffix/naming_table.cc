#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "suffix/naming.h"
#include "suffix/phrase_order.h"
#include "suffix/phrase_scan.h"
#include "suffix/phrase_table.h"

namespace tribute::suffix {
namespace {

// Eight-byte values in the words of `room`.
template <typename Value>
std::span<Value> values_in(std::span<uint32_t> room, size_t count) {
  void* begin = room.data();
  size_t bytes = room.size_bytes();
  if (std::align(alignof(Value), count * sizeof(Value), begin, bytes) == nullptr) return {};
  return {static_cast<Value*>(begin), count};
}

template <typename Symbol>
class TableNaming {
 public:
  // `slots`: in the level's spare words or the first of its order.
  TableNaming(Level<Symbol>& level, std::span<uint64_t> slots)
      : level_(level),
        parts_(level.parts()),
        slots_(slots),
        table_(level.text, slots),
        order_(level.text, table_, level.symbol_count()),
        group_shift_(std::max(0, static_cast<int>(std::bit_width(level.symbol_count())) - kGroupBits)),
        group_ends_((level.symbol_count() >> group_shift_) + 1) {}

  std::optional<Reduced> run() {
    insert_phrases();
    if (has_given_up_) return std::nullopt;
    join_parts();
    name_phrases();
    rename();
    return std::move(reduced_);
  }

 private:
  using Table = PhraseTable<Symbol>;
  static constexpr int kGroupBits = 16;
  static constexpr size_t kAhead = 32;

  // The words of the order into which a part's names go: the part's phrases and the separators behind them.
  uint32_t words(uint32_t part) const { return (text_begin(part + 1) - text_begin(part)) / 2 + 2; }
  uint32_t text_begin(uint32_t part) const { return part_begin(level_.size() - uint64_t{1}, part, parts_); }

  void insert_phrases();
  void insert_part(uint32_t part, uint32_t end, std::span<uint32_t> seeds);
  bool insert_some(std::span<const Phrase> phrases, uint32_t& to, std::span<uint32_t> seeds,
                   typename Table::Tally& tally);
  bool is_worth_it(const typename Table::Tally& tally) const;
  void join_parts();
  void name_phrases();
  void fill_groups(std::span<KeyedSlot> phrases, uint32_t begin, uint32_t end);
  void sort_group(std::span<KeyedSlot> phrases, uint32_t group);
  void rename();

  Level<Symbol>& level_;
  uint32_t parts_;
  std::span<uint64_t> slots_;
  Table table_;
  PhraseOrder<Symbol> order_;
  std::atomic<uint64_t> used_ = 0;  // slots, or what phrases at hand may yet need
  std::atomic<bool> has_given_up_ = false;
  int group_shift_;  // phrases with equal leading bits of their first symbols are a group
  std::vector<uint32_t> group_ends_;
  Reduced reduced_;
};

template <typename Symbol>
void TableNaming<Symbol>::insert_phrases() {
  std::ranges::fill(slots_, 0);
  std::vector<uint32_t> ends(parts_ + size_t{1}, level_.size());
  for (uint32_t part = parts_; part-- > 0;) ends[part] = ends[part + 1] - words(part);
  std::vector<std::vector<uint32_t>> seeds(parts_);
  reduced_.part_sizes.resize(parts_);
  level_.workers.run([&](uint32_t part) {
    if (part >= parts_) return;
    seeds[part].resize(level_.symbol_count());
    insert_part(part, ends[part + 1], seeds[part]);
  });
  std::ranges::copy(seeds[0], level_.buckets.seeds.begin());
  for (uint32_t part = 1; part < parts_; ++part) {
    for (uint32_t i = 0; i < level_.symbol_count(); ++i) level_.buckets.seeds[i] += seeds[part][i];
  }
}

template <typename Symbol>
void TableNaming<Symbol>::insert_part(uint32_t part, uint32_t end, std::span<uint32_t> seeds) {
  uint32_t to = end;
  typename Table::Tally tally;
  scan_phrases(level_.text, text_begin(part), text_begin(part + 1), [&](std::span<const Phrase> phrases) {
    if (has_given_up_.load(std::memory_order_relaxed)) return;
    if (!insert_some(phrases, to, seeds, tally) || !is_worth_it(tally)) has_given_up_ = true;
  });
  reduced_.part_sizes[part] = end - to;
}

template <typename Symbol>
bool TableNaming<Symbol>::insert_some(std::span<const Phrase> phrases, uint32_t& to, std::span<uint32_t> seeds,
                                      typename Table::Tally& tally) {
  const uint64_t used = used_ += phrases.size();
  if (used > uint64_t{table_.size()} / 5 * 4) return false;
  // In three steps, each some phrases ahead of the next, so that many wait for the table and the text at once.
  std::array<typename Table::Key, kPhrasesAtOnce> keys;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const uint64_t before = tally.distinct;
  for (size_t i = 0; i < phrases.size() + 2 * kAhead; ++i) {
    if (i < phrases.size()) table_.fetch((keys[i] = table_.key(phrases[i])).slot);
    if (i >= kAhead && i - kAhead < phrases.size()) table_.approach(keys[i - kAhead]);
    if (i < 2 * kAhead) continue;
    const Phrase& phrase = phrases[i - 2 * kAhead];
    const uint32_t symbol = level_.text[phrase.position];
    const uint64_t distinct = tally.distinct;
    const uint32_t slot = table_.insert(phrase, keys[i - 2 * kAhead], tally);
    if (tally.distinct != distinct) {
      std::atomic_ref(group_ends_[symbol >> group_shift_]).fetch_add(1, std::memory_order_relaxed);
    }
    ++seeds[symbol];
    if (ends_document(level_.text, phrase)) level_.order[--to] = kSeparator;
    level_.order[--to] = slot + 1;
  }
  used_ -= phrases.size() - (tally.distinct - before);
  return true;
}

// Sorting distinct phrases costs several times what finding known ones does.
template <typename Symbol>
bool TableNaming<Symbol>::is_worth_it(const typename Table::Tally& tally) const {
  const bool is_crowded = tally.steps > 8 * tally.phrases + kPhrasesAtOnce;
  const bool is_new = tally.phrases > level_.size() / 32 / parts_ && tally.distinct > tally.phrases / 5 * 3;
  return !is_crowded && !is_new;
}

template <typename Symbol>
void TableNaming<Symbol>::join_parts() {
  uint32_t to = level_.size();
  uint32_t end = level_.size();
  for (uint32_t part = parts_; part-- > 0;) {
    const uint32_t size = reduced_.part_sizes[part];
    const auto names = level_.order.subspan(end - size, size);
    std::copy_backward(names.begin(), names.end(), level_.order.begin() + to);
    to -= size;
    end -= words(part);
  }
  reduced_.size = level_.size() - to;
  reduced_.name_count = static_cast<uint32_t>(used_);
}

template <typename Symbol>
void TableNaming<Symbol>::name_phrases() {
  // After the table, where that is in the order.
  auto room = level_.order.first(level_.size() - reduced_.size);
  const auto* const slots_end = reinterpret_cast<const uint32_t*>(slots_.data() + slots_.size());
  if (std::ranges::less_equal()(room.data(), slots_end) &&
      std::ranges::less_equal()(slots_end, room.data() + room.size())) {
    room = room.subspan(static_cast<size_t>(slots_end - room.data()));
  }
  std::vector<KeyedSlot> own;
  auto phrases = values_in<KeyedSlot>(room, reduced_.name_count);
  if (phrases.size() < reduced_.name_count) {
    own.resize(reduced_.name_count);
    phrases = own;
  }
  uint32_t sum = 0;
  for (uint32_t& end : group_ends_) sum += std::exchange(end, sum);
  const uint32_t threads = parts_;
  level_.workers.run([&](uint32_t i) {
    if (i < threads)
      fill_groups(phrases, part_begin(slots_.size(), i, threads), part_begin(slots_.size(), i + 1, threads));
  });
  // One at a time: tokens are numbered by frequency, so that the large groups stand together.
  std::atomic<uint32_t> next = 0;
  level_.workers.run([&](uint32_t i) {
    if (i >= threads) return;
    for (uint32_t group = 0; (group = next.fetch_add(1, std::memory_order_relaxed)) < group_ends_.size();) {
      sort_group(phrases, group);
    }
  });
}

template <typename Symbol>
void TableNaming<Symbol>::fill_groups(std::span<KeyedSlot> phrases, uint32_t begin, uint32_t end) {
  std::array<uint32_t, kAhead> slots;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before read
  uint32_t count = 0;
  const auto fill = [&] {
    for (const uint32_t slot : std::span(slots).first(count)) {
      uint32_t& to = group_ends_[order_.first_symbol(slot) >> group_shift_];
      phrases[std::atomic_ref(to).fetch_add(1, std::memory_order_relaxed)] = order_.leading(slot);
    }
    count = 0;
  };
  for (uint32_t slot = begin; slot < end; ++slot) {
    if (table_.is_empty(slot)) continue;
    order_.fetch(slot);
    slots[count++] = slot;
    if (count == kAhead) fill();
  }
  fill();
}

template <typename Symbol>
void TableNaming<Symbol>::sort_group(std::span<KeyedSlot> phrases, uint32_t group) {
  const uint32_t begin = group == 0 ? 0 : group_ends_[group - 1];
  const uint32_t end = group_ends_[group];
  order_.sort(phrases.subspan(begin, end - begin));
  for (uint32_t i = begin; i < end; ++i) {
    if (i + kAhead < end) table_.fetch(phrases[i + kAhead].slot);
    table_.set_name(phrases[i].slot, i + 1);
  }
}

template <typename Symbol>
void TableNaming<Symbol>::rename() {
  const std::span<uint32_t> symbols = level_.order.last(reduced_.size);
  std::vector<uint32_t> separators(parts_);
  level_.workers.run([&](uint32_t part) {
    if (part >= parts_) return;
    const uint32_t end = part_begin(symbols.size(), part + 1, parts_);
    for (uint32_t i = part_begin(symbols.size(), part, parts_); i < end; ++i) {
      // One slot before the wanted one, mostly the same line; slot 0 - 1 of separators is not asked for.
      if (i + kAhead < end) table_.fetch(std::max(symbols[i + kAhead], uint32_t{1}) - 1);
      if (symbols[i] == kSeparator) {
        ++separators[part];
      } else {
        symbols[i] = table_.name(symbols[i] - 1);
      }
    }
  });
  for (const uint32_t count : separators) reduced_.separator_count += count;
}

}  // namespace

template <typename Symbol>
std::optional<Reduced> name_by_table(Level<Symbol>& level) {
  const size_t size = level.text.size();
  if (size < level.tuning.table_text || size < size_t{16} * level.workers.threads()) return std::nullopt;
  // In the order's first quarter, since the names take up to a half and some; twice as large elsewhere.
  auto slots = values_in<uint64_t>(level.spare, size / 4);
  if (slots.empty()) slots = values_in<uint64_t>(level.order, size / 8);
  return TableNaming<Symbol>(level, slots).run();
}

template std::optional<Reduced> name_by_table(Level<uint16_t>& level);
template std::optional<Reduced> name_by_table(Level<uint32_t>& level);

}  // namespace tribute::suffix
