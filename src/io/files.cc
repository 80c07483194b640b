// What can be said with any FileSystem: whole files, atomic replacement, folders, paths.
#include "io/file_system.h"

namespace tribute::io {
namespace {

// The path without trailing slashes, but for the root's own.
std::string_view without_trailing_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

Result<void> write_durably(FileSystem& files, const std::string& path, std::string_view bytes) {
  const auto file = TRY(files.open(path, OpenMode::create));
  TRY(file->truncate(0));
  TRY(file->write_at(0, bytes));
  return file->sync();
}

}  // namespace

Result<std::string> read_file(FileSystem& files, const std::string& path, uint64_t max_bytes) {
  const auto file = TRY(files.open(path, OpenMode::read));
  const uint64_t size = TRY(file->size());
  if (size > max_bytes) {
    return fail(ErrorCode::resource_exhausted,
                path + ": has " + std::to_string(size) + " bytes, over the limit of " + std::to_string(max_bytes));
  }
  return file->read_at(0, size);
}

Result<void> write_file_atomically(FileSystem& files, const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp";
  auto replaced = write_durably(files, temporary, bytes);
  if (replaced) replaced = files.rename(temporary, path);
  if (!replaced) {
    // The first error is the one to tell; a temporary file that stays is overwritten by the next write.
    (void)files.remove(temporary);
    return replaced;
  }
  return files.sync_folder(parent_of(path));
}

Result<uint64_t> copy_file(FileSystem& files, const std::string& from, const std::string& to) {
  constexpr size_t kPartBytes = 1 << 20;
  const auto source = TRY(files.open(from, OpenMode::read));
  const auto target = TRY(files.open(to, OpenMode::create));
  TRY(target->truncate(0));
  uint64_t copied = 0;
  for (;;) {
    const std::string part = TRY(source->read_at(copied, kPartBytes));
    if (part.empty()) break;
    TRY(target->write_at(copied, part));
    copied += part.size();
  }
  TRY(target->sync());
  return copied;
}

Result<void> make_folders(FileSystem& files, const std::string& path) {
  if (TRY(files.exists(path))) return files.make_folder(path);  // an error if it is a file
  const std::string parent = parent_of(path);
  TRY(make_folders(files, parent));
  TRY(files.make_folder(path));
  return files.sync_folder(parent);
}

std::string join(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!path.empty() && !path.ends_with('/')) path += '/';
  path += name;
  return path;
}

std::string parent_of(std::string_view path) {
  path = without_trailing_slashes(path);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(without_trailing_slashes(path.substr(0, slash + 1)));
}

std::string name_of(std::string_view path) {
  path = without_trailing_slashes(path);
  if (path == "/") return "/";
  return std::string(path.substr(path.rfind('/') + 1));
}

}  // namespace tribute::io
