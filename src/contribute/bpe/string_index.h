// StringIndex: integers by byte strings that someone else keeps.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bpe/tables.h"

namespace tribute::bpe {

// A hash table with open addressing, for a number of strings that is known before. A search for a string
// of up to 15 bytes reads about one cache line. Not thread-safe while it grows; must not outlive the strings.
class StringIndex {
 public:
  explicit StringIndex(size_t max_strings) : slots_(max_strings * 2 + 1) {}

  // The value of an equal string that is there already, else kNone, and then `value` (not kNone) is its value.
  uint32_t insert(std::string_view string, uint32_t value) {
    const Key key = key_of(string);
    Slot& slot = slots_[place_of(key, string)];
    if (slot.value != kNone) return slot.value;
    slot = {.key = key.stored, .value = value};
    if (!is_short(string)) {
      slot.key.low = long_strings_.size();
      long_strings_.push_back(string);
    }
    return kNone;
  }
  // kNone if there is none.
  uint32_t find(std::string_view string) const { return slots_[place_of(key_of(string), string)].value; }
  // Begins to read what a search for the string will.
  void prefetch(std::string_view string) const { __builtin_prefetch(&slots_[home_of(key_of(string))]); }

 private:
  struct Slot {
    ShortKey key;
    uint32_t value = kNone;
  };
  struct Key {
    ShortKey stored;
    uint64_t hash = 0;
  };

  static bool is_short(std::string_view string) { return string.size() <= ShortKey::kMaxBytes; }

  // A long string is stored as its hash, above which its last byte is no short one's length, and its place
  // among the long ones.
  static Key key_of(std::string_view string) {
    if (is_short(string)) {
      const ShortKey key = short_key(string);
      return {.stored = key, .hash = hash_of(key)};
    }
    const uint64_t hash = hash_of_long(string);
    return {.stored = {.low = 0, .high = hash | uint64_t{0xFF} << 56}, .hash = hash};
  }

  uint32_t slot_count() const { return static_cast<uint32_t>(slots_.size()); }
  uint32_t home_of(const Key& key) const { return line_of(key.hash, slot_count()); }

  bool holds(const Slot& slot, const Key& key, std::string_view string) const {
    if (is_short(string)) return slot.key == key.stored;
    return slot.key.high == key.stored.high && long_strings_[slot.key.low] == string;
  }

  // The slot of the string, or the empty one where it belongs.
  uint32_t place_of(const Key& key, std::string_view string) const {
    uint32_t at = home_of(key);
    while (slots_[at].value != kNone && !holds(slots_[at], key, string)) at = next_line(at, slot_count());
    return at;
  }

  std::vector<Slot> slots_;
  std::vector<std::string_view> long_strings_;
};

}  // namespace tribute::bpe
