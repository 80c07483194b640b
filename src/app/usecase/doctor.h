// Use case: check everything in a workspace against everything else.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct DoctorReport {
  struct Check {
    std::string what;  // "every balance recounted from the transfers"
    bool passed = true;
    std::string finding;  // of a check that failed: what is wrong and the remedy
  };
  std::vector<Check> checks;
  std::vector<std::string> notes;  // harmless: left-over files, say
  bool healthy() const;
};

// Database integrity, ledger recount, registry and catalog against the log, contents against their
// hashes, index files against theirs, receipt bodies, left-over files. Writes nothing.
Result<DoctorReport> examine(workspace::Workspace& workspace, workspace::Progress& progress);

}  // namespace tribute::usecase
