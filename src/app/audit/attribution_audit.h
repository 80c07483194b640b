// Recomputes whose the tokens of an answer are, by the index or by the naive twin of the rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/folders.h"
#include "audit/history.h"
#include "audit/payouts.h"
#include "audit/report.h"
#include "base/error.h"
#include "io/file_system.h"
#include "ngram/document.h"
#include "ngram/index_source.h"
#include "record/receipt_body.h"
#include "trace/trace.h"

namespace tribute::audit {

// Keeps the manifests that it used last, opened. Not thread-safe. All arguments must outlive it.
class AttributionAudit {
 public:
  // `independent`: by the naive twin over the documents in memory, which shares nothing with the engine;
  // else by trace::attribute() over the segments, which IndexAudit has verified. Where the index says of a
  // document or a DataNet what the log does not, the log's word counts, and the twin is used too.
  AttributionAudit(io::FileSystem& files, const Folders& folders, const History& history, Recorder& recorder,
                   bool independent)
      : files_(files), folders_(folders), history_(history), recorder_(recorder), independent_(independent) {}

  // Compares spans, claims, credits and bits of a body with what the rule gives for its tokens, its
  // copied bitmap, and the documents of the receipt's manifests that were not withdrawn below its log
  // size. The body agrees with the entry. What cannot be recomputed is said to be unchecked.
  // Errors: those of the file system for files that are there and cannot be read.
  Result<void> check(const ReceiptFacts& facts, const record::ReceiptBody& body);

 private:
  // What the rule gives, or nullopt after saying why it cannot be had.
  Result<std::optional<trace::Attribution>> recompute(const ReceiptFacts& facts, const record::ReceiptBody& body);
  // Opens the receipt's manifests. False after saying why they are not at hand.
  Result<bool> load(const ReceiptFacts& facts);
  Result<bool> load_manifest(const ManifestFacts& manifest, record::Role role);
  bool agrees_with_log(const ngram::Index& index, record::Role role) const;
  // Makes `source_` or `documents_` the datapoints of the receipt that no withdrawal below its log size names.
  Result<void> prepare(const ReceiptFacts& facts);
  Result<void> read_documents(const std::vector<EntryIndex>& withdrawn);
  bool unavailable(const ManifestFacts& manifest);
  // Without the index: that every owner is a datapoint of the model's manifests and was not withdrawn.
  void check_owners(const ReceiptFacts& facts, const record::ReceiptBody& body);
  std::optional<std::string> wrong_owner(const ReceiptFacts& facts, const record::BodyCredit& credit) const;

  io::FileSystem& files_;
  const Folders& folders_;
  const History& history_;
  Recorder& recorder_;
  bool independent_;
  // What is loaded: manifests by their entries, and from these the documents that are not withdrawn.
  std::optional<std::vector<EntryIndex>> manifests_;
  std::vector<Hash256> names_;
  std::vector<std::string> index_folders_;
  std::vector<record::Role> roles_;  // as the model pins them
  bool by_documents_ = false;        // not by the engine
  std::optional<std::vector<EntryIndex>> withdrawn_;
  std::optional<ngram::IndexSource> source_;
  std::vector<ngram::Document> documents_;  // where by_documents_; by ascending entry
};

}  // namespace tribute::audit
