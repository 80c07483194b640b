// The bytes of tiles and entry bundles (C2SP tlog-tiles).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "tlog/layout.h"

namespace tribute::tlog {

inline constexpr size_t kHashBytes = 32;
inline constexpr size_t kMaxEntryBytes = 65'535;
inline constexpr size_t kMaxTileBytes = kTileWidth * kHashBytes;
inline constexpr size_t kMaxBundleBytes = kTileWidth * (2 + kMaxEntryBytes);

// A tile is its hashes, one after the other.
std::string encode_tile(std::span<const Hash256> hashes);
// Errors: data_loss unless `bytes` is exactly `width` hashes.
Result<std::vector<Hash256>> parse_tile(std::string_view bytes, uint32_t width);

// A bundle is its entries, each after its length as a big-endian 16-bit integer. Every entry has at
// most kMaxEntryBytes (CHECK).
std::string encode_bundle(std::span<const std::string> entries);
// The entries as views into `bytes`. Errors: data_loss unless `bytes` is exactly `width` entries.
Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, uint32_t width);

}  // namespace tribute::tlog
