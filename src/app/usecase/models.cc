#include "usecase/models.h"

#include <algorithm>
#include <set>

#include "datanet/registry.h"
#include "settle/terms.h"
#include "trace/policy.h"
#include "usecase/lookup.h"
#include "workspace/catalog.h"

namespace tribute::usecase {
namespace {

Result<ModelView> view(workspace::Workspace& workspace, sql::Transaction& sql, const workspace::ModelRow& row) {
  ModelView result{row.entry, row.first, TRY(workspace.entry<record::Model>(sql, row.entry)), {}};
  for (const auto& datanet : result.model.datanets) {
    const auto named = TRY(datanet::find_datanet(sql, datanet.datanet));
    result.datanet_names.push_back(named ? named->datanet.name : "");
  }
  return result;
}

Result<record::ModelDatanet> pin(sql::Transaction& sql, const std::string& name, record::Role role, uint32_t permille) {
  const auto row = TRY(require_datanet(sql, name));
  if (row.datanet.role != role) {
    const bool is_guard = row.datanet.role == record::Role::guard;
    return fail(ErrorCode::invalid_argument, "DataNet '" + name + "' is " + (is_guard ? "a guard" : "no guard") +
                                                 "; name it with " + (is_guard ? "--guard" : "--datanet"));
  }
  const auto manifest = TRY(workspace::newest_manifest(sql, row.entry));
  if (!manifest) {
    return fail(ErrorCode::failed_precondition,
                "DataNet '" + name + "' has no index yet; build it with `tribute index build " + name + "`");
  }
  return record::ModelDatanet{row.entry, manifest->entry, role, permille};
}

Result<std::vector<record::ModelDatanet>> pin_all(sql::Transaction& sql, const ModelRequest& request) {
  if (request.datanets.empty()) {
    return fail(ErrorCode::invalid_argument, "a model needs a DataNet that is paid; name one with --datanet");
  }
  std::vector<record::ModelDatanet> result;
  std::set<std::string> names;
  uint64_t permille = 0;
  const auto once = [&](const std::string& name) -> Result<void> {
    if (names.insert(name).second) return {};
    return fail(ErrorCode::invalid_argument, "DataNet '" + name + "' is named twice; name it once");
  };
  for (const auto& [name, treasury_permille] : request.datanets) {
    TRY(once(name));
    result.push_back(TRY(pin(sql, name, record::Role::paid, treasury_permille)));
    permille += treasury_permille;
  }
  for (const auto& name : request.guards) {
    TRY(once(name));
    result.push_back(TRY(pin(sql, name, record::Role::guard, 0)));
  }
  if (permille > 1'000) {
    return fail(ErrorCode::invalid_argument,
                "the treasuries' permilles sum to " + std::to_string(permille) + "; they may sum to 1000 at most");
  }
  std::ranges::sort(result, {}, &record::ModelDatanet::datanet);
  return result;
}

Result<record::Evidence> choose_evidence(const ModelRequest& request) {
  const auto evidence = request.evidence.value_or(
      request.parameters <= kInfluenceParameters ? record::Evidence::influence : record::Evidence::matches);
  if (evidence == record::Evidence::influence) {
    return fail(ErrorCode::unimplemented,
                std::string(request.evidence ? "" : "a model of this size is attributed by influence, and ") +
                    "evidence by influence is not built yet; use --evidence matches");
  }
  return evidence;
}

}  // namespace

Result<ModelView> register_model(workspace::Workspace& workspace, const ModelRequest& request) {
  TRY(settle::validate(request.terms));
  TRY(trace::validate(request.policy));
  const auto evidence = TRY(choose_evidence(request));
  auto change = TRY(workspace.begin());
  if (TRY(workspace::newest_model(change.sql(), request.name))) {
    return fail(ErrorCode::already_exists, "a model '" + request.name +
                                               "' is registered already; `tribute model update " + request.name +
                                               "` pins newer indexes, or choose another name");
  }
  const record::Model model{.name = request.name,
                            .first = std::nullopt,
                            .version = 1,
                            .parameters = request.parameters,
                            .evidence = evidence,
                            .datanets = TRY(pin_all(change.sql(), request)),
                            .terms = request.terms,
                            .policy = request.policy};
  const EntryIndex entry = TRY(change.append(model));
  const workspace::ModelRow row{entry, entry, model.name, model.version};
  TRY(workspace::insert_model(change.sql(), row));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  auto sql = TRY(workspace.database().begin());
  return view(workspace, sql, row);
}

Result<ModelView> update_model(workspace::Workspace& workspace, std::string_view name) {
  auto change = TRY(workspace.begin());
  const auto newest = TRY(require_model(change.sql(), name));
  record::Model model = TRY(workspace.entry<record::Model>(change.sql(), newest.entry));
  bool changed = false;
  for (auto& datanet : model.datanets) {
    const auto manifest = TRY(workspace::newest_manifest(change.sql(), datanet.datanet));
    if (manifest && manifest->entry != datanet.manifest) {
      datanet.manifest = manifest->entry;
      changed = true;
    }
  }
  if (!changed) {
    return fail(ErrorCode::failed_precondition, "model '" + std::string(name) +
                                                    "' has the newest index of each of its DataNets already; " +
                                                    "`tribute index build` makes newer ones");
  }
  model.first = newest.first;
  model.version = newest.version + 1;
  const workspace::ModelRow row{TRY(change.append(model)), newest.first, model.name, model.version};
  TRY(workspace::insert_model(change.sql(), row));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  auto sql = TRY(workspace.database().begin());
  return view(workspace, sql, row);
}

Result<std::vector<ModelView>> list_models(workspace::Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  std::vector<ModelView> result;
  for (const auto& row : TRY(workspace::list_models(sql))) result.push_back(TRY(view(workspace, sql, row)));
  return result;
}

Result<ModelView> show_model(workspace::Workspace& workspace, std::string_view name) {
  auto sql = TRY(workspace.database().begin());
  return view(workspace, sql, TRY(require_model(sql, name)));
}

}  // namespace tribute::usecase
