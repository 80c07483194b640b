#include "cli/paint.h"

#include <array>
#include <cstdint>

namespace tribute::cli {
namespace {

// Of the 256 colours of terminals, twelve that differ in hue and stay readable on black and on white.
constexpr std::array<uint8_t, Paint::kOwnerColors> kPalette = {33, 208, 35, 162, 37, 136, 99, 160, 64, 170, 67, 131};

}  // namespace

std::string Paint::owner(size_t index, std::string_view text) const {
  return wrapped("1;38;5;" + std::to_string(kPalette[index % kPalette.size()]), text);
}

std::string Paint::token(size_t index, std::string_view text) const {
  // Light grounds under black letters, so that a token's spaces are seen too.
  constexpr std::array<uint8_t, 5> kGrounds = {153, 229, 157, 224, 189};
  return wrapped("38;5;16;48;5;" + std::to_string(kGrounds[index % kGrounds.size()]), text);
}

std::string Paint::wrapped(std::string_view codes, std::string_view text) const {
  if (!enabled_ || text.empty()) return std::string(text);
  return "\x1b[" + std::string(codes) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace tribute::cli
