#include <algorithm>

#include "base/check.h"
#include "datanet/directory.h"
#include "datanet/registry.h"
#include "datanet/sql_values.h"

namespace tribute::datanet {
namespace {

constexpr std::string_view kSelect = "SELECT entry, name, salt, public_key, bound_at FROM contributors";

Result<ContributorRow> read_contributor(const sql::Row& row) {
  return ContributorRow{.entry = entry_at(row, 0),
                        .name = row.text(1),
                        .salt = TRY(hash_at(row, 2)),
                        .key = row.text(3),
                        .bound_at = optional_entry_at(row, 4)};
}

}  // namespace

Result<void> insert_contributor(sql::Transaction& sql, const ContributorRow& row) {
  TRY(sql.execute("INSERT INTO contributors (entry, name, salt, public_key, bound_at) VALUES (?, ?, ?, ?, ?)",
                  {as_sql(row.entry), row.name, row.salt.hex(), row.key, as_sql(row.bound_at)}));
  return mark_contributors_changed(sql);
}

Result<void> bind_key(sql::Transaction& sql, EntryIndex contributor, std::string_view key, EntryIndex bound_at) {
  CHECK(!key.empty());
  const int64_t changed =
      TRY(sql.execute("UPDATE contributors SET public_key = ?, bound_at = ? WHERE entry = ? AND public_key = ''",
                      {std::string(key), as_sql(bound_at), as_sql(contributor)}));
  CHECK(changed == 1);
  return {};
}

Result<std::optional<ContributorRow>> find_contributor(sql::Transaction& sql, std::string_view name) {
  return read_optional(TRY(sql.query_one(std::string(kSelect) + " WHERE name = ?", {std::string(name)})),
                       read_contributor);
}

Result<std::optional<ContributorRow>> find_contributor(sql::Transaction& sql, EntryIndex entry) {
  return read_optional(TRY(sql.query_one(std::string(kSelect) + " WHERE entry = ?", {as_sql(entry)})),
                       read_contributor);
}

Result<std::vector<ContributorRow>> list_contributors(sql::Transaction& sql) {
  auto rows = TRY(read_all(TRY(sql.query(kSelect)), read_contributor));
  std::ranges::sort(rows, {}, &ContributorRow::name);
  return rows;
}

}  // namespace tribute::datanet
