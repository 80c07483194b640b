#include "tlog/tile_writer.h"

#include "tlog/tile.h"

namespace tribute::tlog {

Result<void> TileWriter::make_folder(const std::string& path) {
  if (path == files_->folder() || folders_.contains(path)) return {};
  const std::string parent = io::parent_of(path);
  TRY(make_folder(parent));
  TRY(files_->file_system().make_folder(path));
  // A folder that was there may be one whose name an earlier, failed attempt left unsynced.
  TRY(files_->file_system().sync_folder(parent));
  folders_.insert(path);
  return {};
}

Result<void> TileWriter::write_file(const std::string& path, std::string_view bytes, bool is_full) {
  io::FileSystem& file_system = files_->file_system();
  const std::string full_path = files_->full_path(path);
  const std::string folder = io::parent_of(full_path);
  TRY(make_folder(folder));
  if (TRY(file_system.exists(full_path))) {
    // Its bytes were synced before it got its name; the name itself may not have been.
    if (TRY(io::read_file(file_system, full_path)) == bytes) return file_system.sync_folder(folder);
    if (is_full) {
      return fail(ErrorCode::data_loss, full_path + ": it is there, with other bytes than the database's entries give");
    }
  }
  return io::write_file_atomically(file_system, full_path, bytes);
}

Result<void> TileWriter::write(const TileId& tile, std::span<const Hash256> hashes) {
  return write_file(path_of(tile), encode_tile(hashes), tile.is_full());
}

Result<void> TileWriter::write(const BundleId& bundle, std::span<const std::string> entries) {
  return write_file(path_of(bundle), encode_bundle(entries), bundle.is_full());
}

Result<void> TileWriter::write_checkpoint(std::string_view note) {
  return io::write_file_atomically(files_->file_system(), files_->full_path(kCheckpointPath), note);
}

void TileWriter::remove_outgrown(uint64_t old_size, uint64_t size) {
  for (uint32_t level = 0; level < level_count(old_size); ++level) {
    const uint64_t index = hash_count(old_size, level) / kTileWidth;
    if (tile_width(old_size, level, index) == 0 || tile_width(size, level, index) < kTileWidth) continue;
    remove_folder(path_of(TileId{level, index, kTileWidth}) + ".p");
    if (level == 0) remove_folder(path_of(BundleId{index, kTileWidth}) + ".p");
  }
}

void TileWriter::remove_folder(const std::string& path) {
  io::FileSystem& file_system = files_->file_system();
  const std::string folder = files_->full_path(path);
  const auto entries = file_system.list(folder);
  if (!entries) return;
  for (const io::FolderEntry& entry : *entries) {
    if (!file_system.remove(io::join(folder, entry.name))) return;
  }
  folders_.erase(folder);
  (void)file_system.remove(folder);
}

}  // namespace tribute::tlog
