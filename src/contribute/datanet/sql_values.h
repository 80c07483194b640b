// How the values of this module stand in SQL columns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "sql/database.h"

namespace tribute::datanet {

// Counts and entry indexes are below 2^63.
inline int64_t as_sql(uint64_t value) { return static_cast<int64_t>(value); }
inline int64_t as_sql(EntryIndex entry) { return as_sql(entry.value()); }
inline sql::Value as_sql(const std::optional<EntryIndex>& entry) {
  return entry ? sql::Value(as_sql(*entry)) : sql::Value();
}

inline uint64_t number_at(const sql::Row& row, size_t column) { return static_cast<uint64_t>(row.integer(column)); }
inline EntryIndex entry_at(const sql::Row& row, size_t column) { return EntryIndex(number_at(row, column)); }
inline std::optional<EntryIndex> optional_entry_at(const sql::Row& row, size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return entry_at(row, column);
}
// Errors: data_loss where the column holds no hash.
inline Result<Hash256> hash_at(const sql::Row& row, size_t column) {
  const auto hash = hash_from_hex(row.text(column));
  if (!hash) return fail(ErrorCode::data_loss, "the database holds '" + row.text(column) + "' in place of a hash");
  return *hash;
}

// What `read` makes of the only row, if there is one; of every row.
template <typename T>
Result<std::optional<T>> read_optional(const std::optional<sql::Row>& row, Result<T> (*read)(const sql::Row&)) {
  if (!row) return std::nullopt;
  return TRY(read(*row));
}
template <typename T>
Result<std::vector<T>> read_all(const std::vector<sql::Row>& rows, Result<T> (*read)(const sql::Row&)) {
  std::vector<T> values;
  values.reserve(rows.size());
  for (const sql::Row& row : rows) values.push_back(TRY(read(row)));
  return values;
}

}  // namespace tribute::datanet
