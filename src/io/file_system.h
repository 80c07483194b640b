// The file system as an interface: everything Tribute stores goes through one, SQLite too.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "io/page_file.h"

namespace tribute::io {

// An open file. Positions and sizes are in bytes. Not thread-safe; closed by the destructor, which
// does not sync. A File must not outlive its FileSystem.
//
// Durability: bytes written and not yet followed by a successful sync() may be lost, in part, in any
// order, when the machine stops; after sync() returns they are there.
class File {
 public:
  virtual ~File() = default;

  // Up to `size` bytes from `offset`; fewer only at the end of the file.
  virtual Result<std::string> read_at(uint64_t offset, size_t size) = 0;
  // All of `bytes` at `offset`, extending the file (with zeros before `offset`) if needed.
  // Errors: resource_exhausted on a full disk; the file may then hold a part of `bytes`.
  virtual Result<void> write_at(uint64_t offset, std::string_view bytes) = 0;
  virtual Result<void> truncate(uint64_t size) = 0;
  virtual Result<void> sync() = 0;
  virtual Result<uint64_t> size() = 0;
};

// Read-only bytes of a whole file, mapped or held. Unmapped by the destructor. Thread-safe.
// Only immutable files are mapped. Where one shrinks nevertheless, or a disk fails to give a part of it,
// that part reads as zeros and is_intact() is false from then on: whoever read from a map and is about to
// believe what it read asks that afterwards.
class FileMap {
 public:
  virtual ~FileMap() = default;
  virtual std::string_view bytes() const = 0;
  virtual bool is_intact() const = 0;
};

// An exclusive advisory lock on a file; released by the destructor, or by the system when the
// process ends, however it ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class OpenMode : uint8_t {
  read,        // must exist
  read_write,  // must exist
  create,      // read and write; made if absent, kept as it is if present
  create_new,  // read and write; must not exist
};

enum class EntryKind : uint8_t { file, folder };

struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::file;
  uint64_t size_bytes = 0;  // of a file
};

// Paths are '/'-separated byte strings, absolute or relative to the process's folder. Every error's
// message begins with the path it is about. Errors everywhere: not_found, already_exists,
// permission_denied (read-only too), resource_exhausted (full disk), failed_precondition (a folder
// where a file is needed or the other way round, a folder that is not empty), invalid_argument (no
// possible path), unavailable (I/O error).
// Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
  virtual Result<std::unique_ptr<FileMap>> map(const std::string& path) = 0;
  // To read pages at random. Where this is not overridden: over open(), one page after another.
  virtual Result<std::unique_ptr<PageFile>> open_pages(const std::string& path, PageAccess access);

  // Replaces `to` if it is there. Durable once sync_folder() of the parent returned.
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& path) = 0;       // a file or an empty folder
  virtual Result<void> make_folder(const std::string& path) = 0;  // its parent must exist; no error if it is there
  // Names made, renamed and removed in it become durable.
  virtual Result<void> sync_folder(const std::string& path) = 0;
  // Its files and folders, sorted bytewise by name.
  virtual Result<std::vector<FolderEntry>> list(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
  // Bits as in chmod; 0600 for keys. The in-memory system ignores it.
  virtual Result<void> set_mode(const std::string& path, uint32_t mode) = 0;

  // Locks `path` (made if absent) for this process and writes `holder` into it.
  // Errors: unavailable if another holds it, with the text that one wrote in the message.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path, std::string_view holder) = 0;
};

// The operating system's own files.
std::unique_ptr<FileSystem> make_real_file_system();

// The whole file. Errors: those of open(); resource_exhausted if it is over `max_bytes`.
Result<std::string> read_file(FileSystem& files, const std::string& path, uint64_t max_bytes = uint64_t{1} << 40);

// Writes a file that is either wholly there or not at all: to `path` + ".tmp", synced, renamed, the
// folder synced. A left-over temporary file is overwritten. On an error `path` is unchanged, unless it
// was the last sync that failed: then it is the new file, which a loss of power may undo.
Result<void> write_file_atomically(FileSystem& files, const std::string& path, std::string_view bytes);

// Copies a file in parts and syncs it, so that it is durable once sync_folder() of the parent of `to`
// returned. Returns its size. A file at `to` is overwritten.
Result<uint64_t> copy_file(FileSystem& files, const std::string& from, const std::string& to);

// make_folder for `path` and every missing parent, each synced into its parent.
Result<void> make_folders(FileSystem& files, const std::string& path);

// "a/b" + "c" -> "a/b/c"; the parent and the last component of a path ("." and the path itself
// where there is no '/').
std::string join(std::string_view folder, std::string_view name);
std::string parent_of(std::string_view path);
std::string name_of(std::string_view path);

}  // namespace tribute::io
