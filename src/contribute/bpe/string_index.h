// StringIndex: integers by byte strings that someone else keeps.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bpe/tables.h"

namespace tribute::bpe {

// A hash table with open addressing, for a number of strings that is known before. Not thread-safe while it
// grows; must not outlive the strings.
class StringIndex {
 public:
  explicit StringIndex(size_t max_strings) : slots_(max_strings * 2 + 1) {}

  // The value of an equal string that is there already, else kNone, and then `value` (not kNone) is its value.
  uint32_t insert(std::string_view string, uint32_t value) {
    Slot& slot = slots_[place_of(string)];
    if (slot.value != kNone) return slot.value;
    slot = {.string = string, .value = value};
    return kNone;
  }
  // kNone if there is none.
  uint32_t find(std::string_view string) const { return slots_[place_of(string)].value; }

 private:
  struct Slot {
    std::string_view string;
    uint32_t value = kNone;
  };

  // The slot of the string, or the empty one where it belongs.
  size_t place_of(std::string_view string) const {
    const auto count = static_cast<uint32_t>(slots_.size());
    uint32_t at = line_of(hash_of_long(string), count);
    while (slots_[at].value != kNone && slots_[at].string != string) at = next_line(at, count);
    return at;
  }

  std::vector<Slot> slots_;
};

}  // namespace tribute::bpe
