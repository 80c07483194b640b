#include "workspace/workspace.h"

#include <algorithm>
#include <array>

#include "datanet/content_store.h"
#include "datanet/directory.h"
#include "datanet/registry.h"
#include "ledger/store.h"
#include "neardup/near_index.h"
#include "text/tokenizer_choice.h"
#include "workspace/catalog.h"
#include "workspace/log_key.h"

namespace tribute::workspace {
namespace {

constexpr size_t kMaxSettingsBytes = 1 << 20;

constexpr std::array kStateMigrations = {sql::Migration{1, R"(
CREATE TABLE workspace_state (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
)"}};

std::vector<sql::Schema> all_schemas() {
  return {{"workspace", kStateMigrations},
          tlog::Log::schema(),
          datanet::registry_schema(),
          datanet::content_schema(),
          neardup::near_schema(),
          ledger::ledger_schema(),
          catalog_schema()};
}

// What an init that was interrupted may have left; anything else in the folder is somebody's own.
bool is_left_by_init(const std::string& name) {
  constexpr std::array<std::string_view, 5> kOwn = {"lock", "keys", "content", "public", "sealed"};
  return std::ranges::find(kOwn, name) != kOwn.end() || name.starts_with("tribute.");
}

Result<void> require_fresh(io::FileSystem& files, const Layout& layout) {
  if (!TRY(files.exists(layout.root()))) return {};
  for (const auto& entry : TRY(files.list(layout.root()))) {
    if (entry.name == io::name_of(layout.settings_file())) {
      return fail(ErrorCode::already_exists, layout.root() + ": is a workspace already");
    }
    if (!is_left_by_init(entry.name)) {
      return fail(ErrorCode::already_exists,
                  layout.root() + ": is not empty (it has '" + entry.name + "'); choose an empty or new folder");
    }
  }
  return {};
}

Result<void> make_key(const Environment& environment, const Layout& layout, const std::string& origin) {
  if (TRY(environment.files.exists(layout.log_key_file()))) return {};
  return save_log_key(environment.files, layout.log_key_file(), TRY(make_log_key(environment.random, origin)));
}

}  // namespace

Result<std::unique_ptr<sql::Database>> open_database(io::FileSystem& files, const std::string& path) {
  auto database = TRY(sql::Database::open(files, path));
  TRY(database->migrate(all_schemas()));
  return database;
}

Result<uint64_t> last_time_ms(sql::Transaction& sql) {
  const auto row = TRY(sql.query_one("SELECT value FROM workspace_state WHERE name = 'last_time_ms'"));
  return row ? static_cast<uint64_t>(row->integer(0)) : 0;
}

Result<void> set_last_time_ms(sql::Transaction& sql, uint64_t time_ms) {
  TRY(
      sql.execute("INSERT INTO workspace_state (name, value) VALUES ('last_time_ms', ?) "
                  "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  {static_cast<int64_t>(time_ms)}));
  return {};
}

Result<EntryIndex> Change::append(record::Body body) {
  if (time_ms_ == 0) time_ms_ = TRY(last_time_ms(transaction_));
  time_ms_ = std::max(time_ms_, workspace_->clock().now_ms());
  const std::string json = TRY(record::to_canonical_json({.time_ms = time_ms_, .body = std::move(body)}));
  return workspace_->log().append(transaction_, json);
}

Result<uint64_t> Change::log_size() { return workspace_->log().size(transaction_); }

Result<void> Change::commit() && {
  if (time_ms_ != 0) TRY(set_last_time_ms(transaction_, time_ms_));
  return std::move(transaction_).commit();
}

Result<void> Workspace::init(const Environment& environment, const std::string& folder, const InitOptions& options) {
  const Layout layout(folder);
  auto& files = environment.files;
  const auto tokenizer = TRY(text::choose_tokenizer(files, options.tokenizer));
  TRY(make_log_key(environment.random, options.origin));  // refuses a bad origin before anything is written
  TRY(require_fresh(files, layout));
  TRY(io::make_folders(files, folder));
  const auto lock = TRY(files.lock(layout.lock_file(), "tribute init"));
  for (const auto& made : {layout.keys_folder(), layout.content_folder(), layout.log_folder(),
                           layout.directory_folder(), layout.index_folder(true), layout.receipts_folder(true),
                           layout.index_folder(false), layout.receipts_folder(false)}) {
    TRY(io::make_folders(files, made));
  }
  TRY(make_key(environment, layout, options.origin));
  TRY(text::save_tokenizer(files, layout.tokenizer_file(), *tokenizer));
  Workspace workspace(environment, folder);
  TRY(workspace.load());
  TRY(workspace.publish());
  // The settings come last: a folder that has them is a workspace.
  return io::write_file_atomically(files, layout.settings_file(), default_settings_text());
}

Result<std::unique_ptr<Workspace>> Workspace::open(const Environment& environment, const std::string& folder,
                                                   std::string_view holder, const LockWait& wait) {
  std::unique_ptr<Workspace> workspace(new Workspace(environment, folder));
  const Layout& layout = workspace->layout_;
  if (!TRY(environment.files.exists(layout.settings_file()))) {
    return fail(ErrorCode::not_found, folder + ": is no workspace; make one with `tribute init --workspace " + folder +
                                          "`, or name yours with --workspace or TRIBUTE_WORKSPACE");
  }
  auto lock = environment.files.lock(layout.lock_file(), holder);
  while (!lock && lock.error().code == ErrorCode::unavailable && wait && wait(lock.error())) {
    lock = environment.files.lock(layout.lock_file(), holder);
  }
  workspace->lock_ = TRY(std::move(lock));
  const auto settings =
      parse_settings(TRY(io::read_file(environment.files, layout.settings_file(), kMaxSettingsBytes)));
  if (!settings) return fail_within(folder, settings.error());
  workspace->settings_ = *settings;
  TRY(workspace->load());
  TRY(workspace->publish());
  return workspace;
}

Result<void> Workspace::load() {
  const LogKey key = TRY(load_log_key(files(), layout_.log_key_file()));
  tokenizer_ = TRY(text::open_tokenizer(files(), layout_.tokenizer_file()));
  database_ = TRY(open_database(files(), layout_.database_file()));
  log_ = TRY(tlog::Log::open(*database_, files(), layout_.log_folder(), {.origin = key.origin, .key = key.key}));
  return {};
}

Result<Change> Workspace::begin() { return Change(*this, TRY(database_->begin())); }

Result<void> Workspace::publish() {
  TRY(log_->publish());
  auto sql = TRY(database_->begin());
  TRY(datanet::publish_directory(files(), layout_.directory_folder(), sql));
  return std::move(sql).commit();
}

Result<uint64_t> Workspace::time_of(sql::Transaction& sql, EntryIndex index) {
  return TRY(read_entry(sql, index)).time_ms;
}

Result<record::Entry> Workspace::read_entry(sql::Transaction& sql, EntryIndex index) {
  auto entry = record::entry_from_canonical_json(TRY(log_->read(sql, index)));
  if (!entry) return fail_within("log entry " + std::to_string(index.value()), entry.error());
  return entry;
}

}  // namespace tribute::workspace
