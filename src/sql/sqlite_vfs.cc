#include "sql/sqlite_vfs.h"

#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "io/clock.h"
#include "io/file_system.h"
#include "io/random.h"

namespace tribute::sql {

struct SqliteVfsState {
  explicit SqliteVfsState(io::FileSystem& file_system) : files(file_system) {}

  // Keeps the error for take_error() and returns SQLite's code for it.
  int failed(Error cause, int code) {
    if (cause.code == ErrorCode::resource_exhausted) code = SQLITE_FULL;
    error = std::move(cause);
    return code;
  }

  io::FileSystem& files;
  std::unique_ptr<io::Clock> clock = io::make_system_clock();
  std::unique_ptr<io::Random> random = io::make_system_random();
  std::string name;
  sqlite3_vfs registered{};
  std::optional<Error> error;
};

namespace {

std::string page_checksum(std::string_view page, uint64_t page_number) {
  std::string checksum;
  append_le64(checksum, XXH3_64bits_withSeed(page.data(), kPageBytes - kPageChecksumBytes, page_number));
  return checksum;
}

// One file that SQLite has open.
class OpenFile {
 public:
  OpenFile(SqliteVfsState& vfs, std::unique_ptr<io::File> file, std::string path, int flags)
      : vfs_(vfs),
        file_(std::move(file)),
        path_(std::move(path)),
        is_database_((flags & SQLITE_OPEN_MAIN_DB) != 0),
        delete_on_close_((flags & SQLITE_OPEN_DELETEONCLOSE) != 0),
        // Whether it was there or not: an earlier process may have made it and not synced its name.
        name_is_unsynced_((flags & SQLITE_OPEN_CREATE) != 0) {}

  int close() {
    file_.reset();
    if (!delete_on_close_) return SQLITE_OK;
    const auto removed = vfs_.files.remove(path_);
    return removed ? SQLITE_OK : vfs_.failed(removed.error(), SQLITE_IOERR_DELETE);
  }

  int read(char* buffer, size_t size, uint64_t offset) {
    const auto bytes = file_->read_at(offset, size);
    if (!bytes) return vfs_.failed(bytes.error(), SQLITE_IOERR_READ);
    std::ranges::copy(*bytes, buffer);
    std::fill(buffer + bytes->size(), buffer + size, '\0');
    // SQLite looks at the header alone before it knows whether a log replaces the first page, which a
    // crash may have torn: what it reads in earnest are whole pages.
    const bool is_header = offset < kHeaderBytes && size <= kHeaderBytes;
    if (is_database_ && !is_header && !bytes->empty() && !is_sound_page(*bytes, offset)) return damaged(offset);
    return bytes->size() < size ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
  }

  int write(std::string_view bytes, uint64_t offset) {
    if (!is_database_) return put(bytes, offset);
    // Only a damaged rollback journal can make SQLite write anything but whole pages.
    if (bytes.size() != kPageBytes || offset % kPageBytes != 0) return damaged(offset);
    const std::string_view content = bytes.substr(0, kPageBytes - kPageChecksumBytes);
    return put(std::string(content) + page_checksum(bytes, offset / kPageBytes + 1), offset);
  }

  int truncate(uint64_t size) {
    const auto truncated = file_->truncate(size);
    return truncated ? SQLITE_OK : vfs_.failed(truncated.error(), SQLITE_IOERR_TRUNCATE);
  }

  int sync() {
    auto synced = file_->sync();
    if (synced && name_is_unsynced_) synced = vfs_.files.sync_folder(io::parent_of(path_));
    if (!synced) return vfs_.failed(synced.error(), SQLITE_IOERR_FSYNC);
    name_is_unsynced_ = false;
    return SQLITE_OK;
  }

  int size(sqlite3_int64* out) {
    const auto bytes = file_->size();
    if (!bytes) return vfs_.failed(bytes.error(), SQLITE_IOERR_FSTAT);
    *out = static_cast<sqlite3_int64>(*bytes);
    return SQLITE_OK;
  }

 private:
  static constexpr uint64_t kHeaderBytes = 100;

  static bool is_sound_page(std::string_view page, uint64_t offset) {
    return page.size() == kPageBytes && offset % kPageBytes == 0 &&
           page.substr(kPageBytes - kPageChecksumBytes) == page_checksum(page, offset / kPageBytes + 1);
  }

  int damaged(uint64_t offset) {
    return vfs_.failed(
        {ErrorCode::data_loss, path_ + ": is no Tribute database or page " + std::to_string(offset / kPageBytes + 1) +
                                   " of it is damaged; restore a backup with `tribute restore`"},
        SQLITE_IOERR_DATA);
  }

  int put(std::string_view bytes, uint64_t offset) {
    const auto written = file_->write_at(offset, bytes);
    return written ? SQLITE_OK : vfs_.failed(written.error(), SQLITE_IOERR_WRITE);
  }

  SqliteVfsState& vfs_;
  std::unique_ptr<io::File> file_;
  std::string path_;
  bool is_database_;
  bool delete_on_close_;
  bool name_is_unsynced_;
};

// What SQLite allocates for a file: its own part comes first, as it casts from the one to the other.
struct SqliteFile {
  sqlite3_file base;
  OpenFile* open;
};

OpenFile& open_file(sqlite3_file* file) { return *reinterpret_cast<SqliteFile*>(file)->open; }
SqliteVfsState& state_of(sqlite3_vfs* vfs) { return *static_cast<SqliteVfsState*>(vfs->pAppData); }

int file_close(sqlite3_file* file) {
  const std::unique_ptr<OpenFile> closing(&open_file(file));
  return closing->close();
}
int file_read(sqlite3_file* file, void* buffer, int size, sqlite3_int64 offset) {
  return open_file(file).read(static_cast<char*>(buffer), static_cast<size_t>(size), static_cast<uint64_t>(offset));
}
int file_write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  return open_file(file).write({static_cast<const char*>(bytes), static_cast<size_t>(size)},
                               static_cast<uint64_t>(offset));
}
int file_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return open_file(file).truncate(static_cast<uint64_t>(size));
}
int file_sync(sqlite3_file* file, int /*flags*/) { return open_file(file).sync(); }
int file_size(sqlite3_file* file, sqlite3_int64* size) { return open_file(file).size(size); }
int file_lock(sqlite3_file* /*file*/, int /*level*/) { return SQLITE_OK; }
int file_check_reserved_lock(sqlite3_file* /*file*/, int* reserved) {
  *reserved = 0;
  return SQLITE_OK;
}
int file_control(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) { return SQLITE_NOTFOUND; }
int file_sector_size(sqlite3_file* /*file*/) { return kPageBytes; }
// A disk that loses power in a write leaves the bytes beside it as they were.
int file_characteristics(sqlite3_file* /*file*/) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

const sqlite3_io_methods& file_methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;  // without shared memory and maps
    m.xClose = file_close;
    m.xRead = file_read;
    m.xWrite = file_write;
    m.xTruncate = file_truncate;
    m.xSync = file_sync;
    m.xFileSize = file_size;
    m.xLock = file_lock;
    m.xUnlock = file_lock;
    m.xCheckReservedLock = file_check_reserved_lock;
    m.xFileControl = file_control;
    m.xSectorSize = file_sector_size;
    m.xDeviceCharacteristics = file_characteristics;
    return m;
  }();
  return methods;
}

io::OpenMode open_mode(int flags) {
  if ((flags & SQLITE_OPEN_READWRITE) == 0) return io::OpenMode::read;
  if ((flags & SQLITE_OPEN_CREATE) == 0) return io::OpenMode::read_write;
  return (flags & SQLITE_OPEN_EXCLUSIVE) != 0 ? io::OpenMode::create_new : io::OpenMode::create;
}

int vfs_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  SqliteVfsState& state = state_of(vfs);
  file->pMethods = nullptr;
  CHECK(path != nullptr);  // temporary files are kept in memory (PRAGMA temp_store)
  auto opened = state.files.open(path, open_mode(flags));
  if (!opened) return state.failed(opened.error(), SQLITE_CANTOPEN);
  auto open = std::make_unique<OpenFile>(state, std::move(*opened), path, flags);
  reinterpret_cast<SqliteFile*>(file)->open = open.release();
  file->pMethods = &file_methods();
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int vfs_delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  SqliteVfsState& state = state_of(vfs);
  auto removed = state.files.remove(path);
  if (!removed && removed.error().code == ErrorCode::not_found) return SQLITE_IOERR_DELETE_NOENT;
  if (removed && sync_folder != 0) removed = state.files.sync_folder(io::parent_of(path));
  return removed ? SQLITE_OK : state.failed(removed.error(), SQLITE_IOERR_DELETE);
}

int vfs_access(sqlite3_vfs* vfs, const char* path, int /*flags*/, int* out) {
  SqliteVfsState& state = state_of(vfs);
  const auto exists = state.files.exists(path);
  if (!exists) return state.failed(exists.error(), SQLITE_IOERR_ACCESS);
  *out = *exists ? 1 : 0;
  return SQLITE_OK;
}

int vfs_full_path(sqlite3_vfs* /*vfs*/, const char* path, int size, char* out) {
  const std::string_view whole = path;
  if (whole.size() >= static_cast<size_t>(size)) return SQLITE_CANTOPEN;
  *std::ranges::copy(whole, out).out = '\0';
  return SQLITE_OK;
}

int vfs_randomness(sqlite3_vfs* vfs, int size, char* out) {
  std::ranges::copy(state_of(vfs).random->bytes(static_cast<size_t>(size)), out);
  return size;
}

// Nobody else has the database: there is nothing to wait for.
int vfs_sleep(sqlite3_vfs* /*vfs*/, int microseconds) { return microseconds; }

int vfs_current_time_ms(sqlite3_vfs* vfs, sqlite3_int64* out) {
  constexpr sqlite3_int64 kUnixEpochInJulianMs = 210'866'760'000'000;
  *out = kUnixEpochInJulianMs + static_cast<sqlite3_int64>(state_of(vfs).clock->now_ms());
  return SQLITE_OK;
}

int vfs_last_error(sqlite3_vfs* /*vfs*/, int /*size*/, char* /*out*/) { return 0; }

}  // namespace

SqliteVfs::SqliteVfs(io::FileSystem& files) : state_(std::make_unique<SqliteVfsState>(files)) {
  // Its address is a name that no other has while it lives.
  state_->name = "tribute-" + std::to_string(reinterpret_cast<uintptr_t>(state_.get()));
  sqlite3_vfs& vfs = state_->registered;
  constexpr int kLongestPath = 4096;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(SqliteFile);
  vfs.mxPathname = kLongestPath;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = vfs_open;
  vfs.xDelete = vfs_delete;
  vfs.xAccess = vfs_access;
  vfs.xFullPathname = vfs_full_path;
  vfs.xRandomness = vfs_randomness;
  vfs.xSleep = vfs_sleep;
  vfs.xCurrentTimeInt64 = vfs_current_time_ms;
  vfs.xGetLastError = vfs_last_error;
  CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

SqliteVfs::~SqliteVfs() { sqlite3_vfs_unregister(&state_->registered); }

const std::string& SqliteVfs::name() const { return state_->name; }

std::optional<Error> SqliteVfs::take_error() { return std::exchange(state_->error, std::nullopt); }

}  // namespace tribute::sql
