// tribute backup, restore
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "usecase/backup.h"

namespace tribute::cli {
namespace {

struct BackupOptions {
  std::string folder;
};

struct RestoreOptions {
  std::string from;
  std::string folder;
};

void print(Context& context, const usecase::BackupReport& report, const std::string& folder) {
  if (context.json()) {
    return print_json(context, {{"folder", json_of(folder)},
                                {"file_count", report.file_count},
                                {"bytes", report.bytes},
                                {"log_size", report.log_size}});
  }
  context.out() << "Copied " << counted(report.file_count, "file") << ", " << bytes_text(report.bytes) << ", log size "
                << grouped(report.log_size) << ", to " << terminal_text(folder) << "\n";
}

Result<Exit> backup(Context& context, const BackupOptions& options) {
  const auto report = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::backup(workspace, options.folder, context.progress()); }));
  print(context, report, options.folder);
  if (!context.json()) context.say("It holds the private keys too: keep it as safe as the workspace");
  return Exit::done;
}

Result<Exit> restore(Context& context, const RestoreOptions& options) {
  const auto report = TRY(usecase::restore(context.environment(), options.from, options.folder, context.progress()));
  print(context, report, options.folder);
  return Exit::done;
}

}  // namespace

std::vector<Command> backup_commands() {
  const auto backed_up = std::make_shared<BackupOptions>();
  const auto restored = std::make_shared<RestoreOptions>();
  return {
      Command("backup", "copy the workspace, keys included")
          .argument("DIR", backed_up->folder, "the copy's folder, absent or empty")
          .example("tribute backup /mnt/backup/tribute-monday")
          .action([backed_up](Context& context) { return backup(context, *backed_up); }),
      Command("restore", "make a workspace from a backup")
          .argument("BACKUP", restored->from, "the backup's folder")
          .argument("DIR", restored->folder, "the new workspace's folder, absent or empty")
          .details("The new workspace is opened once, so that a bad backup is known now.")
          .example("tribute restore /mnt/backup/tribute-monday ~/tribute-workspace")
          .action([restored](Context& context) { return restore(context, *restored); }),
  };
}

}  // namespace tribute::cli
