#include <algorithm>

#include "datanet/registry.h"
#include "datanet/sql_values.h"

namespace tribute::datanet {
namespace {

constexpr std::string_view kSelect =
    "SELECT entry, name, role, needs_approval, is_public, near_duplicates FROM datanets";

Result<DatanetRow> read_datanet(const sql::Row& row) {
  const auto role = record::role_from(row.text(2));
  const auto near_duplicates = record::near_duplicates_from(row.text(5));
  if (!role || !near_duplicates) {
    return fail(ErrorCode::data_loss, "the database holds a wrong role or policy for DataNet '" + row.text(1) + "'");
  }
  return DatanetRow{.entry = entry_at(row, 0),
                    .datanet = {.name = row.text(1),
                                .role = *role,
                                .needs_approval = row.integer(3) != 0,
                                .is_public = row.integer(4) != 0,
                                .near_duplicates = *near_duplicates}};
}

}  // namespace

Result<void> insert_datanet(sql::Transaction& sql, const DatanetRow& row) {
  const record::Datanet& datanet = row.datanet;
  TRY(sql.execute(
      "INSERT INTO datanets (entry, name, role, needs_approval, is_public, near_duplicates) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      {as_sql(row.entry), datanet.name, std::string(record::name_of(datanet.role)), int64_t{datanet.needs_approval},
       int64_t{datanet.is_public}, std::string(record::name_of(datanet.near_duplicates))}));
  return {};
}

Result<std::optional<DatanetRow>> find_datanet(sql::Transaction& sql, std::string_view name) {
  return read_optional(TRY(sql.query_one(std::string(kSelect) + " WHERE name = ?", {std::string(name)})), read_datanet);
}

Result<std::optional<DatanetRow>> find_datanet(sql::Transaction& sql, EntryIndex entry) {
  return read_optional(TRY(sql.query_one(std::string(kSelect) + " WHERE entry = ?", {as_sql(entry)})), read_datanet);
}

Result<std::vector<DatanetRow>> list_datanets(sql::Transaction& sql) {
  auto rows = TRY(read_all(TRY(sql.query(kSelect)), read_datanet));
  std::ranges::sort(rows, {}, [](const DatanetRow& row) -> const std::string& { return row.datanet.name; });
  return rows;
}

}  // namespace tribute::datanet
