// The files of a log folder, one at a time.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "io/file_system.h"
#include "tlog/layout.h"

namespace tribute::tlog {

// Reads a log's files and checks their form, not their truth. Every error's message begins with the
// file's path. A missing, malformed or overlong tile or bundle is data_loss; errors of the file system
// itself come as they are. Thread-safe if the FileSystem is, which must outlive it.
class LogFiles {
 public:
  LogFiles(io::FileSystem& files, std::string folder);

  io::FileSystem& file_system() const { return *files_; }
  const std::string& folder() const { return folder_; }
  // The whole path of a path relative to the log folder.
  std::string full_path(std::string_view path) const;

  // The signed note in `checkpoint`. Errors: not_found where there is none.
  Result<std::string> load_checkpoint() const;

  // The hashes or entries of a tile or bundle. Where a partial one is missing, the beginning of the
  // full one: a log may delete partial ones once it has that.
  Result<std::vector<Hash256>> load_tile(const TileId& tile) const;
  Result<std::vector<std::string>> load_bundle(const BundleId& bundle) const;

 private:
  io::FileSystem* files_;
  std::string folder_;
};

}  // namespace tribute::tlog
