// Writes the files of a log.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "tlog/layout.h"
#include "tlog/log_files.h"

namespace tribute::tlog {

// Writes tiles and bundles, each wholly or not at all, and the checkpoint. Writing what is already there
// changes nothing, so that writing can begin again after a crash.
//
// begin(), write() as often as needed, sync(): only then all of it is durable. In between, files are
// synced many at a time: a file's sync waits for the disk, and many at once wait hardly longer than one.
//
// Errors: those of the FileSystem. The log folder itself must be there. Not thread-safe; the LogFiles
// must outlive it.
class TileWriter {
 public:
  explicit TileWriter(const LogFiles& files) : files_(&files) {}

  // Forgets what an earlier attempt wrote and did not come to sync.
  void begin();

  // Errors: data_loss if the tile or bundle is full, is there, and has other bytes: it may be published,
  // and what is published never changes.
  Result<void> write(const TileId& tile, std::span<const Hash256> hashes);
  Result<void> write(const BundleId& bundle, std::span<const std::string> entries);

  // Makes everything written since begin() durable.
  Result<void> sync();

  // Replaces the file; durable when this returns.
  Result<void> write_checkpoint(std::string_view note);

  // Removes the partial tiles and bundles of a log of `old_size` that are full in one of `size`. What
  // cannot be removed stays: a log may have more partial tiles than anyone asks for.
  void remove_outgrown(uint64_t old_size, uint64_t size);

 private:
  // A file under its temporary name, written but not synced.
  struct Unsynced {
    std::string path;
    std::unique_ptr<io::File> file;
  };

  Result<void> make_folder(const std::string& path);
  Result<void> write_file(const std::string& path, std::string_view bytes, bool is_full);
  Result<void> name_unsynced_files();
  void remove_folder(const std::string& path);

  const LogFiles* files_;
  std::vector<Unsynced> unsynced_files_;
  std::set<std::string> unsynced_folders_;
  std::set<std::string> folders_;  // those that are certainly there, durably
};

}  // namespace tribute::tlog
