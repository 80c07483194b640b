// Recomputes whose the tokens of an answer are, by the naive twin of the rule.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/folders.h"
#include "audit/history.h"
#include "audit/payouts.h"
#include "audit/report.h"
#include "base/error.h"
#include "io/file_system.h"
#include "ngram/document.h"
#include "record/receipt_body.h"

namespace tribute::audit {

// Keeps the documents of the manifests that it used last. Not thread-safe. All arguments must outlive it.
class AttributionAudit {
 public:
  AttributionAudit(io::FileSystem& files, const Folders& folders, const History& history, Recorder& recorder)
      : files_(files), folders_(folders), history_(history), recorder_(recorder) {}

  // Compares spans, claims, credits and bits of a body with what the rule gives for its tokens, its
  // copied bitmap, and the documents of the receipt's manifests that were not withdrawn below its log
  // size. The body agrees with the entry. What cannot be recomputed is said to be unchecked.
  // Errors: those of the file system for files that are there and cannot be read.
  Result<void> check(const ReceiptFacts& facts, const record::ReceiptBody& body);

 private:
  // Reads the documents of the receipt's manifests. False after saying why they are not at hand.
  Result<bool> load(const ReceiptFacts& facts);
  Result<bool> load_manifest(const ManifestFacts& manifest, record::Role role);
  bool unavailable(const ManifestFacts& manifest);
  // The documents that no withdrawal below `log_size` names; valid until the next call or load().
  std::span<const ngram::Document> live_documents(uint64_t log_size);
  // Without the index: that every owner is a datapoint of the model's manifests and was not withdrawn.
  void check_owners(const ReceiptFacts& facts, const record::ReceiptBody& body);
  std::optional<std::string> wrong_owner(const ReceiptFacts& facts, const record::BodyCredit& credit) const;

  io::FileSystem& files_;
  const Folders& folders_;
  const History& history_;
  Recorder& recorder_;
  std::optional<std::vector<EntryIndex>> manifests_;  // whose documents these are
  std::vector<ngram::Document> documents_;            // by ascending entry
  std::vector<ngram::Document> live_;                 // those of a receipt, where they are not all
};

}  // namespace tribute::audit
