// Writes the files of a log.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"
#include "tlog/layout.h"
#include "tlog/log_files.h"

namespace tribute::tlog {

// Writes tiles, bundles and the checkpoint, each atomically and synced when the call returns. Writing
// what is already there does nothing, so that writing can begin again after a crash. Errors: those of
// the FileSystem. The log folder itself must be there. Not thread-safe; the LogFiles must outlive it.
class TileWriter {
 public:
  explicit TileWriter(const LogFiles& files) : files_(&files) {}

  // Errors: data_loss if the tile or bundle is full, is there, and has other bytes: it may be published,
  // and what is published never changes.
  Result<void> write(const TileId& tile, std::span<const Hash256> hashes);
  Result<void> write(const BundleId& bundle, std::span<const std::string> entries);

  // Replaces the file.
  Result<void> write_checkpoint(std::string_view note);

  // Removes the partial tiles and bundles of a log of `old_size` that are full in one of `size`. What
  // cannot be removed stays: a log may have more partial tiles than anyone asks for.
  void remove_outgrown(uint64_t old_size, uint64_t size);

 private:
  Result<void> make_folder(const std::string& path);
  Result<void> write_file(const std::string& path, std::string_view bytes, bool is_full);
  void remove_folder(const std::string& path);

  const LogFiles* files_;
  std::set<std::string> folders_;  // those that are certainly there, durably
};

}  // namespace tribute::tlog
