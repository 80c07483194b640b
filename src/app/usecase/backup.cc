#include "usecase/backup.h"

#include <array>

namespace tribute::usecase {
namespace {

using workspace::Layout;

constexpr std::string_view kTemporaryEnding = ".tmp";

// Keys that were copied into a workspace could lie in what it publishes.
Result<void> require_outside(io::FileSystem& files, const std::string& folder) {
  for (std::string below = folder, above = io::parent_of(below); above != below; above = io::parent_of(below)) {
    if (TRY(files.exists(Layout(above).settings_file()))) {
      return fail(ErrorCode::invalid_argument,
                  folder + ": lies inside the workspace " + above + "; choose another folder");
    }
    below = above;
  }
  return {};
}

Result<void> require_fresh(io::FileSystem& files, const std::string& folder) {
  TRY(require_outside(files, folder));
  if (TRY(files.exists(folder)) && !TRY(files.list(folder)).empty()) {
    return fail(ErrorCode::already_exists, folder + ": is not empty; choose an empty or new folder");
  }
  return io::make_folders(files, folder);
}

// Copies files and folders, and counts them.
class Copier {
 public:
  Copier(io::FileSystem& files, workspace::Progress& progress) : files_(files), progress_(progress) {
    progress_.begin("copying", 0, "bytes");
  }

  Result<void> file(const std::string& from, const std::string& to) {
    if (progress_.stop_requested())
      return fail(ErrorCode::cancelled, "stopped; remove the unfinished copy before you begin again");
    report_.bytes += TRY(io::copy_file(files_, from, to));
    ++report_.file_count;
    progress_.advance(report_.bytes);
    return {};
  }

  Result<void> folder(const std::string& from, const std::string& to) {
    TRY(io::make_folders(files_, to));
    for (const auto& entry : TRY(files_.list(from))) {
      // What is being written is nothing to keep; a merge goes on beside.
      if (entry.name.ends_with(kTemporaryEnding) || entry.name.starts_with(Layout::kMergingPrefix)) continue;
      const std::string source = io::join(from, entry.name);
      const std::string target = io::join(to, entry.name);
      TRY(entry.kind == io::EntryKind::folder ? folder(source, target) : file(source, target));
    }
    return files_.sync_folder(to);
  }

  // Everything but the database and the settings.
  Result<void> stores(const Layout& from, const Layout& to) {
    TRY(folder(from.keys_folder(), to.keys_folder()));
    TRY(files_.set_mode(to.log_key_file(), 0600));
    TRY(folder(from.content_folder(), to.content_folder()));
    TRY(folder(from.public_folder(), to.public_folder()));
    return folder(from.sealed_folder(), to.sealed_folder());
  }

  BackupReport finish(uint64_t log_size) {
    progress_.end();
    report_.log_size = log_size;
    return report_;
  }

 private:
  io::FileSystem& files_;
  workspace::Progress& progress_;
  BackupReport report_;
};

}  // namespace

Result<BackupReport> backup(workspace::Workspace& workspace, const std::string& folder, workspace::Progress& progress) {
  const Layout& from = workspace.layout();
  const Layout to(folder);
  TRY(require_fresh(workspace.files(), folder));
  Copier copier(workspace.files(), progress);
  TRY(copier.stores(from, to));
  TRY(workspace.database().backup_to(to.database_file()));
  // The settings come last: a folder that has them is a whole workspace.
  TRY(copier.file(from.settings_file(), to.settings_file()));
  TRY(workspace.files().sync_folder(folder));
  auto sql = TRY(workspace.database().begin());
  return copier.finish(TRY(workspace.log().size(sql)));
}

Result<BackupReport> restore(const workspace::Environment& environment, const std::string& from_folder,
                             const std::string& folder, workspace::Progress& progress) {
  const Layout from(from_folder);
  const Layout to(folder);
  auto& files = environment.files;
  if (!TRY(files.exists(from.settings_file()))) {
    return fail(ErrorCode::not_found,
                from_folder + ": is no backup (it has no tribute.toml); `tribute backup` makes one");
  }
  // A backup has no lock file. A workspace has one, and nobody may be at work in it.
  std::unique_ptr<io::FileLock> lock;
  if (TRY(files.exists(from.lock_file()))) lock = TRY(files.lock(from.lock_file(), "tribute restore"));
  TRY(require_fresh(files, folder));
  Copier copier(files, progress);
  TRY(copier.stores(from, to));
  TRY(copier.file(from.database_file(), to.database_file()));
  const std::string write_ahead = from.database_file() + "-wal";
  if (TRY(files.exists(write_ahead))) TRY(copier.file(write_ahead, to.database_file() + "-wal"));
  TRY(copier.file(from.settings_file(), to.settings_file()));
  TRY(files.sync_folder(folder));
  const auto workspace = TRY(workspace::Workspace::open(environment, folder, "tribute restore"));
  TRY(workspace->database().check_integrity());
  auto sql = TRY(workspace->database().begin());
  return copier.finish(TRY(workspace->log().size(sql)));
}

}  // namespace tribute::usecase
