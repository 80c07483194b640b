// When two documents say the same: the folded text and its hash.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"

namespace tribute::datanet {

// `text` with what does not make it another document taken away:
// 1. Every maximal run of well-formed UTF-8 is brought to Unicode normalisation form KC. Bytes of
//    ill-formed parts stay as they are, each for itself, and what stands on their two sides is
//    normalised apart.
// 2. Every maximal run of characters with the property White_Space (U+0009 to U+000D, U+0020, U+0085,
//    U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000) becomes one space;
//    a run at the beginning or the end goes.
// NUL is a character like others. Total: any bytes have a folded text. O(n) time, O(n) memory.
std::string folded_text(std::string_view text);

// SHA-256 of folded_text(). Documents of one DataNet with equal folded hashes are duplicates.
Hash256 folded_hash(std::string_view text);

}  // namespace tribute::datanet
