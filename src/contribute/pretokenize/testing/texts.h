// Texts for the tests of splitters and normalizers, made of what is likely to be treated wrongly.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace tribute::pretokenize::testing {

// Characters, and parts of some, that scanners, expressions and normalizers tell apart. All were assigned in
// Unicode 14.0 or are assigned in no version, since PCRE2 of Debian 12 knows no later one.
inline constexpr auto kNasty = std::to_array<std::string_view>({
    " ",
    " ",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\v",
    "\xc2\x85",
    "\xc2\xa0",
    "\xe1\x9a\x80",
    "\xe1\xa0\x8e",
    "\xe2\x80\x83",
    "\xe2\x80\xa8",
    "\xe2\x80\xa9",
    "\xe2\x80\x8b",
    "\xe3\x80\x80",
    "\xef\xbb\xbf",
    "'",
    "'s",
    "'S",
    "'\xc5\xbf",
    "'t",
    "'re",
    "'RE",
    "'rE",
    "'ve",
    "'vE",
    "'m",
    "'M",
    "'ll",
    "'LL",
    "'lL",
    "'d",
    "'D",
    "'x",
    "'l",
    "'r",
    "'v",
    "s",
    "t",
    "re",
    "ll",
    "\xc5\xbf",
    "\xe2\x84\xaa",
    "a",
    "b",
    "Z",
    "hello",
    "World",
    "CamelCase",
    "HTTPServer",
    "0",
    "9",
    "12",
    "123",
    "1234567",
    "x1",
    "1x",
    "\xc2\xb2",
    "\xc2\xbd",
    "\xe2\x85\xa7",
    "\xd9\xa3",
    "\xf0\x9d\x9f\x98",
    "\xe0\xa5\xa8",
    "\xc3\xa9",
    "e\xcc\x81",
    "\xcc\x81",
    "\xcc\xa7",
    "\xe0\xa4\x95",
    "\xe0\xa4\xbf",
    "\xe0\xa5\x8d",
    "\xe2\x83\x9d",
    "\xc7\x85",
    "\xca\xb0",
    "\xc2\xaa",
    "\xd0\x96",
    "\xd1\x8f",
    "\xce\xa3",
    "\xcf\x82",
    "\xc4\xb0",
    "\xc3\x9f",
    "\xe4\xb8\xad",
    "\xe6\x96\x87",
    "\xe3\x81\x82",
    "\xe3\x82\xa2",
    "\xe3\x83\xbb",
    "\xea\xb0\x80",
    "\xe1\x84\x80",
    "\xe1\x85\xa1",
    "\xe1\x86\xa8",
    "\xf0\xa0\x80\x80",
    "\xf0\xaf\xa0\x80",
    "\xef\xa4\x80",
    "!",
    "?!",
    ".",
    ",",
    "-",
    "_",
    "/",
    "//",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "+",
    "=",
    "<",
    ">",
    "$",
    "^",
    "`",
    "|",
    "~",
    "#",
    "\"",
    "*",
    "&",
    "%",
    "@",
    ":",
    ";",
    "\xe2\x80\x94",
    "\xe2\x80\x99",
    "\xe2\x80\x98",
    "\xc2\xab",
    "\xe2\x82\xac",
    "\xc2\xb5",
    "\xe3\x80\x82",
    "\xef\xbc\x81",
    "\xef\xbd\x9e",
    "\xf0\x9f\x98\x80",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
    "\xe2\x93\x90",
    "\xf0\x9f\x84\xb0",
    std::string_view("\0", 1),
    "\x01",
    "\x1b",
    "\x7f",
    "\xc2\x80",
    "\xc2\xad",
    "\xe2\x80\x8d",
    "\xe2\x80\x8c",
    "\xee\x80\x80",
    "\xef\xbf\xbf",
    "\xf4\x8f\xbf\xbf",
    "\xcd\xb8",
    "\x80",
    "\xff",
    "\xc3",
    "\xe4\xb8",
    "\xe4",
    "\xf0\x9f",
    "\xf0\x9f\x98",
    "\xc0\xaf",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xe0\x80\xaf",
    "\xbf\xbf",
});

// `code` is not a surrogate.
inline void append_utf8(uint32_t code, std::string& text) {
  const auto add = [&text](uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
    return;
  }
  if (code < 0x800) {
    add(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xe0 | code >> 12);
    add(0x80 | (code >> 6 & 63));
  } else {
    add(0xf0 | code >> 18);
    add(0x80 | (code >> 12 & 63));
    add(0x80 | (code >> 6 & 63));
  }
  add(0x80 | (code & 63));
}

// Some tens of them in a row, at times one many times.
template <typename Random>
std::string nasty_text(Random& random, size_t most_parts) {
  std::string text;
  const size_t parts = random() % (most_parts + 1);
  for (size_t i = 0; i < parts; ++i) {
    const std::string_view part = kNasty[random() % kNasty.size()];
    const size_t times = random() % 16 == 0 ? 1 + random() % 40 : 1;
    for (size_t k = 0; k < times; ++k) text += part;
  }
  return text;
}

}  // namespace tribute::pretokenize::testing
