#include "cli/display.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "base/bytes.h"
#include "base/check.h"
#include "base/checked.h"

namespace tribute::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// A character of well-formed UTF-8 and the bytes it takes.
struct Character {
  utf8proc_int32_t code = 0;
  size_t size = 1;
};

Character first_character(std::string_view text) {
  Character character;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const utf8proc_ssize_t size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &character.code);
  if (size > 0) character.size = static_cast<size_t>(size);
  return character;
}

size_t width_of(const Character& character) {
  return character.code < 0 ? 1 : static_cast<size_t>(utf8proc_charwidth(character.code));
}

// Characters that reorder the text around them, so that what is read is not what is there.
bool changes_direction(utf8proc_int32_t code) {
  return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0x200E || code == 0x200F ||
         code == 0x061C;
}

std::string utf8_of(utf8proc_int32_t code) {
  std::string bytes(4, '\0');
  const auto size = utf8proc_encode_char(code, reinterpret_cast<utf8proc_uint8_t*>(bytes.data()));
  bytes.resize(static_cast<size_t>(size));
  return bytes;
}

// The bytes of as many characters at the beginning as fit into `columns`.
size_t bytes_within(std::string_view text, size_t columns) {
  size_t width = 0;
  size_t size = 0;
  while (size < text.size()) {
    const Character character = first_character(text.substr(size));
    if (width + width_of(character) > columns) break;
    width += width_of(character);
    size += character.size;
  }
  return size;
}

}  // namespace

size_t first_character_bytes(std::string_view text) {
  CHECK(!text.empty());
  return first_character(text).size;
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    width += width_of(character);
    text.remove_prefix(character.size);
  }
  return width;
}

std::string terminal_text(std::string_view bytes, Lines lines) {
  constexpr utf8proc_int32_t kControlPictures = 0x2400;
  constexpr utf8proc_int32_t kDelete = 0x7F;
  constexpr utf8proc_int32_t kDeletePicture = 0x2421;
  const std::string printable = to_printable_utf8(bytes);
  std::string result;
  result.reserve(printable.size());
  for (std::string_view rest = printable; !rest.empty();) {
    const Character character = first_character(rest);
    const utf8proc_int32_t code = character.code;
    if (code < ' ' && !(lines == Lines::many && (code == '\n' || code == '\t'))) {
      result += utf8_of(kControlPictures + code);
    } else if (code == kDelete) {
      result += utf8_of(kDeletePicture);
    } else if ((code > kDelete && code < 0xA0) || changes_direction(code)) {
      result += kReplacement;
    } else {
      result += rest.substr(0, character.size);
    }
    rest.remove_prefix(character.size);
  }
  return result;
}

std::string shortened(std::string_view text, size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  return std::string(text.substr(0, bytes_within(text, columns - std::min<size_t>(columns, 1)))) + "…";
}

std::string shortened_in_middle(std::string_view text, size_t columns) {
  constexpr std::string_view kGap = " … ";
  constexpr size_t kGapColumns = 3;
  const size_t width = display_width(text);
  if (width <= columns) return std::string(text);
  const size_t kept = columns - std::min(columns, kGapColumns);
  // The end begins after the first characters that take what it cannot show.
  size_t end = bytes_within(text, width - kept / 2);
  while (display_width(text.substr(end)) > kept / 2) end += first_character_bytes(text.substr(end));
  return std::string(text.substr(0, bytes_within(text, kept - kept / 2))) + std::string(kGap) +
         std::string(text.substr(end));
}

std::string padded_left(std::string_view text, size_t columns) {
  const size_t width = display_width(text);
  return std::string(columns > width ? columns - width : 0, ' ') + std::string(text);
}

std::string padded_right(std::string_view text, size_t columns) {
  const size_t width = display_width(text);
  return std::string(text) + std::string(columns > width ? columns - width : 0, ' ');
}

std::string grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t place = digits.size(); place > 3;) {
    place -= 3;
    digits.insert(place, ",");
  }
  return digits;
}

std::string grouped(Amount amount) {
  const int64_t value = amount.millionths();
  return (value < 0 ? "-" : "") +
         grouped(value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value));
}

std::string counted(uint64_t count, std::string_view noun) {
  return grouped(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string bits_text(uint64_t millibits) {
  const uint64_t tenths = millibits / 100 + (millibits % 100 >= 50 ? 1 : 0);
  return grouped(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string percent_text(uint64_t ppm) {
  const uint64_t tenths = ppm / 1'000 + (ppm % 1'000 >= 500 ? 1 : 0);
  return fmt::format("{}.{}%", tenths / 10, tenths % 10);
}

uint64_t ppm_of(uint64_t part, uint64_t whole) {
  if (whole == 0) return 0;
  return static_cast<uint64_t>(uint128_t{part} * 1'000'000 / whole);
}

std::string bytes_text(uint64_t bytes) {
  if (bytes < 1'000) return fmt::format("{} B", bytes);
  constexpr std::string_view kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  size_t unit = 0;
  uint64_t scale = 1'000;
  while (bytes / scale >= 1'000) {
    scale *= 1'000;
    ++unit;
  }
  return fmt::format("{}.{} {}", bytes / scale, bytes % scale / (scale / 10), kUnits[unit]);
}

std::string time_text(uint64_t time_ms) {
  constexpr uint64_t kEndOfYear9999 = 253'402'300'800'000;
  if (time_ms >= kEndOfYear9999) return std::to_string(time_ms) + " ms";
  return fmt::format("{:%Y-%m-%d %H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(time_ms / 1'000)));
}

}  // namespace tribute::cli
