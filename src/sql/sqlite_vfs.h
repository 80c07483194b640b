// SQLite's files as files of an io::FileSystem, every page of a database with a checksum.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/error.h"

namespace tribute::io {
class FileSystem;
}

namespace tribute::sql {

// A database's pages have this size; its last kPageChecksumBytes are reserved (the count stands in
// the file's header, so that every SQLite reads such a file) and hold, little-endian, XXH3-64 of the
// rest with the page's number, from 1, as the seed (docs/formats/database_file.md).
inline constexpr int kPageBytes = 4096;
inline constexpr int kPageChecksumBytes = 8;

struct SqliteVfsState;

// A registered sqlite3_vfs over `files`, under a name of its own, until it is destroyed. What it
// creates is durable, name and all, when SQLite's sync of it returns. A damaged page is never handed
// to SQLite. It has no shared memory and no locks: for one connection with exclusive locking, which
// it must outlive, as `files` must outlive it. Used by one thread at a time.
class SqliteVfs {
 public:
  explicit SqliteVfs(io::FileSystem& files);
  ~SqliteVfs();
  SqliteVfs(const SqliteVfs&) = delete;
  SqliteVfs& operator=(const SqliteVfs&) = delete;

  // What to name when opening a connection.
  const std::string& name() const;

  // The last error of a file operation since the last call, which says more than SQLite's code. Not
  // every such error makes SQLite fail: ask only after a failure.
  std::optional<Error> take_error();

 private:
  std::unique_ptr<SqliteVfsState> state_;
};

}  // namespace tribute::sql
