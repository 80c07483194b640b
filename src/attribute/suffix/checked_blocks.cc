#include "suffix/checked_blocks.h"

#include <xxhash.h>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::suffix {
namespace {

uint64_t checksum(const char* payload, uint64_t seed, uint64_t index) {
  return XXH3_64bits_withSeed(payload, kPayloadBytes, seed + index);
}

}  // namespace

void append_block(std::string& blocks, std::string_view payload, uint64_t seed, uint64_t index) {
  CHECK(payload.size() <= kPayloadBytes);
  const size_t begin = blocks.size();
  blocks += payload;
  blocks.resize(begin + kPayloadBytes);
  append_le64(blocks, checksum(blocks.data() + begin, seed, index));
}

bool is_block(const char* bytes, uint64_t seed, uint64_t index) {
  return load_le64({bytes + kPayloadBytes, sizeof(uint64_t)}) == checksum(bytes, seed, index);
}

Result<std::string> read_blocks(io::File& file, const std::string& path, uint64_t seed, uint64_t index,
                                uint64_t count) {
  std::string blocks = TRY(file.read_at(index * kBlockBytes, count * kBlockBytes));
  bool is_whole = blocks.size() == count * kBlockBytes;
  for (uint64_t i = 0; i < count && is_whole; ++i) {
    is_whole = is_block(blocks.data() + i * kBlockBytes, seed, index + i);
  }
  if (!is_whole) {
    return fail(ErrorCode::data_loss,
                path + ": is damaged; check the disk, and run the command again, which begins anew");
  }
  return blocks;
}

}  // namespace tribute::suffix
