// A small writer of infini-gram indexes, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"
#include "infinigram/table_files.h"
#include "io/file_system.h"

namespace tribute::infinigram::testing {

struct WriteOptions {
  TokenType type = TokenType::u16;
  bool add_metadata = true;
};

// Writes the files of the shard `name` into `folder`, its suffixes sorted by comparing their bytes. What fails
// is a failed CHECK.
void write_shard(io::FileSystem& files, const std::string& folder, const std::string& name,
                 const std::vector<std::vector<TokenId>>& documents, const WriteOptions& options);

// What the writer says of a document in its metadata.
std::string metadata_of(uint64_t index);

}  // namespace tribute::infinigram::testing
