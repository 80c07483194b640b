#include "workspace/catalog.h"

#include <array>

#include "base/check.h"

namespace tribute::workspace {
namespace {

constexpr std::array kMigrations = {sql::Migration{1, R"(
CREATE TABLE manifest (
  entry BIGINT PRIMARY KEY,
  datanet BIGINT NOT NULL,
  manifest_sha256 TEXT NOT NULL
);
CREATE INDEX manifest_by_datanet ON manifest (datanet, entry);
CREATE TABLE model_version (
  entry BIGINT PRIMARY KEY,
  first BIGINT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (name, version)
);
CREATE TABLE receipt (
  entry BIGINT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  model BIGINT NOT NULL,
  payer TEXT NOT NULL,
  fee BIGINT NOT NULL,
  time_ms BIGINT NOT NULL,
  body_sha256 TEXT NOT NULL,
  is_public BIGINT NOT NULL
);
CREATE INDEX receipt_by_payer ON receipt (payer, entry);
CREATE TABLE charge_key (
  idempotency_key TEXT PRIMARY KEY,
  request_hash TEXT NOT NULL,
  receipt_id TEXT NOT NULL
);
)"},
                                    sql::Migration{2, R"(
ALTER TABLE manifest ADD COLUMN succeeded_by BIGINT;
)"}};

constexpr std::string_view kManifestColumns = "SELECT entry, datanet, manifest_sha256, succeeded_by FROM manifest ";
constexpr std::string_view kModelColumns = "SELECT entry, first, name, version FROM model_version ";
constexpr std::string_view kReceiptColumns =
    "SELECT r.entry, r.id, r.model, r.payer, r.fee, r.time_ms, r.body_sha256, r.is_public FROM receipt r ";

constexpr std::string_view kChargeKeyColumns = "SELECT idempotency_key, request_hash, receipt_id FROM charge_key ";

int64_t integer(EntryIndex entry) { return static_cast<int64_t>(entry.value()); }
EntryIndex entry_at(const sql::Row& row, size_t column) {
  return EntryIndex(static_cast<uint64_t>(row.integer(column)));
}

std::string select(std::string_view columns, std::string_view rest) { return std::string(columns) + std::string(rest); }

Result<ManifestRow> manifest_row(const sql::Row& row) {
  ManifestRow manifest{entry_at(row, 0), entry_at(row, 1), TRY(hash_from_hex(row.text(2))), std::nullopt};
  if (!row.is_null(3)) manifest.succeeded_by = entry_at(row, 3);
  return manifest;
}

Result<ModelRow> model_row(const sql::Row& row) {
  return ModelRow{entry_at(row, 0), entry_at(row, 1), row.text(2), static_cast<uint32_t>(row.integer(3))};
}

Result<ReceiptRow> receipt_row(const sql::Row& row) {
  return ReceiptRow{.entry = entry_at(row, 0),
                    .id = row.text(1),
                    .model = entry_at(row, 2),
                    .payer = row.text(3),
                    .fee = Amount(row.integer(4)),
                    .time_ms = static_cast<uint64_t>(row.integer(5)),
                    .body_sha256 = TRY(hash_from_hex(row.text(6))),
                    .is_public = row.integer(7) != 0};
}

Result<ChargeKeyRow> charge_key_row(const sql::Row& row) {
  return ChargeKeyRow{row.text(0), TRY(hash_from_hex(row.text(1))), row.text(2)};
}

template <typename T>
Result<std::optional<T>> optional_of(const std::optional<sql::Row>& row, Result<T> (*convert)(const sql::Row&)) {
  if (!row) return std::nullopt;
  return TRY(convert(*row));
}

template <typename T>
Result<std::vector<T>> all_of(const std::vector<sql::Row>& rows, Result<T> (*convert)(const sql::Row&)) {
  std::vector<T> result;
  result.reserve(rows.size());
  for (const sql::Row& row : rows) result.push_back(TRY(convert(row)));
  return result;
}

}  // namespace

const sql::Schema& catalog_schema() {
  static const sql::Schema schema{"catalog", kMigrations};
  return schema;
}

Result<void> insert_manifest(sql::Transaction& sql, const ManifestRow& row, std::optional<EntryIndex> succeeds) {
  TRY(sql.execute("INSERT INTO manifest (entry, datanet, manifest_sha256) VALUES (?, ?, ?)",
                  {integer(row.entry), integer(row.datanet), row.manifest_sha256.hex()}));
  if (!succeeds) return {};
  const int64_t changed = TRY(
      sql.execute("UPDATE manifest SET succeeded_by = ? WHERE entry = ?", {integer(row.entry), integer(*succeeds)}));
  CHECK(changed == 1);
  return {};
}

Result<ManifestRow> manifest_in_force(sql::Transaction& sql, EntryIndex pinned) {
  // A successor's entry is above that of what it succeeds, so that the walk ends.
  for (EntryIndex entry = pinned;;) {
    const auto row = TRY(
        optional_of(TRY(sql.query_one(select(kManifestColumns, "WHERE entry = ?"), {integer(entry)})), manifest_row));
    if (!row || (row->succeeded_by && *row->succeeded_by <= entry)) {
      return fail(ErrorCode::data_loss, "the database has no manifest for entry " + std::to_string(pinned.value()) +
                                            "; run `tribute doctor`");
    }
    if (!row->succeeded_by) return *row;
    entry = *row->succeeded_by;
  }
}

Result<std::optional<ManifestRow>> newest_manifest(sql::Transaction& sql, EntryIndex datanet) {
  return optional_of(
      TRY(sql.query_one(select(kManifestColumns, "WHERE datanet = ? ORDER BY entry DESC LIMIT 1"), {integer(datanet)})),
      manifest_row);
}

Result<std::vector<ManifestRow>> list_manifests(sql::Transaction& sql, EntryIndex datanet) {
  return all_of(TRY(sql.query(select(kManifestColumns, "WHERE datanet = ? ORDER BY entry"), {integer(datanet)})),
                manifest_row);
}

Result<void> insert_model(sql::Transaction& sql, const ModelRow& row) {
  TRY(sql.execute("INSERT INTO model_version (entry, first, name, version) VALUES (?, ?, ?, ?)",
                  {integer(row.entry), integer(row.first), row.name, int64_t{row.version}}));
  return {};
}

Result<std::optional<ModelRow>> newest_model(sql::Transaction& sql, std::string_view name) {
  return optional_of(
      TRY(sql.query_one(select(kModelColumns, "WHERE name = ? ORDER BY version DESC LIMIT 1"), {std::string(name)})),
      model_row);
}

Result<std::optional<ModelRow>> model_version(sql::Transaction& sql, EntryIndex entry) {
  return optional_of(TRY(sql.query_one(select(kModelColumns, "WHERE entry = ?"), {integer(entry)})), model_row);
}

Result<std::vector<ModelRow>> list_models(sql::Transaction& sql) {
  return all_of(TRY(sql.query(select(kModelColumns, "ORDER BY name, version"))), model_row);
}

Result<void> insert_receipt(sql::Transaction& sql, const ReceiptRow& row) {
  TRY(
      sql.execute("INSERT INTO receipt (entry, id, model, payer, fee, time_ms, body_sha256, is_public) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                  {integer(row.entry), row.id, integer(row.model), row.payer, row.fee.millionths(),
                   static_cast<int64_t>(row.time_ms), row.body_sha256.hex(), int64_t{row.is_public}}));
  return {};
}

Result<std::optional<ReceiptRow>> find_receipt(sql::Transaction& sql, std::string_view id) {
  return optional_of(TRY(sql.query_one(select(kReceiptColumns, "WHERE r.id = ?"), {std::string(id)})), receipt_row);
}

Result<std::vector<ReceiptRow>> list_receipts(sql::Transaction& sql, const ReceiptFilter& filter) {
  std::string statement = select(kReceiptColumns, "JOIN model_version m ON m.entry = r.model WHERE 1 = 1");
  std::vector<sql::Value> parameters;
  if (filter.payer) {
    statement += " AND r.payer = ?";
    parameters.emplace_back(*filter.payer);
  }
  if (filter.model) {
    statement += " AND m.name = ?";
    parameters.emplace_back(*filter.model);
  }
  statement += " ORDER BY r.entry DESC LIMIT ?";
  parameters.emplace_back(int64_t{filter.limit});
  return all_of(TRY(sql.query(statement, std::move(parameters))), receipt_row);
}

Result<void> insert_charge_key(sql::Transaction& sql, const ChargeKeyRow& row) {
  TRY(sql.execute("INSERT INTO charge_key (idempotency_key, request_hash, receipt_id) VALUES (?, ?, ?)",
                  {row.key, row.request_hash.hex(), row.receipt_id}));
  return {};
}

Result<std::optional<ChargeKeyRow>> find_charge_key(sql::Transaction& sql, std::string_view key) {
  return optional_of(TRY(sql.query_one(select(kChargeKeyColumns, "WHERE idempotency_key = ?"), {std::string(key)})),
                     charge_key_row);
}

Result<std::vector<ChargeKeyRow>> list_charge_keys(sql::Transaction& sql) {
  return all_of(TRY(sql.query(select(kChargeKeyColumns, "ORDER BY idempotency_key"))), charge_key_row);
}

}  // namespace tribute::workspace
