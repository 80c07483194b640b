#include "tlog/tile_writer.h"

#include <algorithm>
#include <utility>

#include "base/workers.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

constexpr size_t kMaxUnsyncedFiles = 64;
constexpr size_t kFilesPerThread = 8;

// Syncs the files, each thread some of them; the first error in their order.
Result<void> sync_files(const std::vector<io::File*>& files) {
  std::vector<Result<void>> results(files.size());
  const size_t threads = std::max<size_t>(1, (files.size() + kFilesPerThread - 1) / kFilesPerThread);
  Workers(static_cast<uint32_t>(threads)).run_each(files.size(), [&](size_t i) { results[i] = files[i]->sync(); });
  for (const Result<void>& result : results) TRY(result);
  return {};
}

}  // namespace

void TileWriter::begin() {
  unsynced_files_.clear();
  unsynced_folders_.clear();
}

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
  unsynced_folders_.insert(folder);
  if (TRY(file_system.exists(full_path))) {
    // Its bytes were synced before it got its name; only the name may not have been.
    if (TRY(io::read_file(file_system, full_path)) == bytes) return {};
    if (is_full) {
      return fail(ErrorCode::data_loss, full_path + ": it is there, with other bytes than the database's entries give");
    }
  }
  auto file = TRY(file_system.open(full_path + ".tmp", io::OpenMode::create));
  TRY(file->truncate(0));
  TRY(file->write_at(0, bytes));
  unsynced_files_.push_back({full_path, std::move(file)});
  return unsynced_files_.size() < kMaxUnsyncedFiles ? Result<void>() : name_unsynced_files();
}

// Syncs the files and gives them their names.
Result<void> TileWriter::name_unsynced_files() {
  const std::vector<Unsynced> batch = std::exchange(unsynced_files_, {});
  std::vector<io::File*> files;
  for (const Unsynced& unsynced : batch) files.push_back(unsynced.file.get());
  TRY(sync_files(files));
  for (const Unsynced& unsynced : batch) {
    TRY(files_->file_system().rename(unsynced.path + ".tmp", unsynced.path));
  }
  return {};
}

Result<void> TileWriter::sync() {
  TRY(name_unsynced_files());
  for (const std::string& folder : unsynced_folders_) TRY(files_->file_system().sync_folder(folder));
  unsynced_folders_.clear();
  return {};
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
