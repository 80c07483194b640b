// A whole file in memory of its own: for what is read at random by a process that lives long.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "io/file_system.h"

namespace tribute::io {

// How a file's bytes come to be read.
enum class Residence : uint8_t {
  mapped,  // as they are asked for; shared with other processes, and given up when memory is short
  memory,  // read at once, into large pages where the system has them: random reads are several times faster
};

// FileSystem::map(), or a copy of the file in memory, which later changes of the file do not touch.
// Errors: those of the file system; resource_exhausted where there is not enough memory.
Result<std::unique_ptr<FileMap>> map_file(FileSystem& files, const std::string& path, Residence residence);

// Bytes [begin, end) of a file.
struct FilePart {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// A copy of some parts of a file in memory, each where it stands in the file, as far as the file has it. All else is
// zeros that take no memory, only addresses.
// Errors: those of the file system; resource_exhausted where there is not enough memory.
Result<std::unique_ptr<FileMap>> copy_parts(FileSystem& files, const std::string& path,
                                            std::span<const FilePart> parts);

}  // namespace tribute::io
