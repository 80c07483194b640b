#include "pretokenize/character_set.h"

#include "pretokenize/unicode_ranges.h"

namespace tribute::pretokenize {
namespace {

template <typename Predicate>
void add_if(CharacterSet& set, Predicate contains) {
  const auto ranges = property_ranges();
  for (size_t i = 0; i < ranges.size(); ++i) {
    const uint32_t end = i + 1 < ranges.size() ? ranges[i + 1] >> 8 : kCodePoints;
    if (contains(Properties(static_cast<uint8_t>(ranges[i] & 0xff)))) set.add(ranges[i] >> 8, end - 1);
  }
}

}  // namespace

void CharacterSet::add(Categories categories) {
  add_if(*this, [categories](Properties properties) { return categories.contains(properties); });
}

void CharacterSet::add_white_space() {
  add_if(*this, [](Properties properties) { return properties.is_space(); });
}

void CharacterSet::add(uint32_t first, uint32_t last) {
  for (uint32_t code = first; code <= last; ++code) words_[code / 64] |= uint64_t{1} << code % 64;
}

void CharacterSet::invert() {
  for (uint64_t& word : words_) word = ~word;
}

}  // namespace tribute::pretokenize
