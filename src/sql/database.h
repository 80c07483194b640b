// A relational database: connections, transactions, migrations.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace tribute::io {
class FileSystem;
}

namespace tribute::sql {

struct DatabaseState;
struct TransactionState;

// What a column holds. Hashes and keys are lowercase hex text; there are no blobs and no reals.
using Value = std::variant<std::monostate, int64_t, std::string>;

// One row of a result. Reading a column as what it is not is a programmer's mistake (CHECK).
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}

  bool is_null(size_t column) const;
  int64_t integer(size_t column) const;
  const std::string& text(size_t column) const;
  size_t column_count() const { return values_.size(); }

  friend bool operator==(const Row&, const Row&) = default;

 private:
  std::vector<Value> values_;
};

// One transaction, serializable, from Database::begin(). Everything it did is undone by its
// destructor unless commit() returned success. Statements are SQL with `?` for parameters, in the
// part of SQL that SQLite and PostgreSQL share; they are prepared once per connection and text.
//
// Errors of every call: data_loss for a corrupt database file, resource_exhausted for a full disk,
// permission_denied for a read-only one, already_exists for a violated uniqueness, unavailable
// otherwise; after any of them the transaction can only be dropped.
// Not thread-safe. Must not outlive its Database.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Runs one statement; returns the number of rows it changed.
  Result<int64_t> execute(std::string_view statement, std::vector<Value> parameters = {});
  // All rows of one query.
  Result<std::vector<Row>> query(std::string_view statement, std::vector<Value> parameters = {});
  // The only row, or nullopt where there is none; more than one is internal.
  Result<std::optional<Row>> query_one(std::string_view statement, std::vector<Value> parameters = {});

  // When this returns success, what the transaction did is durable. Otherwise none of it is
  // acknowledged; after an error of the disk, whether it is there is known only after reopening the
  // database, and begin() fails until then.
  Result<void> commit() &&;

 private:
  friend class Database;
  explicit Transaction(std::unique_ptr<TransactionState> state);
  std::unique_ptr<TransactionState> state_;
};

// The next version of one module's tables.
struct Migration {
  uint32_t version = 0;     // from 1, without gaps
  std::string_view script;  // statements, each ended by ';'
};

// A module's tables: its name and every version of them from the first day.
struct Schema {
  std::string_view module;
  std::span<const Migration> migrations;
};

// One connection to one database, which it has for itself until it is closed (it locks `path` +
// ".lock"). SQLite: WAL, synchronous FULL, exclusive locking, a checksum in every page, every file
// operation through `files`, which must outlive it.
// Not thread-safe: at most one Transaction at a time (CHECK).
class Database {
 public:
  // Opens the database at `path`, made if absent.
  // Errors: data_loss if the file is no database or corrupt; unavailable if another has it, naming
  // who; not_found if its folder is not there; those of Transaction.
  static Result<std::unique_ptr<Database>> open(io::FileSystem& files, const std::string& path);
  ~Database();

  Result<Transaction> begin();

  // Brings every schema to its newest version, in one transaction, and remembers the versions.
  // Errors: failed_precondition if the database has a newer version of a module than this program.
  Result<void> migrate(std::span<const Schema> schemas);

  // The database's own consistency check, for `doctor`. Errors: data_loss with its first finding.
  Result<void> check_integrity();

  // Copies everything committed to a new database at `path` of the same FileSystem, durably: after an
  // error, or a loss of power, there is none or a whole one. Errors: already_exists.
  Result<void> backup_to(const std::string& path);

 private:
  explicit Database(std::unique_ptr<DatabaseState> state);
  std::unique_ptr<DatabaseState> state_;
};

}  // namespace tribute::sql
