// SHA-256 values and their computation.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute {

// A 32-byte hash. Ordered bytewise.
struct Hash256 {
  std::array<uint8_t, 32> bytes{};

  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  std::string hex() const;

  friend auto operator<=>(const Hash256&, const Hash256&) = default;
};

// Errors: invalid_argument unless `hex` is exactly 64 lowercase digits / `bytes` exactly 32 bytes.
Result<Hash256> hash_from_hex(std::string_view hex);
Result<Hash256> hash_from_bytes(std::string_view bytes);

// SHA-256 (FIPS 180-4) of one byte string.
Hash256 sha256(std::string_view bytes);

// SHA-256 of bytes that come in parts. Not thread-safe; movable.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(std::string_view bytes);
  // The hash of all updates. The object must not be used afterwards.
  Hash256 finish() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// SHA-256 over `salt` (32 bytes) then `text`: what the log holds in place of personal data.
Hash256 salted_hash(std::string_view salt, std::string_view text);

}  // namespace tribute

template <>
struct std::hash<tribute::Hash256> {
  size_t operator()(const tribute::Hash256& key) const noexcept {
    size_t value = 0;
    for (size_t i = 0; i < sizeof(value); ++i) value = value << 8 | key.bytes[i];
    return value;
  }
};
