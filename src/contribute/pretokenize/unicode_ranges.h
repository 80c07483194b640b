// The generated data behind unicode.h, as ranges: each entry is a code point times 256 plus the value that
// holds from that code point on, up to the next entry's; ascending, the first from U+0000, the last to U+10FFFF.
#pragma once

#include <cstdint>
#include <span>

namespace tribute::pretokenize {

// Values: a Category, plus 32 for White_Space, plus 64 for word characters.
std::span<const uint32_t> property_ranges();

// Values: bit f is set if the quick check of Form f (NFC, NFD, NFKC, NFKD) is not "yes" for the character,
// or if its canonical combining class is not 0.
std::span<const uint32_t> normalization_ranges();

}  // namespace tribute::pretokenize
