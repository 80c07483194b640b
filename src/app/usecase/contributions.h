// Use case: look at contributions, approve, reject and withdraw them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "usecase/earlier_passages.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct ContributionView {
  EntryIndex entry;
  std::string id;
  std::string title;
  std::string datanet;
  std::string contributor;
  std::string license;
  std::string state;                     // "pending", "approved", "rejected" or "withdrawn"
  std::optional<EntryIndex> decided_at;  // the approval or withdrawal entry
  std::optional<EntryIndex> duplicate_of;
  std::optional<EntryIndex> near_duplicate_of;
  Hash256 content_sha256;
  uint64_t token_count = 0;
  bool is_signed = false;
};

struct ContributionFilter {
  std::string datanet;
  std::optional<std::string> contributor;
  std::optional<std::string> state;
  uint64_t limit = 1'000;  // in order of registration
  uint64_t offset = 0;
};

Result<std::vector<ContributionView>> list_contributions(workspace::Workspace& workspace,
                                                         const ContributionFilter& filter);

// The earlier datapoint that a contribution repeats.
struct OriginalView {
  EntryIndex entry;
  std::string id;
  std::string title;  // empty once erased
  std::string contributor;
  std::string state;
  std::optional<uint32_t> similarity_permille;  // of their tokens' shingles; nullopt: the text of one is erased
};

// What an approver should know of a contribution.
struct ContributionDetails {
  ContributionView contribution;
  std::optional<OriginalView> duplicate_of;
  std::optional<OriginalView> near_duplicate_of;
  bool is_erased = false;                // its text is gone, and so no passages are shown
  bool has_index = false;                // its DataNet has one; else no passages are shown
  std::optional<PassagesView> passages;  // that it shares with earlier datapoints of its DataNet
  UnsearchedView unsearched;             // earlier ones that were not searched
};

// By id, in the order asked for. Writes nothing.
// Errors: not_found for an id, named; those of EarlierPassages; data_loss for content that is damaged.
Result<std::vector<ContributionDetails>> show_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                            const std::vector<std::string>& ids,
                                                            const PassageLimits& limits);

// What was decided, in the order asked for. All of them or, on an error, none.
// Errors: not_found for an id; failed_precondition for one whose state does not allow it, named.
Result<std::vector<ContributionView>> approve_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                            const std::vector<std::string>& ids);
Result<std::vector<ContributionView>> reject_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                           const std::vector<std::string>& ids);

// Withdraws for good. The datapoints count for no answer from here on; their content is erased when
// the index is purged.
Result<std::vector<ContributionView>> withdraw_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                             const std::vector<std::string>& ids);

// The ids of all pending contributions of a DataNet, for `--all`.
Result<std::vector<std::string>> pending_ids(workspace::Workspace& workspace, std::string_view datanet);

}  // namespace tribute::usecase
