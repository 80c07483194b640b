#include "usecase/datanets.h"

#include "datanet/registry.h"
#include "usecase/lookup.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

Result<DatanetView> view(sql::Transaction& sql, datanet::DatanetRow row) {
  const auto counts = TRY(datanet::count_contributions(sql, row.entry));
  DatanetView result{.entry = row.entry,
                     .datanet = std::move(row.datanet),
                     .live_count = counts.live,
                     .pending_count = counts.pending,
                     .rejected_count = counts.rejected,
                     .withdrawn_count = counts.withdrawn,
                     .contributor_count = counts.live_contributors,
                     .versions = {}};
  for (const auto& manifest : TRY(workspace::list_manifests(sql, row.entry))) result.versions.push_back(manifest.entry);
  return result;
}

}  // namespace

Result<DatanetView> create_datanet(workspace::Workspace& workspace, const record::Datanet& datanet) {
  auto change = TRY(workspace.begin());
  if (TRY(datanet::find_datanet(change.sql(), datanet.name))) {
    return fail(ErrorCode::already_exists, "a DataNet '" + datanet.name + "' is there already; choose another name");
  }
  const EntryIndex entry = TRY(change.append(datanet));
  TRY(datanet::insert_datanet(change.sql(), {entry, datanet}));
  DatanetView result = TRY(view(change.sql(), {entry, datanet}));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  return result;
}

Result<std::vector<DatanetView>> list_datanets(workspace::Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  std::vector<DatanetView> result;
  for (auto& row : TRY(datanet::list_datanets(sql))) result.push_back(TRY(view(sql, std::move(row))));
  return result;
}

Result<DatanetView> show_datanet(workspace::Workspace& workspace, std::string_view name) {
  auto sql = TRY(workspace.database().begin());
  return view(sql, TRY(require_datanet(sql, name)));
}

}  // namespace tribute::usecase
