// Sorting distinct phrases.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "suffix/phrase_table.h"

namespace tribute::suffix {

// A phrase in the table, and some of its symbols as one number that ascends as they do. May stand where words
// of an order stand at other times.
struct [[gnu::may_alias]] KeyedSlot {
  uint64_t key;
  uint32_t slot;
};

// Sorts phrases by numbers of as many symbols as 64 bits hold, first the leading ones, then those behind them,
// and only where these are equal, too, symbol by symbol. O(n log n) for n symbols in them, and mostly much less,
// since the phrases of texts are short.
template <typename Symbol>
class PhraseOrder {
 public:
  PhraseOrder(std::span<const Symbol> text, const PhraseTable<Symbol>& table, uint32_t symbol_count)
      : text_(text),
        table_(table),
        bits_(static_cast<uint32_t>(std::bit_width(symbol_count))),
        key_symbols_(64 / bits_) {}

  void fetch(uint32_t slot) const { __builtin_prefetch(&text_[table_.piece(slot).position]); }

  uint32_t first_symbol(uint32_t slot) const { return text_[table_.piece(slot).position]; }

  KeyedSlot leading(uint32_t slot) const { return {key(slot, 0), slot}; }

  // `phrases`: distinct, as leading() makes them.
  void sort(std::span<KeyedSlot> phrases) const {
    for_each_tie(phrases, [this](std::span<KeyedSlot> tie) {
      for (size_t i = 0; i < tie.size(); ++i) {
        if (i + 2 * kAhead < tie.size()) table_.fetch(tie[i + 2 * kAhead].slot);
        if (i + kAhead < tie.size()) fetch(tie[i + kAhead].slot);
        tie[i].key = key(tie[i].slot, key_symbols_);
      }
      for_each_tie(tie, [this](std::span<KeyedSlot> rest) { std::ranges::sort(rest, is_less()); });
    });
  }

 private:
  static constexpr size_t kAhead = 8;

  // What follows a phrase's end is above all symbols: so the longer of two is smaller.
  uint64_t key(uint32_t slot, uint32_t begin) const {
    const auto [position, length] = table_.piece(slot);
    uint64_t key = 0;
    for (uint32_t i = begin; i < begin + key_symbols_; ++i) {
      key = key << bits_ | (i < length ? text_[position + i] : (uint64_t{1} << bits_) - 1);
    }
    return key;
  }

  // Sorts by key, and calls visit(tie) for what has equal keys.
  template <typename Visit>
  static void for_each_tie(std::span<KeyedSlot> phrases, Visit visit) {
    std::ranges::sort(phrases, {}, &KeyedSlot::key);
    for (size_t begin = 0; begin < phrases.size();) {
      size_t end = begin + 1;
      while (end < phrases.size() && phrases[end].key == phrases[begin].key) ++end;
      if (end - begin > 1) visit(phrases.subspan(begin, end - begin));
      begin = end;
    }
  }

  auto is_less() const {
    return [this](const KeyedSlot& a, const KeyedSlot& b) {
      const auto one = table_.piece(a.slot);
      const auto other = table_.piece(b.slot);
      const auto left = text_.subspan(one.position, one.length);
      const auto right = text_.subspan(other.position, other.length);
      const auto [l, r] = std::ranges::mismatch(left, right);
      if (l == left.end() || r == right.end()) return left.size() > right.size();
      return *l < *r;
    };
  }

  std::span<const Symbol> text_;
  const PhraseTable<Symbol>& table_;
  uint32_t bits_;
  uint32_t key_symbols_;
};

}  // namespace tribute::suffix
