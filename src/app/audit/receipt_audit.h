// Recomputes every receipt: its fee, its payouts, and with its body and index, whose the tokens are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/attribution_audit.h"
#include "audit/audit.h"
#include "audit/folders.h"
#include "audit/history.h"
#include "audit/payouts.h"
#include "audit/report.h"
#include "base/error.h"
#include "io/file_system.h"
#include "tlog/log_files.h"

namespace tribute::audit {

// Not thread-safe. All arguments must outlive it.
class ReceiptAudit {
 public:
  // `independent`: see AttributionAudit.
  ReceiptAudit(const tlog::LogFiles& log, const Folders& folders, const History& history, Recorder& recorder,
               bool independent)
      : log_(log),
        folders_(folders),
        history_(history),
        recorder_(recorder),
        attributions_(log.file_system(), folders, history, recorder, independent) {}

  // Every receipt of the history, in order, read again from the log.
  // Errors: those of the file system for files that are there and cannot be read.
  Result<void> run(const ProgressCallback& progress);

 private:
  Result<void> check(EntryIndex entry, const record::Receipt& receipt);
  // False once the report says what is wrong.
  bool check_manifests(const ReceiptFacts& facts);
  bool check_log_size(const ReceiptFacts& facts);
  bool check_fee(const ReceiptFacts& facts);
  // Whether the body is one that everybody may read: every DataNet of the model is.
  bool is_public(const ReceiptFacts& facts) const;
  // The body, or nullopt where it is not at hand or the report says what is wrong with it.
  Result<std::optional<record::ReceiptBody>> read_body(const ReceiptFacts& facts);
  void check_payouts(const ReceiptFacts& facts, const record::ReceiptBody& body);
  void check_payouts_without_body(const ReceiptFacts& facts);
  // False once the report says that the body is not of this receipt.
  bool compare_body(const ReceiptFacts& facts, const record::ReceiptBody& body);
  void wrong_body(const ReceiptFacts& facts, std::string message);

  const tlog::LogFiles& log_;
  const Folders& folders_;
  const History& history_;
  Recorder& recorder_;
  AttributionAudit attributions_;
  std::map<Hash256, EntryIndex> bodies_;  // the first receipt that cites each
};

}  // namespace tribute::audit
