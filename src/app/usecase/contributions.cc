#include "usecase/contributions.h"

#include <map>

#include "datanet/registry.h"
#include "usecase/lookup.h"
#include "usecase/near_duplicates.h"

namespace tribute::usecase {
namespace {

// Joins contributors' names, each looked up once.
class Namer {
 public:
  explicit Namer(sql::Transaction& sql) : sql_(sql) {}

  Result<std::string> contributor(EntryIndex entry) {
    const auto known = names_.find(entry);
    if (known != names_.end()) return known->second;
    const auto row = TRY(datanet::find_contributor(sql_, entry));
    return names_[entry] = row ? row->name : "";
  }

 private:
  sql::Transaction& sql_;
  std::map<EntryIndex, std::string> names_;
};

Result<ContributionView> view(Namer& namer, const datanet::ContributionRow& row, std::string_view datanet) {
  return ContributionView{.entry = row.entry,
                          .id = row.source_id,
                          .title = row.title,
                          .datanet = std::string(datanet),
                          .contributor = TRY(namer.contributor(row.contributor)),
                          .license = row.license,
                          .state = std::string(datanet::name_of(row.state)),
                          .decided_at = row.withdrawn_at ? row.withdrawn_at : row.decided_at,
                          .duplicate_of = row.duplicate_of,
                          .near_duplicate_of = row.near_duplicate_of,
                          .content_sha256 = row.content_sha256,
                          .token_count = row.token_count,
                          .is_signed = row.is_signed};
}

Result<datanet::ContributionRow> require_contribution(sql::Transaction& sql, const datanet::DatanetRow& datanet,
                                                      const std::string& id) {
  auto row = TRY(datanet::find_contribution(sql, datanet.entry, id));
  if (row) return std::move(*row);
  return fail(ErrorCode::not_found, "DataNet '" + datanet.datanet.name + "' has no contribution '" + id +
                                        "'; `tribute contribution list " + datanet.datanet.name + "` shows its ids");
}

Result<std::optional<OriginalView>> original_of(workspace::Workspace& workspace, sql::Transaction& sql, Namer& namer,
                                                const datanet::ContributionRow& row, std::optional<EntryIndex> entry) {
  if (!entry) return std::nullopt;
  const auto original = TRY(datanet::find_contribution(sql, *entry));
  if (!original) {
    return fail(ErrorCode::data_loss, "contribution '" + row.source_id + "' repeats entry " +
                                          std::to_string(entry->value()) +
                                          ", which the registry lacks; run `tribute doctor`");
  }
  return OriginalView{.entry = *entry,
                      .id = original->source_id,
                      .title = original->title,
                      .contributor = TRY(namer.contributor(original->contributor)),
                      .state = std::string(datanet::name_of(original->state)),
                      .similarity_permille = TRY(similarity_permille(workspace, sql, row, *original))};
}

std::unexpected<Error> refused(const std::string& id, datanet::StateRefusal refusal) {
  return fail(ErrorCode::failed_precondition, "contribution '" + id + "' " + std::string(datanet::message_of(refusal)));
}

// Applies `step` to each id in one change, and shows the rows as they are afterwards.
template <typename Step>
Result<std::vector<ContributionView>> change_each(workspace::Workspace& workspace, std::string_view datanet_name,
                                                  const std::vector<std::string>& ids, Step step) {
  auto change = TRY(workspace.begin());
  const auto datanet = TRY(require_datanet(change.sql(), datanet_name));
  Namer namer(change.sql());
  std::vector<ContributionView> result;
  for (const std::string& id : ids) {
    TRY(step(change, TRY(require_contribution(change.sql(), datanet, id))));
    result.push_back(TRY(view(namer, TRY(require_contribution(change.sql(), datanet, id)), datanet_name)));
  }
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  return result;
}

Result<std::vector<ContributionView>> decide(workspace::Workspace& workspace, std::string_view datanet_name,
                                             const std::vector<std::string>& ids, bool approved) {
  return change_each(workspace, datanet_name, ids,
                     [&](workspace::Change& change, const datanet::ContributionRow& row) -> Result<void> {
                       if (const auto refusal = datanet::refuse_decision(row)) return refused(row.source_id, *refusal);
                       const auto entry = TRY(change.append(record::Approval{row.entry, approved}));
                       return datanet::decide(change.sql(), row.entry, approved, entry);
                     });
}

}  // namespace

Result<std::vector<ContributionView>> list_contributions(workspace::Workspace& workspace,
                                                         const ContributionFilter& filter) {
  auto sql = TRY(workspace.database().begin());
  datanet::ContributionQuery query{.datanet = TRY(require_datanet(sql, filter.datanet)).entry,
                                   .contributor = std::nullopt,
                                   .state = std::nullopt,
                                   .limit = filter.limit,
                                   .offset = filter.offset};
  if (filter.contributor) query.contributor = TRY(require_contributor(sql, *filter.contributor)).entry;
  if (filter.state) query.state = TRY(datanet::state_from(*filter.state));
  Namer namer(sql);
  std::vector<ContributionView> result;
  for (const auto& row : TRY(datanet::list_contributions(sql, query))) {
    result.push_back(TRY(view(namer, row, filter.datanet)));
  }
  return result;
}

Result<std::vector<ContributionDetails>> show_contributions(workspace::Workspace& workspace,
                                                            std::string_view datanet_name,
                                                            const std::vector<std::string>& ids,
                                                            const PassageLimits& limits) {
  auto sql = TRY(workspace.database().begin());
  const auto datanet = TRY(require_datanet(sql, datanet_name));
  std::vector<datanet::ContributionRow> rows;
  for (const std::string& id : ids) rows.push_back(TRY(require_contribution(sql, datanet, id)));
  const auto earlier = TRY(EarlierPassages::open(workspace, sql, datanet));
  Namer namer(sql);
  std::vector<ContributionDetails> result;
  for (const auto& row : rows) {
    ContributionDetails details{
        .contribution = TRY(view(namer, row, datanet_name)),
        .duplicate_of = TRY(original_of(workspace, sql, namer, row, row.duplicate_of)),
        .near_duplicate_of = TRY(original_of(workspace, sql, namer, row, row.near_duplicate_of)),
        .is_erased = row.is_erased,
        .has_index = earlier.has_index(),
        .passages = std::nullopt,
        .unsearched = earlier.unsearched_before(row.entry)};
    if (!row.is_erased) details.passages = TRY(earlier.find(sql, row, limits));
    result.push_back(std::move(details));
  }
  return result;
}

Result<std::vector<ContributionView>> approve_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                            const std::vector<std::string>& ids) {
  return decide(workspace, datanet, ids, true);
}

Result<std::vector<ContributionView>> reject_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                           const std::vector<std::string>& ids) {
  return decide(workspace, datanet, ids, false);
}

Result<std::vector<ContributionView>> withdraw_contributions(workspace::Workspace& workspace, std::string_view datanet,
                                                             const std::vector<std::string>& ids) {
  return change_each(workspace, datanet, ids,
                     [](workspace::Change& change, const datanet::ContributionRow& row) -> Result<void> {
                       if (const auto refusal = datanet::refuse_withdrawal(row))
                         return refused(row.source_id, *refusal);
                       const auto entry = TRY(change.append(record::Withdrawal{row.entry}));
                       return datanet::withdraw(change.sql(), row.entry, entry);
                     });
}

Result<std::vector<std::string>> pending_ids(workspace::Workspace& workspace, std::string_view datanet) {
  auto sql = TRY(workspace.database().begin());
  const EntryIndex entry = TRY(require_datanet(sql, datanet)).entry;
  std::vector<std::string> ids;
  for (auto& row : TRY(datanet::list_contributions(sql, {.datanet = entry,
                                                         .contributor = std::nullopt,
                                                         .state = datanet::ContributionState::pending,
                                                         .limit = INT64_MAX,
                                                         .offset = 0}))) {
    ids.push_back(std::move(row.source_id));
  }
  return ids;
}

}  // namespace tribute::usecase
