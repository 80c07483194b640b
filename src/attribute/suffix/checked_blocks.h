// Blocks that carry a checksum: what the scratch files of a sort are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "io/file_system.h"

namespace tribute::suffix {

inline constexpr size_t kBlockBytes = 4096;
inline constexpr size_t kPayloadBytes = kBlockBytes - sizeof(uint64_t);  // the checksum's stands behind it

// Appends a block of `payload`, filled up with zeros. `seed` is the file's, so that a block of another file or from
// another place does not pass. `payload` has at most kPayloadBytes (CHECK).
void append_block(std::string& blocks, std::string_view payload, uint64_t seed, uint64_t index);

// Whether the block at `bytes`, of kBlockBytes, is the one that was written as `index`.
bool is_block(const char* bytes, uint64_t seed, uint64_t index);

// `count` blocks from `index` on, each checked.
// Errors: those of the file; data_loss naming `path` where one is missing or damaged.
Result<std::string> read_blocks(io::File& file, const std::string& path, uint64_t seed, uint64_t index, uint64_t count);

}  // namespace tribute::suffix
