// Byte strings and their spellings. A byte string is a std::string; a view of one a std::string_view.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/error.h"

namespace tribute {

// Lowercase hexadecimal, two digits a byte.
std::string to_hex(std::string_view bytes);

// Errors: invalid_argument for an odd length or anything but 0-9a-f (upper case is refused, so that
// every byte string has one spelling).
Result<std::string> from_hex(std::string_view hex);

// Standard base64 with padding (RFC 4648, section 4). Reading refuses white space, missing padding
// and non-zero trailing bits: one spelling each.
std::string to_base64(std::string_view bytes);
Result<std::string> from_base64(std::string_view text);

// Fixed-width integers at the end of `out` / the start of `bytes` (which must be long enough: CHECK).
void append_le16(std::string& out, uint16_t value);
void append_le32(std::string& out, uint32_t value);
void append_le64(std::string& out, uint64_t value);
void append_be16(std::string& out, uint16_t value);
void append_be64(std::string& out, uint64_t value);
inline uint16_t load_le16(std::string_view bytes);
inline uint32_t load_le32(std::string_view bytes);
inline uint64_t load_le64(std::string_view bytes);
inline uint16_t load_be16(std::string_view bytes);
inline uint64_t load_be64(std::string_view bytes);

// True if `bytes` is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). O(n).
bool is_valid_utf8(std::string_view bytes);

// `bytes` with every maximal ill-formed part replaced by U+FFFD, as the Unicode standard recommends
// ("substitution of maximal subparts"). The result is valid UTF-8. O(n).
std::string to_printable_utf8(std::string_view bytes);

namespace bytes_internal {

// Columns are read by these, value by value, so that they stand where the compiler sees them.
template <typename T, std::endian kOrder>
T load(std::string_view bytes) {
  CHECK(bytes.size() >= sizeof(T));
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));  // NOLINT(bugprone-suspicious-stringview-data-usage): checked
  return kOrder == std::endian::native ? value : std::byteswap(value);
}

}  // namespace bytes_internal

inline uint16_t load_le16(std::string_view bytes) { return bytes_internal::load<uint16_t, std::endian::little>(bytes); }
inline uint32_t load_le32(std::string_view bytes) { return bytes_internal::load<uint32_t, std::endian::little>(bytes); }
inline uint64_t load_le64(std::string_view bytes) { return bytes_internal::load<uint64_t, std::endian::little>(bytes); }
inline uint16_t load_be16(std::string_view bytes) { return bytes_internal::load<uint16_t, std::endian::big>(bytes); }
inline uint64_t load_be64(std::string_view bytes) { return bytes_internal::load<uint64_t, std::endian::big>(bytes); }

}  // namespace tribute
