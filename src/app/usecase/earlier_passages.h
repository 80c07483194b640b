// What a contribution shares with the datapoints that came before it, by its DataNet's newest index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "datanet/registry.h"
#include "ngram/index_source.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// How long a passage is at least, in tokens, and how many to list; all are counted. Both at least 1.
struct PassageLimits {
  uint32_t min_tokens = 20;
  uint32_t passages = 10;
};

// A passage of a contribution and the earliest datapoint that has all of it.
struct PassageView {
  uint64_t begin = 0;  // tokens of the contribution
  uint64_t end = 0;
  uint64_t begin_byte = 0;  // of its text
  uint64_t end_byte = 0;
  std::string text;
  EntryIndex datapoint;
  std::string id;  // the datapoint's
  std::string title;
  std::string contributor;
};

struct PassagesView {
  EntryIndex manifest;  // the index that was searched
  uint32_t min_tokens = 0;
  uint64_t passage_count = 0;        // of at least min_tokens tokens
  uint64_t covered_token_count = 0;  // in some passage, each once
  std::vector<PassageView> longest;  // longest first
};

// Earlier datapoints of the DataNet that no index can find.
struct UnsearchedView {
  uint64_t unindexed_count = 0;  // live, newer than the newest index
  uint64_t pending_count = 0;    // waiting for approval
};

// Searches one DataNet's newest manifest, less what was withdrawn since. Not thread-safe. The workspace must
// outlive it, its transaction need not.
class EarlierPassages {
 public:
  // O(documents of the DataNet). A DataNet without an index is no error.
  // Errors: those of the stores; data_loss for an index that is damaged, named.
  static Result<EarlierPassages> open(workspace::Workspace& workspace, sql::Transaction& sql,
                                      const datanet::DatanetRow& datanet);

  bool has_index() const { return source_.has_value(); }

  // Of a contribution of the DataNet whose content is stored. nullopt without an index.
  // Errors: those of the stores and of trace::shared_passages().
  Result<std::optional<PassagesView>> find(sql::Transaction& sql, const datanet::ContributionRow& row,
                                           const PassageLimits& limits) const;

  UnsearchedView unsearched_before(EntryIndex entry) const;

 private:
  explicit EarlierPassages(workspace::Workspace& workspace) : workspace_(&workspace) {}

  workspace::Workspace* workspace_;
  EntryIndex manifest_;
  std::optional<ngram::IndexSource> source_;
  std::vector<EntryIndex> unindexed_;  // ascending
  std::vector<EntryIndex> pending_;    // ascending
};

}  // namespace tribute::usecase
