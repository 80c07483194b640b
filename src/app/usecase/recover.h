// Use case: make the database again from the published log, where it is lost or an older backup.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct RecoverReport {
  uint64_t log_size = 0;
  uint64_t old_log_size = 0;        // of the database that was there; 0 if there was none
  uint64_t old_transfer_count = 0;  // taken over from it: deposits, which the log does not have
  uint64_t old_charge_key_count = 0;
  struct Advance {  // a payer whose deposits after the backup are not known
    std::string payer;
    Amount amount;  // what it must have paid in, at the least
  };
  std::vector<Advance> advances;  // by payer
};

// Writes a new database from the log's entries, the directory, the content packs and the receipt
// bodies, checks it as `doctor` does, and puts it in the place of the old one, which is kept beside it as
// tribute.db.before-recovery. What stands only in a database comes from the old one: deposits and
// idempotency keys. Where a receipt's payer lacks the money, the shortfall is booked as a deposit with
// the key "recovered:<payer>:<n>" and reported.
//
// Errors: data_loss naming what is missing for it, with the workspace unchanged; those of
// Workspace::open() but for an older backup; already_exists if an earlier recovery's old database is
// still there.
Result<RecoverReport> recover_from_log(const workspace::Environment& environment, const std::string& folder,
                                       workspace::Progress& progress);

}  // namespace tribute::usecase
