// The catalog: which log entries are manifests, model versions and receipts. The entries themselves
// are read from the log; these tables only find them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "sql/database.h"

namespace tribute::workspace {

const sql::Schema& catalog_schema();

struct ManifestRow {
  EntryIndex entry;
  EntryIndex datanet;
  Hash256 manifest_sha256;
  std::optional<EntryIndex> succeeded_by;  // the manifest that took its place when withdrawn content was erased
};
// `succeeds`: the manifest whose place it takes, which must be there.
Result<void> insert_manifest(sql::Transaction& sql, const ManifestRow& row, std::optional<EntryIndex> succeeds);
// The manifest at an entry, or the last of its successors: what a model that pins the entry is traced by.
// Errors: data_loss where there is none.
Result<ManifestRow> manifest_in_force(sql::Transaction& sql, EntryIndex pinned);
// The newest manifest of a DataNet, if any.
Result<std::optional<ManifestRow>> newest_manifest(sql::Transaction& sql, EntryIndex datanet);
Result<std::vector<ManifestRow>> list_manifests(sql::Transaction& sql, EntryIndex datanet);

struct ModelRow {
  EntryIndex entry;  // of this version
  EntryIndex first;  // of the first version: names the model
  std::string name;
  uint32_t version = 1;
};
Result<void> insert_model(sql::Transaction& sql, const ModelRow& row);
Result<std::optional<ModelRow>> newest_model(sql::Transaction& sql, std::string_view name);
Result<std::optional<ModelRow>> model_version(sql::Transaction& sql, EntryIndex entry);
// All versions of all models, by name and version.
Result<std::vector<ModelRow>> list_models(sql::Transaction& sql);

struct ReceiptRow {
  EntryIndex entry;
  std::string id;    // the first 32 hex digits of the body's SHA-256
  EntryIndex model;  // the version's entry
  std::string payer;
  Amount fee;
  uint64_t time_ms = 0;
  Hash256 body_sha256;
  bool is_public = false;  // where the body lies
};
Result<void> insert_receipt(sql::Transaction& sql, const ReceiptRow& row);
Result<std::optional<ReceiptRow>> find_receipt(sql::Transaction& sql, std::string_view id);

struct ReceiptFilter {
  std::optional<std::string> payer;
  std::optional<std::string> model;  // a model's name: all its versions
  uint32_t limit = 100;              // the newest ones, newest first
};
Result<std::vector<ReceiptRow>> list_receipts(sql::Transaction& sql, const ReceiptFilter& filter);

// A charge's idempotency key: which request it came with, and the receipt that it led to.
struct ChargeKeyRow {
  std::string key;
  Hash256 request_hash;
  std::string receipt_id;
};
Result<void> insert_charge_key(sql::Transaction& sql, const ChargeKeyRow& row);
Result<std::optional<ChargeKeyRow>> find_charge_key(sql::Transaction& sql, std::string_view key);
Result<std::vector<ChargeKeyRow>> list_charge_keys(sql::Transaction& sql);  // by key

}  // namespace tribute::workspace
