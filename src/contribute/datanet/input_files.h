// Which files a list of paths means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "io/file_system.h"

namespace tribute::datanet {

enum class InputKind : uint8_t { jsonl, jsonl_zst, jsonl_gz, text, markdown };

struct InputFile {
  std::string path;  // "-": standard input
  std::string id;    // the path relative to the folder that was named, or the file's name
  InputKind kind = InputKind::jsonl;
  uint64_t size_bytes = 0;
};

struct InputFiles {
  std::vector<InputFile> files;
  uint64_t ignored_file_count = 0;
};

// Every file that the paths mean, in the order in which ContributionReader reads them. O(n log n).
// Errors: those of ContributionReader::open().
Result<InputFiles> find_input_files(io::FileSystem& files, const std::vector<std::string>& paths);

}  // namespace tribute::datanet
