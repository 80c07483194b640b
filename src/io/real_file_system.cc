// The operating system's files (POSIX).
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "io/direct_pages.h"
#include "io/file_system.h"
#include "io/guarded_map.h"
#include "io/system_call.h"

namespace tribute::io {
namespace {

Result<Descriptor> open_descriptor(const std::string& path, int flags) {
  // O_NONBLOCK: to open a pipe must not wait for its other end; it changes nothing for files.
  const int number =
      uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666); });
  if (number < 0) return system_error(path, errno);
  return Descriptor(number);
}

Result<struct stat> status_of(const Descriptor& descriptor, const std::string& path) {
  struct stat status{};
  if (::fstat(descriptor.number(), &status) != 0) return system_error(path, errno);
  return status;
}

// Positions over 2^63 - 1 do not exist in POSIX.
Result<off_t> position(const std::string& path, uint64_t offset) {
  if (offset > static_cast<uint64_t>(INT64_MAX)) return system_error(path, EFBIG);
  return static_cast<off_t>(offset);
}

Result<std::string> read_bytes(const Descriptor& descriptor, const std::string& path, uint64_t offset, size_t size) {
  // A caller may ask for "everything": no more memory is taken than the file can fill.
  constexpr size_t kSmall = size_t{1} << 16;
  if (size > kSmall) {
    const auto end = static_cast<uint64_t>(TRY(status_of(descriptor, path)).st_size);
    size = static_cast<size_t>(std::min<uint64_t>(size, end > offset ? end - offset : 0));
  }
  std::string bytes(size, '\0');
  size_t done = 0;
  while (done < size) {
    const off_t at = TRY(position(path, offset + done));
    const ssize_t got =
        uninterrupted([&] { return ::pread(descriptor.number(), bytes.data() + done, size - done, at); });
    if (got < 0) return system_error(path, errno);
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Result<void> write_bytes(const Descriptor& descriptor, const std::string& path, uint64_t offset,
                         std::string_view bytes) {
  while (!bytes.empty()) {
    const off_t at = TRY(position(path, offset));
    const ssize_t put = uninterrupted([&] { return ::pwrite(descriptor.number(), bytes.data(), bytes.size(), at); });
    if (put < 0) return system_error(path, errno);
    bytes.remove_prefix(static_cast<size_t>(put));
    offset += static_cast<uint64_t>(put);
  }
  return {};
}

Result<void> truncate_to(const Descriptor& descriptor, const std::string& path, uint64_t size) {
  const off_t end = TRY(position(path, size));
  if (uninterrupted([&] { return ::ftruncate(descriptor.number(), end); }) != 0) return system_error(path, errno);
  return {};
}

class RealFile final : public File {
 public:
  RealFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<std::string> read_at(uint64_t offset, size_t size) override {
    return read_bytes(descriptor_, path_, offset, size);
  }
  Result<void> write_at(uint64_t offset, std::string_view bytes) override {
    return write_bytes(descriptor_, path_, offset, bytes);
  }
  Result<void> truncate(uint64_t size) override { return truncate_to(descriptor_, path_, size); }
  Result<void> sync() override {
    // fdatasync() covers the size too, as reading the bytes back needs it.
    if (uninterrupted([&] { return ::fdatasync(descriptor_.number()); }) != 0) return system_error(path_, errno);
    return {};
  }
  Result<uint64_t> size() override { return static_cast<uint64_t>(TRY(status_of(descriptor_, path_)).st_size); }

 private:
  Descriptor descriptor_;
  std::string path_;
};

// The lock belongs to the open file description, so that it ends with the descriptor.
class RealFileLock final : public FileLock {
 public:
  explicit RealFileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

Result<Descriptor> open_regular(const std::string& path, int flags) {
  Descriptor descriptor = TRY(open_descriptor(path, flags));
  const auto status = TRY(status_of(descriptor, path));
  if (S_ISDIR(status.st_mode)) return system_error(path, EISDIR);
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::failed_precondition, path + ": is not a regular file");
  return descriptor;
}

class RealFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    int flags = 0;
    switch (mode) {
      case OpenMode::read: flags = O_RDONLY; break;
      case OpenMode::read_write: flags = O_RDWR; break;
      case OpenMode::create: flags = O_RDWR | O_CREAT; break;
      case OpenMode::create_new: flags = O_RDWR | O_CREAT | O_EXCL; break;
    }
    return std::make_unique<RealFile>(TRY(open_regular(path, flags)), path);
  }

  Result<std::unique_ptr<FileMap>> map(const std::string& path) override {
    const Descriptor descriptor = TRY(open_regular(path, O_RDONLY));
    const auto size = static_cast<size_t>(TRY(status_of(descriptor, path)).st_size);
    auto map = GuardedMap::make(descriptor.number(), size);
    if (!map) return system_error(path, errno);
    return map;
  }

  Result<std::unique_ptr<PageFile>> open_pages(const std::string& path, PageAccess access) override {
    auto direct = open_regular(path, O_RDONLY | O_DIRECT);
    const bool is_direct = direct.has_value();
    // Some file systems have no direct reads; whatever else is wrong is wrong again.
    Descriptor descriptor = is_direct ? std::move(*direct) : TRY(open_regular(path, O_RDONLY));
    return open_direct_pages(std::move(descriptor), path, {.is_direct = is_direct, .access = access});
  }

  Result<void> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return system_error(from, errno);
    return {};
  }

  Result<void> remove(const std::string& path) override {
    if (std::remove(path.c_str()) != 0) return system_error(path, errno);
    return {};
  }

  Result<void> make_folder(const std::string& path) override {
    if (::mkdir(path.c_str(), 0777) == 0) return {};
    const int error = errno;
    struct stat status{};
    if (error == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return {};
    return system_error(path, error);
  }

  Result<void> sync_folder(const std::string& path) override {
    const Descriptor folder = TRY(open_descriptor(path, O_RDONLY | O_DIRECTORY));
    // EINVAL: this file system has no syncing of folders; nothing more can be asked of it.
    if (uninterrupted([&] { return ::fsync(folder.number()); }) != 0 && errno != EINVAL) {
      return system_error(path, errno);
    }
    return {};
  }

  Result<std::vector<FolderEntry>> list(const std::string& path) override {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
    if (!folder) return system_error(path, errno);
    std::vector<FolderEntry> entries;
    errno = 0;
    while (const dirent* entry = ::readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe): a folder of its own
      const std::string name = entry->d_name;
      struct stat status{};
      // What vanished since, or is neither a file nor a folder, is not for us.
      if (name != "." && name != ".." && ::fstatat(::dirfd(folder.get()), entry->d_name, &status, 0) == 0) {
        if (S_ISDIR(status.st_mode)) entries.push_back({name, EntryKind::folder, 0});
        if (S_ISREG(status.st_mode)) {
          entries.push_back({name, EntryKind::file, static_cast<uint64_t>(status.st_size)});
        }
      }
      errno = 0;
    }
    if (errno != 0) return system_error(path, errno);
    std::ranges::sort(entries, {}, &FolderEntry::name);
    return entries;
  }

  Result<bool> exists(const std::string& path) override {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return system_error(path, errno);
  }

  Result<void> set_mode(const std::string& path, uint32_t mode) override {
    if (::chmod(path.c_str(), mode) != 0) return system_error(path, errno);
    return {};
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path, std::string_view holder) override {
    Descriptor descriptor = TRY(open_regular(path, O_RDWR | O_CREAT));
    if (uninterrupted([&] { return ::flock(descriptor.number(), LOCK_EX | LOCK_NB); }) != 0) {
      if (errno != EWOULDBLOCK) return system_error(path, errno);
      constexpr size_t kLongestHolder = 4096;
      const std::string other = TRY(read_bytes(descriptor, path, 0, kLongestHolder));
      return fail(ErrorCode::unavailable, path + ": held by " + (other.empty() ? "another process" : other));
    }
    TRY(truncate_to(descriptor, path, 0));
    TRY(write_bytes(descriptor, path, 0, holder));
    return std::make_unique<RealFileLock>(std::move(descriptor));
  }
};

}  // namespace

std::unique_ptr<FileSystem> make_real_file_system() { return std::make_unique<RealFileSystem>(); }

}  // namespace tribute::io
