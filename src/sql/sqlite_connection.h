// One connection to an SQLite database: the only file, with the VFS, that knows this dialect.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "sql/database.h"
#include "sql/sqlite_vfs.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tribute::sql {

// Errors of every call are those of Transaction. Not thread-safe. `files` must outlive it.
class SqliteConnection {
 public:
  // Errors: also not_found if the folder of `path` is not there.
  static Result<std::unique_ptr<SqliteConnection>> open(io::FileSystem& files, const std::string& path);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  struct Outcome {
    std::vector<Row> rows;
    int64_t changed_rows = 0;
  };
  // Runs one statement, prepared at its first use. As many parameters as it has (CHECK).
  Result<Outcome> run(std::string_view statement, std::span<const Value> parameters = {});
  // Runs statements, each ended by ';'.
  Result<void> run_script(std::string_view script);

  bool in_transaction() const;

  // The first finding of SQLite's check of the whole file, or nullopt.
  Result<std::optional<std::string>> find_inconsistency();

  // Writes everything committed to a new file, not synced. Outside transactions only.
  Result<void> copy_to(const std::string& path);

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

  SqliteConnection(io::FileSystem& files, std::string path) : vfs_(files), path_(std::move(path)) {}

  Result<void> connect();
  Result<void> configure();
  // Compiles the first statement of `text` and moves `text` behind it; null if there is none.
  Result<Statement> prepare(std::string_view& text);
  Result<Outcome> step_to_end(sqlite3_stmt* statement);
  std::unexpected<Error> error(int code);

  SqliteVfs vfs_;
  std::string path_;
  sqlite3* connection_ = nullptr;
  std::unordered_map<std::string, Statement, Hash, std::equal_to<>> prepared_;
};

}  // namespace tribute::sql
