#include "sql/database.h"

#include <unistd.h>

#include "base/check.h"
#include "io/file_system.h"
#include "sql/sqlite_connection.h"

namespace tribute::sql {
namespace {

Result<void> remove_if_there(io::FileSystem& files, const std::string& path) {
  if (!TRY(files.exists(path))) return {};
  return files.remove(path);
}

Result<void> sync_file(io::FileSystem& files, const std::string& path) {
  return TRY(files.open(path, io::OpenMode::read_write))->sync();
}

}  // namespace

bool Row::is_null(size_t column) const {
  CHECK(column < values_.size());
  return std::holds_alternative<std::monostate>(values_[column]);
}

int64_t Row::integer(size_t column) const {
  CHECK(column < values_.size() && std::holds_alternative<int64_t>(values_[column]));
  return std::get<int64_t>(values_[column]);
}

const std::string& Row::text(size_t column) const {
  CHECK(column < values_.size() && std::holds_alternative<std::string>(values_[column]));
  return std::get<std::string>(values_[column]);
}

struct DatabaseState {
  io::FileSystem& files;
  std::string path;
  std::unique_ptr<io::FileLock> lock;
  std::unique_ptr<SqliteConnection> connection;
  bool has_transaction = false;
  // Set once it is unknown what the file holds: only reopening tells.
  std::optional<Error> broken;
};

struct TransactionState {
  explicit TransactionState(DatabaseState& of) : database(of) { database.has_transaction = true; }
  TransactionState(const TransactionState&) = delete;
  TransactionState& operator=(const TransactionState&) = delete;
  ~TransactionState() {
    // Some errors end SQLite's transaction by themselves.
    if (database.connection->in_transaction()) {
      const auto undone = database.connection->run("ROLLBACK");
      if (!undone && !database.broken) database.broken = undone.error();
    }
    database.has_transaction = false;
  }

  Result<SqliteConnection::Outcome> run(std::string_view statement, std::span<const Value> parameters) {
    if (error) return std::unexpected(*error);
    auto outcome = database.connection->run(statement, parameters);
    if (!outcome) error = outcome.error();
    return outcome;
  }

  DatabaseState& database;
  std::optional<Error> error;  // the first one, after which nothing more is done
};

Transaction::Transaction(std::unique_ptr<TransactionState> state) : state_(std::move(state)) {}
Transaction::Transaction(Transaction&&) noexcept = default;
Transaction::~Transaction() = default;

Result<int64_t> Transaction::execute(std::string_view statement, std::vector<Value> parameters) {
  CHECK(state_ != nullptr);
  return TRY(state_->run(statement, parameters)).changed_rows;
}

Result<std::vector<Row>> Transaction::query(std::string_view statement, std::vector<Value> parameters) {
  CHECK(state_ != nullptr);
  return TRY(state_->run(statement, parameters)).rows;
}

Result<std::optional<Row>> Transaction::query_one(std::string_view statement, std::vector<Value> parameters) {
  std::vector<Row> rows = TRY(query(statement, std::move(parameters)));
  if (rows.empty()) return std::nullopt;
  if (rows.size() > 1) {
    state_->error =
        Error{ErrorCode::internal, state_->database.path + ": " + std::to_string(rows.size()) +
                                       " rows where at most one was expected, from " + std::string(statement)};
    return std::unexpected(*state_->error);
  }
  return std::move(rows.front());
}

Result<void> Transaction::commit() && {
  CHECK(state_ != nullptr);
  const auto state = std::move(state_);  // ends here, whatever happens
  if (state->error) return std::unexpected(*state->error);
  const auto committed = state->database.connection->run("COMMIT");
  if (committed) return {};
  // A transaction that is still open was refused (a deferred constraint), not half written.
  if (!state->database.connection->in_transaction()) state->database.broken = committed.error();
  return std::unexpected(committed.error());
}

Database::Database(std::unique_ptr<DatabaseState> state) : state_(std::move(state)) {}
Database::~Database() { CHECK(!state_->has_transaction); }

Result<std::unique_ptr<Database>> Database::open(io::FileSystem& files, const std::string& path) {
  auto lock = TRY(files.lock(path + ".lock", "process " + std::to_string(::getpid())));
  auto connection = TRY(SqliteConnection::open(files, path));
  auto state = std::make_unique<DatabaseState>(files, path, std::move(lock), std::move(connection));
  return std::unique_ptr<Database>(new Database(std::move(state)));
}

Result<Transaction> Database::begin() {
  CHECK(!state_->has_transaction);
  if (state_->broken) {
    Error error = *state_->broken;
    error.message += " (whether the last commit is there is known after opening the database again)";
    return std::unexpected(std::move(error));
  }
  TRY(state_->connection->run("BEGIN IMMEDIATE"));
  return Transaction(std::make_unique<TransactionState>(*state_));
}

Result<void> Database::migrate(std::span<const Schema> schemas) {
  Transaction transaction = TRY(begin());
  TRY(transaction.execute(
      "CREATE TABLE IF NOT EXISTS schema_version (module TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL)"));
  for (const Schema& schema : schemas) {
    const std::string module(schema.module);
    const auto row = TRY(transaction.query_one("SELECT version FROM schema_version WHERE module = ?", {module}));
    const int64_t present = row ? row->integer(0) : 0;
    const auto newest = static_cast<int64_t>(schema.migrations.size());
    if (present > newest) {
      return fail(ErrorCode::failed_precondition, state_->path + ": has version " + std::to_string(present) +
                                                      " of the tables of " + module + ", this program knows up to " +
                                                      std::to_string(newest) + "; use a newer tribute");
    }
    for (int64_t version = 1; version <= newest; ++version) {
      const Migration& migration = schema.migrations[static_cast<size_t>(version - 1)];
      CHECK(migration.version == version);
      if (version > present) TRY(state_->connection->run_script(migration.script));
    }
    TRY(
        transaction.execute("INSERT INTO schema_version (module, version) VALUES (?, ?) "
                            "ON CONFLICT (module) DO UPDATE SET version = excluded.version",
                            {module, newest}));
  }
  return std::move(transaction).commit();
}

Result<void> Database::check_integrity() {
  CHECK(!state_->has_transaction);
  const auto finding = TRY(state_->connection->find_inconsistency());
  if (!finding) return {};
  return fail(ErrorCode::data_loss, state_->path + ": " + *finding + "; restore a backup with `tribute restore`");
}

Result<void> Database::backup_to(const std::string& path) {
  CHECK(!state_->has_transaction);
  io::FileSystem& files = state_->files;
  if (TRY(files.exists(path))) {
    return fail(ErrorCode::already_exists, path + ": is already there; name another file or remove it");
  }
  const std::string temporary = path + ".tmp";
  // Logs beside the new database would be taken for its own.
  for (const std::string& base : {temporary, path}) {
    for (const char* suffix : {"", "-wal", "-journal"}) TRY(remove_if_there(files, base + suffix));
  }
  TRY(files.sync_folder(io::parent_of(path)));
  auto copied = state_->connection->copy_to(temporary);  // SQLite does not promise to sync it
  if (copied) copied = sync_file(files, temporary);
  if (copied) copied = files.rename(temporary, path);
  if (!copied) {
    (void)files.remove(temporary);  // the first error is the one to tell
    return copied;
  }
  return files.sync_folder(io::parent_of(path));
}

}  // namespace tribute::sql
