// The bytes of a run's file, for what writes and reads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "suffix/run_file.h"

namespace tribute::suffix {

// In the byte for what is shared: it stands in four bytes of its own.
inline constexpr uint32_t kSharedElsewhere = 255;

// A block of suffixes begins with their number.
constexpr size_t smallest_record(uint32_t symbol_bytes) { return 5 + size_t{kSymbolsAhead} * symbol_bytes; }
constexpr size_t largest_record(uint32_t symbol_bytes) { return smallest_record(symbol_bytes) + sizeof(uint32_t); }

// The file's first block.
std::string to_block(const RunHeader& header);

}  // namespace tribute::suffix
