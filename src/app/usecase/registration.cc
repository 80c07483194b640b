#include "usecase/registration.h"

#include "base/check.h"
#include "datanet/names.h"

namespace tribute::usecase {
bool needs_approval(const record::Datanet& datanet, bool is_repeated) {
  return datanet.needs_approval || (is_repeated && datanet.near_duplicates == record::NearDuplicates::hold);
}

Hash256 fresh_salt(io::Random& random) {
  const auto salt = hash_from_bytes(random.bytes(32));
  CHECK(salt.has_value());
  return *salt;
}

Result<datanet::ContributorRow> register_contributor(workspace::Workspace& workspace, workspace::Change& change,
                                                     std::string_view name, std::string_view key) {
  TRY(datanet::check_contributor_name(name));
  datanet::ContributorRow row{.entry = {},
                              .name = std::string(name),
                              .salt = fresh_salt(workspace.random()),
                              .key = std::string(key),
                              .bound_at = std::nullopt};
  row.entry = TRY(change.append(
      record::Contributor{.name_hash = salted_hash(row.salt.view(), row.name), .key = row.key, .binds = std::nullopt}));
  TRY(datanet::insert_contributor(change.sql(), row));
  return row;
}

}  // namespace tribute::usecase
