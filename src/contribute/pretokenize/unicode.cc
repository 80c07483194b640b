#include "pretokenize/unicode.h"

#include <algorithm>
#include <span>

#include "pretokenize/unicode_ranges.h"

namespace tribute::pretokenize {
namespace {

constexpr uint32_t code_of(uint32_t entry) { return entry >> 8; }
constexpr uint8_t value_of(uint32_t entry) { return static_cast<uint8_t>(entry & 0xff); }

void expand(std::span<const uint32_t> ranges, std::span<uint8_t> table) {
  for (size_t i = 0; i < ranges.size() && code_of(ranges[i]) < table.size(); ++i) {
    const size_t begin = code_of(ranges[i]);
    const size_t end = i + 1 < ranges.size() ? std::min<size_t>(code_of(ranges[i + 1]), table.size()) : table.size();
    std::ranges::fill(table.subspan(begin, end - begin), value_of(ranges[i]));
  }
}

uint8_t find(std::span<const uint32_t> ranges, uint32_t code) {
  const auto after = std::ranges::upper_bound(ranges, code, {}, code_of);
  return value_of(*(after - 1));
}

}  // namespace

CharacterTable::CharacterTable() { expand(property_ranges(), low_); }

const CharacterTable& CharacterTable::get() {
  static const CharacterTable table;
  return table;
}

Properties CharacterTable::high(uint32_t code) const { return Properties(find(property_ranges(), code)); }

NormalizationTable::NormalizationTable() { expand(normalization_ranges(), low_); }

const NormalizationTable& NormalizationTable::get() {
  static const NormalizationTable table;
  return table;
}

uint8_t NormalizationTable::high(uint32_t code) const { return find(normalization_ranges(), code); }

}  // namespace tribute::pretokenize
