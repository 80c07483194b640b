#include "sql/sqlite_connection.h"

#include <sqlite3.h>

#include "base/check.h"

namespace tribute::sql {
namespace {

constexpr int kPrimaryCode = 0xff;  // of SQLite's code; the rest are details

// "file:…", ":memory:" and "" mean something else to SQLite; no absolute or dotted path does.
std::string nothing_but_a_path(const std::string& path) { return path.starts_with('/') ? path : "./" + path; }

// SQLite's code.
int bind(sqlite3_stmt* statement, int position, const Value& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return sqlite3_bind_int64(statement, position, *integer);
  if (const auto* text = std::get_if<std::string>(&value)) {
    // The null pointer is SQLITE_STATIC without its cast: the text outlives the run.
    return sqlite3_bind_text64(statement, position, text->data(), text->size(), nullptr, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, position);
}

// nullopt for a real or a blob.
std::optional<Value> read_column(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return Value();
    case SQLITE_INTEGER: return Value(int64_t{sqlite3_column_int64(statement, column)});
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return Value(std::string(text, static_cast<size_t>(sqlite3_column_bytes(statement, column))));
    }
    default: return std::nullopt;
  }
}

ErrorCode error_code(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return ErrorCode::already_exists;
    default: break;
  }
  switch (code & kPrimaryCode) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::data_loss;
    case SQLITE_FULL: return ErrorCode::resource_exhausted;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN: return ErrorCode::permission_denied;
    default: return ErrorCode::unavailable;
  }
}

// A file's error as one of a database, which promises fewer codes.
Error from_file_error(Error error) {
  switch (error.code) {
    case ErrorCode::data_loss:
    case ErrorCode::resource_exhausted:
    case ErrorCode::permission_denied:
    case ErrorCode::not_found: break;
    default: error.code = ErrorCode::unavailable;
  }
  return error;
}

bool is_about_files(int code) {
  switch (code & kPrimaryCode) {
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN: return true;
    default: return false;
  }
}

}  // namespace

void SqliteConnection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(io::FileSystem& files, const std::string& path) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(files, path));
  TRY(connection->connect());
  TRY(connection->configure());
  return connection;
}

SqliteConnection::~SqliteConnection() {
  prepared_.clear();
  CHECK(sqlite3_close(connection_) == SQLITE_OK);
}

Result<void> SqliteConnection::connect() {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(nothing_but_a_path(path_).c_str(), &connection_, flags, vfs_.name().c_str());
  if (code != SQLITE_OK) return error(code);
  int reserved_bytes = kPageChecksumBytes;
  CHECK(sqlite3_file_control(connection_, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved_bytes) == SQLITE_OK);
  return {};
}

Result<void> SqliteConnection::configure() {
  struct Setting {
    std::string_view name;
    std::string value;
    Value effect;
  };
  // Exclusive locking comes first: without it, write-ahead logging asks for shared memory.
  const std::vector<Setting> settings = {{"locking_mode", "EXCLUSIVE", "exclusive"},
                                         {"page_size", std::to_string(kPageBytes), int64_t{kPageBytes}},
                                         {"temp_store", "MEMORY", int64_t{2}},
                                         {"synchronous", "FULL", int64_t{2}},
                                         {"journal_mode", "WAL", "wal"},
                                         {"foreign_keys", "ON", int64_t{1}},
                                         {"trusted_schema", "OFF", int64_t{0}},
                                         {"cell_size_check", "ON", int64_t{1}}};
  for (const Setting& setting : settings) {
    const std::string pragma = "PRAGMA " + std::string(setting.name);
    TRY(run(pragma + " = " + setting.value));
    const Outcome effect = TRY(run(pragma));
    if (effect.rows.size() != 1 || effect.rows[0] != Row({setting.effect})) {
      return fail(ErrorCode::unavailable, path_ + ": this SQLite library refuses " + pragma + " = " + setting.value);
    }
  }
  prepared_.clear();
  return {};
}

Result<SqliteConnection::Statement> SqliteConnection::prepare(std::string_view& text) {
  (void)vfs_.take_error();
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(connection_, text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (code != SQLITE_OK) return error(code);
  text.remove_prefix(static_cast<size_t>(rest - text.data()));
  return Statement(statement);
}

Result<SqliteConnection::Outcome> SqliteConnection::run(std::string_view statement, std::span<const Value> parameters) {
  auto found = prepared_.find(statement);
  if (found == prepared_.end()) {
    std::string_view rest = statement;
    Statement prepared = TRY(prepare(rest));
    CHECK(prepared != nullptr && rest.find_first_not_of("; \n\t") == std::string_view::npos);
    found = prepared_.emplace(statement, std::move(prepared)).first;
  }
  sqlite3_stmt* const prepared = found->second.get();
  CHECK(static_cast<size_t>(sqlite3_bind_parameter_count(prepared)) == parameters.size());
  int bound = SQLITE_OK;
  for (size_t i = 0; i < parameters.size() && bound == SQLITE_OK; ++i) {
    bound = bind(prepared, static_cast<int>(i) + 1, parameters[i]);
  }
  auto outcome = bound == SQLITE_OK ? step_to_end(prepared) : error(bound);
  sqlite3_reset(prepared);
  sqlite3_clear_bindings(prepared);
  return outcome;
}

Result<SqliteConnection::Outcome> SqliteConnection::step_to_end(sqlite3_stmt* statement) {
  Outcome outcome;
  (void)vfs_.take_error();
  const int64_t changes_before = sqlite3_total_changes64(connection_);
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    std::vector<Value> values;
    for (int column = 0; column < sqlite3_column_count(statement); ++column) {
      auto value = read_column(statement, column);
      if (!value) {
        return fail(ErrorCode::internal, path_ + ": neither integer nor text, column " + std::to_string(column) +
                                             " of " + sqlite3_sql(statement));
      }
      values.push_back(std::move(*value));
    }
    outcome.rows.emplace_back(std::move(values));
  }
  if (code != SQLITE_DONE) return error(code);
  // Statements that change no rows leave the number of the last one that did.
  if (sqlite3_total_changes64(connection_) != changes_before) outcome.changed_rows = sqlite3_changes64(connection_);
  return outcome;
}

Result<void> SqliteConnection::run_script(std::string_view script) {
  while (!script.empty()) {
    const Statement statement = TRY(prepare(script));
    if (statement) TRY(step_to_end(statement.get()));
  }
  return {};
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(connection_) == 0; }

Result<std::optional<std::string>> SqliteConnection::find_inconsistency() {
  const Outcome check = TRY(run("PRAGMA integrity_check(1)"));
  if (!check.rows.empty() && check.rows[0].text(0) != "ok") return check.rows[0].text(0);
  const Outcome orphans = TRY(run("PRAGMA foreign_key_check"));
  if (orphans.rows.empty()) return std::nullopt;
  return "a row of " + orphans.rows[0].text(0) + " refers to one of " + orphans.rows[0].text(2) + " that is not there";
}

Result<void> SqliteConnection::copy_to(const std::string& path) {
  TRY(run("VACUUM INTO ?", std::vector<Value>{nothing_but_a_path(path)}));
  return {};
}

std::unexpected<Error> SqliteConnection::error(int code) {
  auto file_error = vfs_.take_error();
  if (file_error && is_about_files(code)) return std::unexpected(from_file_error(std::move(*file_error)));
  const ErrorCode meaning = error_code(code);
  std::string message = path_ + ": " + (connection_ != nullptr ? sqlite3_errmsg(connection_) : sqlite3_errstr(code));
  if (meaning == ErrorCode::data_loss) message += "; restore a backup with `tribute restore`";
  return fail(meaning, std::move(message));
}

}  // namespace tribute::sql
