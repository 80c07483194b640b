// A scripted day of a workspace: every kind of change, each step repeatable after a crash.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "workspace/workspace.h"

namespace tribute::crash {

// What the day's steps have acknowledged so far, as its actor remembers it.
struct Acknowledged {
  uint64_t deposited = 0;                  // millionths paid in
  std::vector<std::string> contributions;  // "<datanet>/<id>", each once
  std::vector<std::string> approved;
  std::vector<std::string> withdrawn;
  std::vector<std::string> receipt_ids;
  std::vector<std::string> datanets;
  std::vector<std::string> models;  // "<name> <version>"
};

// One step. run() may be called again after a crash in it: it finds out what was done, does the rest,
// and notes in `acknowledged` what it was told is done.
struct Step {
  std::string name;
  std::function<Result<void>(workspace::Workspace&, Acknowledged&)> run;
};

std::vector<Step> scripted_day();

// Compares everything acknowledged with the workspace: each thing is there once, the ledger recounts,
// log, ledger and registry agree (the doctor finds nothing).
Result<void> check(workspace::Workspace& workspace, const Acknowledged& acknowledged);

// Once no step is in flight: nothing is there that was not acknowledged, so nothing was done twice.
Result<void> check_nothing_else(workspace::Workspace& workspace, const Acknowledged& acknowledged);

// The auditor finds nothing wrong in the public and sealed folders.
Result<void> check_as_auditor(workspace::Workspace& workspace);

}  // namespace tribute::crash
