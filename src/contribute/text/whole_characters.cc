#include "text/whole_characters.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace tribute::text {
namespace {

// True if `bytes` (1 to 3) is a proper beginning of some well-formed character (Unicode 15, table 3-7).
bool begins_character(std::string_view bytes) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return false;
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (bytes.size() >= length) return false;
  for (size_t i = 1; i < bytes.size(); ++i) {
    uint8_t low = 0x80;
    uint8_t high = 0xBF;
    if (i == 1 && lead == 0xE0) low = 0xA0;
    if (i == 1 && lead == 0xED) high = 0x9F;
    if (i == 1 && lead == 0xF0) low = 0x90;
    if (i == 1 && lead == 0xF4) high = 0x8F;
    if (byte(i) < low || byte(i) > high) return false;
  }
  return true;
}

}  // namespace

size_t incomplete_suffix_length(std::string_view bytes) {
  // Only the last lead byte can begin the incomplete character, so the first length that fits is the one.
  for (size_t length = 1; length <= std::min<size_t>(3, bytes.size()); ++length) {
    if (begins_character(bytes.substr(bytes.size() - length))) return length;
  }
  return 0;
}

std::string WholeCharacters::push(std::string_view bytes) {
  std::string all = std::exchange(held_, {});
  all += bytes;
  const size_t incomplete = incomplete_suffix_length(all);
  held_ = all.substr(all.size() - incomplete);
  all.resize(all.size() - incomplete);
  return all;
}

std::string WholeCharacters::finish() { return std::exchange(held_, {}); }

}  // namespace tribute::text
