// Private key files of contributors. docs/formats/keys.md.
#pragma once

#include <string>

#include "base/error.h"
#include "base/sign.h"
#include "io/file_system.h"

namespace tribute::datanet {

// Writes the key as one line, PrivateKey::text(), into a new file that only its owner may read.
// Errors: already_exists if something is there: a key is never overwritten; those of the file system.
Result<void> write_key_file(io::FileSystem& files, const std::string& path, const PrivateKey& key);

// Errors: not_found; invalid_argument if the file holds anything else. Messages never quote the file.
Result<PrivateKey> read_key_file(io::FileSystem& files, const std::string& path);

}  // namespace tribute::datanet
