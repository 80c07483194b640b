// Compares every manifest with its entry, its segments, and the log's live datapoints.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "audit/document_audit.h"
#include "audit/folders.h"
#include "audit/history.h"
#include "audit/near_duplicate_audit.h"
#include "audit/report.h"
#include "base/error.h"
#include "io/file_system.h"
#include "ngram/columns.h"
#include "ngram/segment.h"

namespace tribute::audit {

// Not thread-safe. All arguments must outlive it. Memory: the segments of one DataNet, mapped, and what
// NearDuplicateAudit keeps of their documents.
class IndexAudit {
 public:
  // `independent`: near duplicates are found by comparing all pairs.
  IndexAudit(io::FileSystem& files, const Folders& folders, const History& history, const text::Tokenizer* tokenizer,
             Recorder& recorder, bool independent)
      : files_(files),
        folders_(folders),
        history_(history),
        recorder_(recorder),
        near_duplicates_(history, recorder, independent),
        documents_(history, tokenizer, near_duplicates_, recorder) {}

  // Every manifest of every DataNet, and `near_duplicate_of` of the documents that they hold; then the
  // `duplicate_of` of all of them.
  // Errors: those of the file system for files that are there and cannot be read.
  Result<void> run(const ProgressCallback& progress);

 private:
  // One manifest's file, read, and the segments of it that could be opened.
  struct Opened {
    const ManifestFacts& facts;
    bool is_public = false;
    ngram::Manifest manifest;
    std::vector<const ngram::Segment*> segments;
  };

  Result<void> check_manifest(const ManifestFacts& facts, const DatanetFacts& datanet);
  // The counts of the entry against the log, where the manifest itself is not at hand.
  void check_counts(const ManifestFacts& facts);
  void compare_with_entry(const Opened& opened, const DatanetFacts& datanet);
  // False if some segment could not be opened, which the report says.
  Result<bool> open_segments(Opened& opened);
  // The segment, checked, or nullptr.
  Result<const ngram::Segment*> open_segment(const Opened& opened, const Hash256& name);
  // The manifest's counts and tombstones against its segments, whose blocks are intact.
  // Errors: data_loss for a file that changes meanwhile.
  Result<void> compare_with_segments(const Opened& opened);
  void compare_with_log(const Opened& opened);
  void report_missing(const Opened& opened, const ContributionFacts& contribution);
  void report_surplus(const Opened& opened, const ContributionFacts& contribution);
  void wrong(const Opened& opened, std::string message);

  io::FileSystem& files_;
  const Folders& folders_;
  const History& history_;
  Recorder& recorder_;
  NearDuplicateAudit near_duplicates_;
  DocumentAudit documents_;
  std::map<Hash256, ngram::Segment> segments_;  // of the DataNet at hand, checked
  std::set<Hash256> bad_segments_;              // that could not be opened, reported
};

}  // namespace tribute::audit
