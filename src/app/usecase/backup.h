// Use case: copy a workspace to a backup folder, and back.
#pragma once

#include <string>

#include "base/error.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct BackupReport {
  uint64_t file_count = 0;
  uint64_t bytes = 0;
  uint64_t log_size = 0;
};

// Copies everything, keys included, to `folder` (absent or empty): a workspace by itself.
// Errors: already_exists if something is there; invalid_argument if the path leads through a workspace.
Result<BackupReport> backup(workspace::Workspace& workspace, const std::string& folder, workspace::Progress& progress);

// Copies a backup to `folder` (absent or empty) and opens it once, so that a bad backup is known now.
// Errors: those of backup(); not_found if `from` is no backup; data_loss for what is corrupt in it.
Result<BackupReport> restore(const workspace::Environment& environment, const std::string& from,
                             const std::string& folder, workspace::Progress& progress);

}  // namespace tribute::usecase
