#include "tlog/tile.h"

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::tlog {

std::string encode_tile(std::span<const Hash256> hashes) {
  std::string bytes;
  bytes.reserve(hashes.size() * kHashBytes);
  for (const Hash256& hash : hashes) bytes += hash.view();
  return bytes;
}

Result<std::vector<Hash256>> parse_tile(std::string_view bytes, uint32_t width) {
  if (bytes.size() != width * kHashBytes) {
    return fail(ErrorCode::data_loss, "a tile of " + std::to_string(width) + " hashes has " +
                                          std::to_string(width * kHashBytes) + " bytes, this one " +
                                          std::to_string(bytes.size()));
  }
  std::vector<Hash256> hashes;
  hashes.reserve(width);
  for (size_t i = 0; i < bytes.size(); i += kHashBytes) {
    hashes.push_back(TRY(hash_from_bytes(bytes.substr(i, kHashBytes))));
  }
  return hashes;
}

std::string encode_bundle(std::span<const std::string> entries) {
  std::string bytes;
  for (const std::string& entry : entries) {
    CHECK(entry.size() <= kMaxEntryBytes);
    append_be16(bytes, static_cast<uint16_t>(entry.size()));
    bytes += entry;
  }
  return bytes;
}

Result<std::vector<std::string_view>> parse_bundle(std::string_view bytes, uint32_t width) {
  std::vector<std::string_view> entries;
  entries.reserve(width);
  for (uint32_t i = 0; i < width; ++i) {
    const size_t size = bytes.size() < 2 ? 0 : load_be16(bytes);
    if (bytes.size() < 2 + size) {
      return fail(ErrorCode::data_loss,
                  "the bundle ends inside entry " + std::to_string(i) + " of " + std::to_string(width));
    }
    entries.push_back(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  if (!bytes.empty()) {
    return fail(ErrorCode::data_loss, "the bundle has " + std::to_string(bytes.size()) + " bytes after its " +
                                          std::to_string(width) + " entries");
  }
  return entries;
}

}  // namespace tribute::tlog
