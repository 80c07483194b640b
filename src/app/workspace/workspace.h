// A workspace: opens, locks and owns the stores, and makes every change an acknowledged one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/ids.h"
#include "io/clock.h"
#include "io/file_system.h"
#include "io/random.h"
#include "record/entry.h"
#include "sql/database.h"
#include "text/tokenizer.h"
#include "tlog/log.h"
#include "workspace/layout.h"
#include "workspace/settings.h"

namespace tribute::workspace {

// The world a workspace lives in. All three must outlive it.
struct Environment {
  io::FileSystem& files;
  io::Clock& clock;
  io::Random& random;
};

struct InitOptions {
  std::string tokenizer = "default";  // "bytes", "default" or a path; fixed for the workspace's life
  std::string origin;                 // the log's name; empty: "tribute/" and 16 digits of the key's hash
};

// The database of a workspace at `path`, made if absent, with every module's tables at their newest version.
// Errors: those of sql::Database::open() and migrate().
Result<std::unique_ptr<sql::Database>> open_database(io::FileSystem& files, const std::string& path);

// The time of the newest entry, which later ones never go below; 0 where there is none.
Result<uint64_t> last_time_ms(sql::Transaction& sql);
Result<void> set_last_time_ms(sql::Transaction& sql, uint64_t time_ms);

class Workspace;

// One change: domain rows and log entries that are acknowledged together by commit(), or not at all.
// At most one at a time per workspace; must not outlive it.
class Change {
 public:
  Change(Change&&) = default;

  sql::Transaction& sql() { return transaction_; }

  // Stages an entry with the time of now, never below that of the entry before.
  // Errors: those of record::to_canonical_json and of tlog::Log::append.
  Result<EntryIndex> append(record::Body body);

  // The log's size with what this change has appended: the index that the next entry will have.
  Result<uint64_t> log_size();

  // The time of the newest entry of this change, for rows that carry it.
  uint64_t time_ms() const { return time_ms_; }

  // Acknowledges: when this returns success, everything is durable.
  Result<void> commit() &&;

 private:
  friend class Workspace;
  Change(Workspace& workspace, sql::Transaction transaction)
      : workspace_(&workspace), transaction_(std::move(transaction)) {}

  Workspace* workspace_;
  sql::Transaction transaction_;
  uint64_t time_ms_ = 0;  // 0: nothing appended yet
};

// Holds the workspace's lock for its whole life, so there is one process in a workspace at a time.
// Opening runs the log's recovery (docs/design/0003-two-stores-one-truth.md). Not thread-safe.
class Workspace {
 public:
  // Makes a new workspace at `folder`, which must be absent or empty.
  // Errors: already_exists if something is there; invalid_argument for a tokenizer or an origin that cannot be.
  static Result<void> init(const Environment& environment, const std::string& folder, const InitOptions& options);

  // Asked whether to try again each time that another process has the workspace, with what says who; it waits as long
  // as it sees fit before it answers.
  using LockWait = std::function<bool(const Error& refusal)>;

  // `holder` says who locks it, for the one who comes second ("tribute contribute, process 4711").
  // Errors: not_found if there is no workspace at `folder` (naming `tribute init`); unavailable if
  // another process has it and `wait`, if given, waits no more; data_loss for a corrupt file, named;
  // failed_precondition for an older backup of the database or a newer format.
  static Result<std::unique_ptr<Workspace>> open(const Environment& environment, const std::string& folder,
                                                 std::string_view holder, const LockWait& wait = {});

  Result<Change> begin();

  // Publishes every acknowledged entry: log, and the directory rows of what changed.
  Result<void> publish();

  io::FileSystem& files() { return environment_.files; }
  io::Clock& clock() { return environment_.clock; }
  io::Random& random() { return environment_.random; }
  const Layout& layout() const { return layout_; }
  const Settings& settings() const { return settings_; }
  const text::Tokenizer& tokenizer() const { return *tokenizer_; }
  sql::Database& database() { return *database_; }
  tlog::Log& log() { return *log_; }

  // When the entry at an index was made.
  Result<uint64_t> time_of(sql::Transaction& sql, EntryIndex index);

  // The entry at an index, published or not, as its struct. Errors: data_loss if it does not parse or
  // is of another kind than T.
  template <typename T>
  Result<T> entry(sql::Transaction& sql, EntryIndex index);

 private:
  friend class Change;
  Workspace(const Environment& environment, std::string folder)
      : environment_(environment), layout_(std::move(folder)) {}
  Result<record::Entry> read_entry(sql::Transaction& sql, EntryIndex index);
  Result<void> load();

  Environment environment_;
  Layout layout_;
  Settings settings_;
  std::unique_ptr<io::FileLock> lock_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<tlog::Log> log_;
};

template <typename T>
Result<T> Workspace::entry(sql::Transaction& sql, EntryIndex index) {
  record::Entry entry = TRY(read_entry(sql, index));
  T* body = std::get_if<T>(&entry.body);
  if (body == nullptr) {
    return fail(ErrorCode::data_loss, "log entry " + std::to_string(index.value()) + " is a " +
                                          std::string(record::kind_of(entry.body)) +
                                          ", not what the database says; run `tribute doctor`");
  }
  return std::move(*body);
}

}  // namespace tribute::workspace
