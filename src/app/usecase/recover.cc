#include "usecase/recover.h"

#include "datanet/content_store.h"
#include "ledger/store.h"
#include "tlog/reader.h"
#include "usecase/replay.h"
#include "usecase/transfers.h"
#include "workspace/catalog.h"
#include "workspace/log_key.h"

namespace tribute::usecase {
namespace {

using workspace::Layout;

constexpr std::string_view kNewEnding = ".recovering";
constexpr std::string_view kOldEnding = ".before-recovery";
constexpr std::string_view kWriteAheadEnding = "-wal";

Result<void> remove_if_there(io::FileSystem& files, const std::string& path) {
  if (TRY(files.exists(path))) return files.remove(path);
  return {};
}

// Takes over what stands in a database only: deposits and idempotency keys.
Result<void> take_over(sql::Transaction& old, sql::Transaction& sql, RecoverReport& report) {
  report.old_log_size = TRY(tlog::LogTables(old).next_index());
  for (const auto& line : TRY(ledger::statement(old, ledger::AccountId::outside()))) {
    const auto payer = TRY(ledger::AccountId::parse(line.other_account));
    const Amount amount(-line.change.millionths());
    TRY(post_deposit(sql, {.key = line.key, .payer = payer, .amount = amount, .time_ms = line.time_ms}));
    ++report.old_transfer_count;
  }
  for (const auto& row : TRY(workspace::list_charge_keys(old))) {
    TRY(workspace::insert_charge_key(sql, row));
    ++report.old_charge_key_count;
  }
  return {};
}

struct Sources {
  io::FileSystem& files;
  const Layout& layout;
  tlog::LogReader& log;
  sql::Transaction* old;  // nullptr: there is no database
};

Result<RecoverReport> rebuild(const Sources& sources, sql::Transaction& sql, workspace::Progress& progress) {
  RecoverReport report;
  if (sources.old != nullptr) TRY(take_over(*sources.old, sql, report));
  TRY(datanet::record_packs(sources.files, sources.layout.content_folder(), sql));
  TRY(tlog::Log::restore(sql, sources.log));
  Replay replay(sources.files, sources.layout, sql, sources.old);
  TRY(replay.open());
  report.log_size = sources.log.checkpoint().size;
  progress.begin("replaying the log", report.log_size, "entries");
  uint64_t time_ms = 0;
  TRY(sources.log.read(0, report.log_size, [&](EntryIndex index, std::string_view text) -> Result<void> {
    if (progress.stop_requested()) return fail(ErrorCode::cancelled, "stopped; the workspace is as it was");
    progress.advance(index.value());
    const auto entry = TRY(record::entry_from_canonical_json(text));
    time_ms = entry.time_ms;
    return replay.apply(index, entry);
  }));
  progress.end();
  TRY(workspace::set_last_time_ms(sql, time_ms));
  for (const auto& [payer, amount] : replay.advances()) report.advances.push_back({payer, amount});
  return report;
}

// Builds the new database beside the old one; when this returns, it is closed and whole.
Result<RecoverReport> build_beside(io::FileSystem& files, const Layout& layout, const std::string& path,
                                   workspace::Progress& progress) {
  const auto key = TRY(workspace::load_log_key(files, layout.log_key_file()));
  auto log = TRY(tlog::LogReader::open(files, layout.log_folder(),
                                       TRY(tlog::VerifierKey::create(key.origin, public_key_of(key.key)))));
  std::unique_ptr<sql::Database> old_database;
  std::optional<sql::Transaction> old;
  if (TRY(files.exists(layout.database_file()))) {
    auto opened = workspace::open_database(files, layout.database_file());
    if (!opened) {
      auto error = opened.error();
      error.message += "; to recover without it, move it away and run the command again";
      return std::unexpected(std::move(error));
    }
    old_database = std::move(*opened);
    old.emplace(TRY(old_database->begin()));
  }
  const auto database = TRY(workspace::open_database(files, path));
  auto sql = TRY(database->begin());
  auto report = TRY(rebuild({files, layout, log, old ? &*old : nullptr}, sql, progress));
  TRY(std::move(sql).commit());
  return report;
}

Result<void> put_in_place(io::FileSystem& files, const Layout& layout, const std::string& path) {
  const std::string database = layout.database_file();
  if (TRY(files.exists(database))) TRY(files.rename(database, database + std::string(kOldEnding)));
  TRY(remove_if_there(files, database + std::string(kWriteAheadEnding)));
  TRY(files.rename(path, database));
  return files.sync_folder(layout.root());
}

}  // namespace

Result<RecoverReport> recover_from_log(const workspace::Environment& environment, const std::string& folder,
                                       workspace::Progress& progress) {
  const Layout layout(folder);
  auto& files = environment.files;
  const std::string path = layout.database_file() + std::string(kNewEnding);
  const std::string kept = layout.database_file() + std::string(kOldEnding);
  if (!TRY(files.exists(layout.settings_file()))) {
    return fail(ErrorCode::not_found, folder + ": is no workspace; name yours with --workspace or TRIBUTE_WORKSPACE");
  }
  RecoverReport report;
  {
    const auto lock = TRY(files.lock(layout.lock_file(), "tribute recover"));
    if (TRY(files.exists(kept))) {
      return fail(ErrorCode::already_exists,
                  kept + ": an earlier recovery left it; move it away when you no longer need it");
    }
    TRY(remove_if_there(files, path));
    TRY(remove_if_there(files, path + std::string(kWriteAheadEnding)));
    report = TRY(build_beside(files, layout, path, progress));
    TRY(put_in_place(files, layout, path));
  }
  TRY(workspace::Workspace::open(environment, folder, "tribute recover"));
  return report;
}

}  // namespace tribute::usecase
