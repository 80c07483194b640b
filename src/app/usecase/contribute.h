// Use case: put documents into a DataNet.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "base/sign.h"
#include "datanet/row.h"
#include "workspace/progress.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct ContributeRequest {
  std::string datanet;
  std::vector<std::string> paths;          // files, folders, or "-"
  std::optional<std::string> contributor;  // of rows that name none
  std::optional<std::string> license;      // of rows that name none
  std::optional<PrivateKey> signing_key;   // signs every row that has no signature of its own
  bool strict = false;                     // a bad row: nothing is written
};

// A contribution that repeats an earlier datapoint of its DataNet: the first near duplicate, or else the
// first of the same folded text.
struct RepeatedRow {
  std::string id;
  EntryIndex entry;
  std::string original_id;
  EntryIndex original;
  uint32_t similarity_permille = 0;  // of their tokens' shingles; 1,000 for the same text
};

struct ContributeReport {
  uint64_t added_count = 0;  // of which pending_count wait for approval
  uint64_t pending_count = 0;
  uint64_t skipped_count = 0;  // already there with the same id and content
  uint64_t bad_count = 0;
  uint64_t repeated_count = 0;
  uint64_t new_contributor_count = 0;
  uint64_t text_bytes = 0;  // of the added documents
  uint64_t token_count = 0;
  uint64_t ignored_file_count = 0;        // files of other kinds in a folder
  std::vector<datanet::BadRow> bad_rows;  // the first 1,000
  std::vector<RepeatedRow> repeated;      // the first 1,000
  bool stopped = false;                   // by Progress::stop_requested(); what is counted is acknowledged
};

// Reads the paths in order and acknowledges their rows in batches, in the order read. With `strict`
// a bad row undoes all: nothing is written, and the report names the bad rows. A row without a signature
// whose contributor's key is not the signing key is bad too.
// Errors: not_found for a DataNet or path; those of the stores. What was acknowledged before an error stays.
Result<ContributeReport> contribute(workspace::Workspace& workspace, const ContributeRequest& request,
                                    std::istream& standard_input, workspace::Progress& progress);

}  // namespace tribute::usecase
