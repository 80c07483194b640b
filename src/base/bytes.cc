#include "base/bytes.h"

#include <array>
#include <optional>

#include "base/check.h"

namespace tribute {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr uint8_t byte_at(std::string_view bytes, size_t i) { return static_cast<uint8_t>(bytes[i]); }

template <typename T>
void append_le(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(static_cast<uint8_t>(value >> (8 * i))));
}

template <typename T>
void append_be(std::string& out, T value) {
  for (size_t i = sizeof(T); i-- > 0;) out.push_back(static_cast<char>(static_cast<uint8_t>(value >> (8 * i))));
}

constexpr std::array<int8_t, 256> make_base64_values() {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (size_t i = 0; i < kBase64Digits.size(); ++i) {
    values[static_cast<uint8_t>(kBase64Digits[i])] = static_cast<int8_t>(i);
  }
  return values;
}
constexpr auto kBase64Values = make_base64_values();

// The length of the well-formed sequence at the start of `bytes`, or, negated, of the maximal
// ill-formed subpart there (Unicode 15, table 3-7). `bytes` is not empty.
int sequence_length(std::string_view bytes) {
  const uint8_t lead = byte_at(bytes, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return -1;
  const int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint8_t low = 0x80;
  uint8_t high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (int i = 1; i < length; ++i) {
    if (static_cast<size_t>(i) >= bytes.size()) return -i;
    const uint8_t next = byte_at(bytes, static_cast<size_t>(i));
    if (next < low || next > high) return -i;
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    hex.push_back(kHexDigits[byte_at(bytes, i) >> 4]);
    hex.push_back(kHexDigits[byte_at(bytes, i) & 15]);
  }
  return hex;
}

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return fail(ErrorCode::invalid_argument, "hexadecimal text has an odd number of digits");
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (size_t i = 0; i < hex.size(); i += 2) {
    const size_t high = kHexDigits.find(hex[i]);
    const size_t low = kHexDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) {
      return fail(ErrorCode::invalid_argument, "hexadecimal text has a character other than 0-9 and a-f");
    }
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const uint32_t group = uint32_t{byte_at(bytes, i)} << 16 | (left > 1 ? uint32_t{byte_at(bytes, i + 1)} << 8 : 0U) |
                           (left > 2 ? uint32_t{byte_at(bytes, i + 2)} : 0U);
    text.push_back(kBase64Digits[group >> 18]);
    text.push_back(kBase64Digits[group >> 12 & 63]);
    text.push_back(left > 1 ? kBase64Digits[group >> 6 & 63] : '=');
    text.push_back(left > 2 ? kBase64Digits[group & 63] : '=');
  }
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  const auto bad = [] { return fail(ErrorCode::invalid_argument, "text is not canonical base64"); };
  if (text.size() % 4 != 0) return bad();
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const size_t padding =
        last ? static_cast<size_t>(text[i + 3] == '=') + static_cast<size_t>(text[i + 3] == '=' && text[i + 2] == '=')
             : 0;
    uint32_t group = 0;
    for (size_t j = 0; j < 4 - padding; ++j) {
      const int8_t value = kBase64Values[byte_at(text, i + j)];
      if (value < 0) return bad();
      group |= static_cast<uint32_t>(value) << (18 - 6 * j);
    }
    if ((group & ((1U << (8 * padding)) - 1U)) != 0) return bad();
    bytes.push_back(static_cast<char>(static_cast<uint8_t>(group >> 16)));
    if (padding < 2) bytes.push_back(static_cast<char>(static_cast<uint8_t>(group >> 8)));
    if (padding < 1) bytes.push_back(static_cast<char>(static_cast<uint8_t>(group)));
  }
  return bytes;
}

void append_le16(std::string& out, uint16_t value) { append_le(out, value); }
void append_le32(std::string& out, uint32_t value) { append_le(out, value); }
void append_le64(std::string& out, uint64_t value) { append_le(out, value); }
void append_be16(std::string& out, uint16_t value) { append_be(out, value); }
void append_be64(std::string& out, uint64_t value) { append_be(out, value); }

bool is_valid_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const int length = sequence_length(bytes);
    if (length < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(length));
  }
  return true;
}

std::string to_printable_utf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const int length = sequence_length(bytes);
    const auto size = static_cast<size_t>(length < 0 ? -length : length);
    text += length < 0 ? std::string_view("\xEF\xBF\xBD") : bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  return text;
}

}  // namespace tribute
