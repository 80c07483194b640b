#include "usecase/contributors.h"

#include "datanet/registry.h"
#include "ledger/store.h"
#include "usecase/lookup.h"
#include "usecase/registration.h"

namespace tribute::usecase {
namespace {

Result<ContributorView> view(sql::Transaction& sql, const datanet::ContributorRow& row) {
  const auto balance =
      TRY(ledger::find_balance(sql, ledger::AccountId::of(ledger::AccountKind::contributor, row.entry)));
  return ContributorView{.entry = row.entry,
                         .name = row.name,
                         .key = row.key,
                         .bound_at = row.bound_at,
                         .datapoint_count = TRY(datanet::count_contributions_of(sql, row.entry)),
                         .earned = balance.value_or(Amount())};
}

}  // namespace

Result<ContributorView> add_contributor(workspace::Workspace& workspace, std::string_view name,
                                        const std::optional<PublicKey>& key) {
  auto change = TRY(workspace.begin());
  if (TRY(datanet::find_contributor(change.sql(), name))) {
    return fail(ErrorCode::already_exists,
                "a contributor '" + std::string(name) +
                    "' is there already; `tribute contributor bind` gives one without a key its key");
  }
  const auto row = TRY(register_contributor(workspace, change, name, key ? key->text() : ""));
  ContributorView result = TRY(view(change.sql(), row));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  return result;
}

Result<ContributorView> bind_contributor(workspace::Workspace& workspace, std::string_view name, const PublicKey& key) {
  auto change = TRY(workspace.begin());
  auto row = TRY(require_contributor(change.sql(), name));
  if (!row.key.empty()) {
    return fail(ErrorCode::already_exists,
                "contributor '" + row.name + "' has the key " + row.key + " already; a key is bound once");
  }
  row.key = key.text();
  row.bound_at = TRY(change.append(
      record::Contributor{.name_hash = salted_hash(row.salt.view(), row.name), .key = row.key, .binds = row.entry}));
  TRY(datanet::bind_key(change.sql(), row.entry, row.key, *row.bound_at));
  ContributorView result = TRY(view(change.sql(), row));
  TRY(std::move(change).commit());
  TRY(workspace.publish());
  return result;
}

Result<std::vector<ContributorView>> list_contributors(workspace::Workspace& workspace) {
  auto sql = TRY(workspace.database().begin());
  std::vector<ContributorView> result;
  for (const auto& row : TRY(datanet::list_contributors(sql))) result.push_back(TRY(view(sql, row)));
  return result;
}

Result<ContributorView> show_contributor(workspace::Workspace& workspace, std::string_view name) {
  auto sql = TRY(workspace.database().begin());
  return view(sql, TRY(require_contributor(sql, name)));
}

}  // namespace tribute::usecase
