// The distinct phrases of a text, by hash.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "suffix/phrase_scan.h"

namespace tribute::suffix {

// An open hash table with linear probing. A slot is 0 where it is empty, else a tag of 32 bits (of the hash 24,
// of the length 8), and below it a phrase that stands for all that are equal to it: its position, or, where
// it is too long for the tag, its place in a list of long ones; once names are given, its name.
//
// Many threads may insert. The slots are the caller's and outlive the table.
template <typename Symbol>
class PhraseTable {
 public:
  struct Piece {
    uint32_t position;
    uint32_t length;
  };
  // What one thread has done.
  struct Tally {
    uint64_t phrases = 0;
    uint64_t distinct = 0;
    uint64_t steps = 0;  // to slots behind the one where a phrase belongs
  };

  PhraseTable(std::span<const Symbol> text, std::span<uint64_t> slots)
      : text_(text), slots_(slots), long_pieces_(text.size() / (kLong - 1) + 1) {}

  uint32_t size() const { return static_cast<uint32_t>(slots_.size()); }

  // A phrase's tag, and the slot to look at next.
  struct Key {
    uint32_t tag;
    uint32_t slot;
  };
  Key key(const Phrase& phrase) const {
    const uint64_t hash = hash_of(phrase);
    return {.tag = static_cast<uint32_t>(hash) << 8 | std::min(phrase.length, kLong),
            .slot = static_cast<uint32_t>(((hash >> 32) * slots_.size()) >> 32)};
  }
  void fetch(uint32_t slot) const { __builtin_prefetch(&slots_[slot]); }

  // Goes on to the first slot that is empty or seems to hold the phrase; fetches the text that it stands for.
  void approach(Key& key) const {
    for (;; key.slot = after(key.slot)) {
      const uint64_t held = load(key.slot);
      if (held == 0) return;
      if (static_cast<uint32_t>(held >> 32) == key.tag) return __builtin_prefetch(&text_[piece_of(held).position]);
    }
  }

  // The slot that holds the phrase, by now if not before. There must be an empty slot.
  uint32_t insert(const Phrase& phrase, Key key, Tally& tally) {
    auto [tag, slot] = key;
    uint64_t value = 0;
    ++tally.phrases;
    for (;;) {
      uint64_t held = load(slot);
      if (held == 0) {
        if (value == 0) value = uint64_t{tag} << 32 | representative(phrase);
        if (std::atomic_ref(slots_[slot]).compare_exchange_strong(held, value, std::memory_order_acq_rel)) {
          ++tally.distinct;
          return slot;
        }
      }
      if (static_cast<uint32_t>(held >> 32) == tag && is_equal(piece_of(held), phrase)) return slot;
      slot = after(slot);
      ++tally.steps;
    }
  }

  bool is_empty(uint32_t slot) const { return load(slot) == 0; }
  Piece piece(uint32_t slot) const { return piece_of(load(slot)); }

  // From here on the slot has no piece any more.
  void set_name(uint32_t slot, uint32_t name) { std::atomic_ref(slots_[slot]).store(name, std::memory_order_relaxed); }
  uint32_t name(uint32_t slot) const { return static_cast<uint32_t>(load(slot)); }

 private:
  static constexpr uint32_t kLong = 255;

  static constexpr uint64_t kMultiplier = 0x9E37'79B9'7F4A'7C15;

  uint64_t hash_of(const Phrase& phrase) const {
    uint64_t hash = phrase.length;
    const auto mix = [&hash](uint64_t value) {
      hash = (hash ^ value) * kMultiplier;
      hash ^= hash >> 32;
    };
    const char* const bytes = bytes_at(phrase.position);
    const size_t size = phrase.length * sizeof(Symbol);
    if (size < 8) {
      mix(uint64_t{bits<uint32_t>(bytes)} << 32 | bits<uint32_t>(bytes + size - 4));
    } else {
      for (size_t i = 0; i + 8 < size; i += 8) mix(bits<uint64_t>(bytes + i));
      mix(bits<uint64_t>(bytes + size - 8));
    }
    return hash * kMultiplier;
  }

  uint32_t after(uint32_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }
  uint64_t load(uint32_t slot) const { return std::atomic_ref(slots_[slot]).load(std::memory_order_acquire); }

  Piece piece_of(uint64_t held) const {
    const uint32_t length = held >> 32 & 0xff;
    const auto low = static_cast<uint32_t>(held);
    return length == kLong ? long_pieces_[low] : Piece{low, length};
  }

  uint32_t representative(const Phrase& phrase) {
    if (phrase.length < kLong) return phrase.position;
    // Phrases share a symbol with the next one at most, so that there is room for all long ones.
    const uint32_t place = long_count_.fetch_add(1, std::memory_order_relaxed);
    long_pieces_[place] = {phrase.position, phrase.length};
    return place;
  }

  // A phrase has at least three symbols: a seed's, a greater one's, and the one that ends it.
  bool is_equal(Piece piece, const Phrase& phrase) const {
    const size_t size = phrase.length * sizeof(Symbol);
    if (piece.length != phrase.length) return false;
    const char* const a = bytes_at(piece.position);
    const char* const b = bytes_at(phrase.position);
    if (size < 8) {
      return bits<uint32_t>(a) == bits<uint32_t>(b) && bits<uint32_t>(a + size - 4) == bits<uint32_t>(b + size - 4);
    }
    for (size_t i = 0; i + 8 < size; i += 8) {
      if (bits<uint64_t>(a + i) != bits<uint64_t>(b + i)) return false;
    }
    return bits<uint64_t>(a + size - 8) == bits<uint64_t>(b + size - 8);
  }

  const char* bytes_at(uint32_t position) const { return reinterpret_cast<const char*>(&text_[position]); }

  template <typename Bits>
  static Bits bits(const char* bytes) {
    Bits value = 0;
    std::memcpy(&value, bytes, sizeof(Bits));
    return value;
  }

  std::span<const Symbol> text_;
  std::span<uint64_t> slots_;
  std::vector<Piece> long_pieces_;
  std::atomic<uint32_t> long_count_ = 0;
};

}  // namespace tribute::suffix
