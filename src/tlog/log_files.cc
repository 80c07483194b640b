#include "tlog/log_files.h"

#include <utility>

#include "tlog/note.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

// The file's bytes. What is too long to be such a file is malformed.
Result<std::string> load_bytes(io::FileSystem& files, const std::string& path, size_t max_bytes) {
  Result<std::string> bytes = io::read_file(files, path, max_bytes);
  if (!bytes && bytes.error().code == ErrorCode::resource_exhausted) {
    return fail(ErrorCode::data_loss, std::move(bytes).error().message);
  }
  return bytes;
}

// The first `id.width` items of a tile or bundle; `parse` reads the bytes of one of a given width.
template <typename Id, typename Parse>
auto load_items(const LogFiles& log, const Id& id, size_t max_bytes, const Parse& parse)
    -> decltype(parse(std::string(), id.width)) {
  std::string path = log.full_path(path_of(id));
  uint32_t width = id.width;
  Result<std::string> bytes = load_bytes(log.file_system(), path, max_bytes);
  const auto is_missing = [&bytes] { return !bytes && bytes.error().code == ErrorCode::not_found; };
  if (is_missing() && !id.is_full()) {
    Id full = id;
    full.width = kTileWidth;
    Result<std::string> full_bytes = load_bytes(log.file_system(), log.full_path(path_of(full)), max_bytes);
    if (full_bytes || full_bytes.error().code != ErrorCode::not_found) {
      path = log.full_path(path_of(full));
      width = kTileWidth;
      bytes = std::move(full_bytes);
    }
  }
  if (is_missing()) return fail(ErrorCode::data_loss, path + ": the file is missing");
  if (!bytes) return std::unexpected(std::move(bytes).error());
  auto items = parse(*bytes, width);
  if (!items) return fail_within(path, std::move(items).error());
  items->resize(id.width);
  return items;
}

}  // namespace

LogFiles::LogFiles(io::FileSystem& files, std::string folder) : files_(&files), folder_(std::move(folder)) {}

std::string LogFiles::full_path(std::string_view path) const { return io::join(folder_, path); }

Result<std::string> LogFiles::load_checkpoint() const {
  return load_bytes(*files_, full_path(kCheckpointPath), kMaxNoteBytes);
}

Result<std::vector<Hash256>> LogFiles::load_tile(const TileId& tile) const {
  return load_items(*this, tile, kMaxTileBytes, parse_tile);
}

Result<std::vector<std::string>> LogFiles::load_bundle(const BundleId& bundle) const {
  const auto parse = [](std::string_view bytes, uint32_t width) -> Result<std::vector<std::string>> {
    const std::vector<std::string_view> entries = TRY(parse_bundle(bytes, width));
    return std::vector<std::string>(entries.begin(), entries.end());
  };
  return load_items(*this, bundle, kMaxBundleBytes, parse);
}

}  // namespace tribute::tlog
