#include "datanet/content_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "datanet/content_pack_format.h"
#include "datanet/sql_values.h"

namespace tribute::datanet {
namespace {

constexpr sql::Migration kMigrations[] = {{.version = 1, .script = R"sql(
CREATE TABLE content_packs (
  pack TEXT NOT NULL PRIMARY KEY,
  size_bytes BIGINT NOT NULL
);
CREATE TABLE content_documents (
  sha256 TEXT NOT NULL PRIMARY KEY,
  pack TEXT NOT NULL REFERENCES content_packs (pack),
  record_offset BIGINT NOT NULL,
  stored_bytes BIGINT NOT NULL,
  document_bytes BIGINT NOT NULL
);
CREATE INDEX content_documents_by_pack ON content_documents (pack, record_offset);
)sql"}};

// Columns pack, record_offset, stored_bytes, document_bytes from `column` on.
ContentPlace place_of(const sql::Row& row, size_t column) {
  return {.pack = row.text(column),
          .record_offset = number_at(row, column + 1),
          .stored_bytes = number_at(row, column + 2),
          .document_bytes = number_at(row, column + 3)};
}

std::unexpected<Error> absent(const std::string& path) {
  return fail(ErrorCode::data_loss, path + ": the content pack is absent; restore it from a backup");
}

Result<std::optional<ContentPlace>> find(sql::Transaction& sql, const Hash256& sha256) {
  const auto row = TRY(
      sql.query_one("SELECT pack, record_offset, stored_bytes, document_bytes FROM content_documents WHERE sha256 = ?",
                    {sha256.hex()}));
  if (!row) return std::nullopt;
  return place_of(*row, 0);
}

Result<void> record_pack(sql::Transaction& sql, const std::string& pack, uint64_t size_bytes,
                         const std::vector<PackedDocument>& documents) {
  TRY(sql.execute("INSERT INTO content_packs (pack, size_bytes) VALUES (?, ?)", {pack, as_sql(size_bytes)}));
  for (const auto& [sha256, place] : documents) {
    TRY(
        sql.execute("INSERT INTO content_documents (sha256, pack, record_offset, stored_bytes, document_bytes) "
                    "VALUES (?, ?, ?, ?, ?)",
                    {sha256.hex(), place.pack, as_sql(place.record_offset), as_sql(place.stored_bytes),
                     as_sql(place.document_bytes)}));
  }
  return {};
}

// Bytewise by name.
Result<std::vector<std::string>> list_packs(sql::Transaction& sql) {
  std::vector<std::string> packs;
  for (const sql::Row& row : TRY(sql.query("SELECT pack FROM content_packs"))) packs.push_back(row.text(0));
  std::ranges::sort(packs);
  return packs;
}

// The documents that the index has for a pack, by their place in it.
Result<std::vector<PackedDocument>> documents_of(sql::Transaction& sql, const std::string& pack) {
  std::vector<PackedDocument> documents;
  for (const sql::Row& row :
       TRY(sql.query("SELECT sha256, pack, record_offset, stored_bytes, document_bytes FROM content_documents "
                     "WHERE pack = ? ORDER BY record_offset",
                     {pack}))) {
    documents.push_back({.sha256 = TRY(hash_at(row, 0)), .place = place_of(row, 1)});
  }
  return documents;
}

// Whether a pack holds a document to forget, recorded or not.
Result<bool> holds_any(io::FileSystem& files, const std::string& folder, const std::string& pack,
                       const std::vector<PackedDocument>& recorded, const std::unordered_set<Hash256>& documents) {
  const auto is_one = [&](const PackedDocument& document) { return documents.contains(document.sha256); };
  if (std::ranges::any_of(recorded, is_one)) return true;
  if (TRY(count_packed(files, folder, pack)) == recorded.size()) return false;
  return std::ranges::any_of(TRY(verify_pack(files, folder, pack)), is_one);
}

// Errors: data_loss unless every document that the index has for the pack stands there among `documents`,
// and the index has each of these, be it in another pack.
Result<void> compare_with_index(sql::Transaction& sql, const std::string& path, const std::string& pack,
                                const std::vector<PackedDocument>& documents) {
  // Both ascend by their place in the pack. One that lies in an earlier pack too is indexed there alone.
  auto rest = documents.begin();
  for (const PackedDocument& document : TRY(documents_of(sql, pack))) {
    rest = std::find(rest, documents.end(), document);
    if (rest == documents.end()) {
      return fail(ErrorCode::data_loss,
                  path + ": document " + document.sha256.hex() + " is not where the database says");
    }
  }
  for (const PackedDocument& document : documents) {
    if (!TRY(find(sql, document.sha256))) {
      return fail(ErrorCode::data_loss, path + ": document " + document.sha256.hex() + " is not in the database");
    }
  }
  return {};
}

}  // namespace

const sql::Schema& content_schema() {
  static constexpr sql::Schema schema = {.module = "content", .migrations = kMigrations};
  return schema;
}

Result<Hash256> PackWriter::add(std::string_view document) {
  const Hash256 sha256 = tribute::sha256(document);
  if (added_.contains(sha256)) return sha256;
  documents_.push_back(TRY(compress_document(document)));
  added_.insert(sha256);
  return sha256;
}

Result<void> PackWriter::finish(io::FileSystem& files, const std::string& folder, sql::Transaction& sql) && {
  std::vector<CompressedDocument> unstored;
  for (CompressedDocument& document : documents_) {
    if (!TRY(find(sql, document.sha256))) unstored.push_back(std::move(document));
  }
  if (unstored.empty()) return {};
  const Pack pack = make_pack(unstored);
  // A file of this name may be there, from a run that stopped before its commit. It has the same bytes.
  TRY(io::write_file_atomically(files, io::join(folder, pack.name), pack.bytes));
  return record_pack(sql, pack.name, pack.bytes.size(), pack.documents);
}

Result<std::string> read_content(io::FileSystem& files, const std::string& folder, sql::Transaction& sql,
                                 const Hash256& sha256) {
  const auto place = TRY(find(sql, sha256));
  if (!place) return fail(ErrorCode::not_found, "no document " + sha256.hex() + " is stored");
  auto document = read_document(files, folder, sha256, *place);
  if (!document && document.error().code == ErrorCode::not_found) return absent(io::join(folder, place->pack));
  return document;
}

Result<std::vector<Hash256>> list_content(sql::Transaction& sql) {
  std::vector<Hash256> hashes;
  for (const sql::Row& row : TRY(sql.query("SELECT sha256 FROM content_documents ORDER BY pack, record_offset"))) {
    hashes.push_back(TRY(hash_at(row, 0)));
  }
  return hashes;
}

Result<std::vector<std::string>> unreferenced_packs(io::FileSystem& files, const std::string& folder,
                                                    sql::Transaction& sql) {
  const std::vector<std::string> recorded = TRY(list_packs(sql));
  std::vector<std::string> unreferenced;
  for (const io::FolderEntry& entry : TRY(files.list(folder))) {
    if (!std::ranges::binary_search(recorded, entry.name)) unreferenced.push_back(entry.name);
  }
  return unreferenced;
}

Result<void> record_packs(io::FileSystem& files, const std::string& folder, sql::Transaction& sql) {
  for (const io::FolderEntry& entry : TRY(files.list(folder))) {
    if (!is_pack_name(entry.name)) continue;
    std::vector<PackedDocument> unrecorded;
    for (PackedDocument& document : TRY(verify_pack(files, folder, entry.name))) {
      if (!TRY(find(sql, document.sha256))) unrecorded.push_back(std::move(document));
    }
    if (!unrecorded.empty()) TRY(record_pack(sql, entry.name, entry.size_bytes, unrecorded));
  }
  return {};
}

Result<void> erase_content(io::FileSystem& files, const std::string& folder, sql::Transaction& sql,
                           const std::unordered_set<Hash256>& documents) {
  for (const std::string& name : TRY(list_packs(sql))) {
    const auto recorded = TRY(documents_of(sql, name));
    if (!TRY(holds_any(files, folder, name, recorded, documents))) continue;
    std::vector<CompressedDocument> kept;
    for (const auto& [sha256, place] : recorded) {
      if (!documents.contains(sha256)) kept.push_back(TRY(read_compressed(files, folder, sha256, place)));
    }
    TRY(sql.execute("DELETE FROM content_documents WHERE pack = ?", {name}));
    TRY(sql.execute("DELETE FROM content_packs WHERE pack = ?", {name}));
    if (kept.empty()) continue;
    const Pack pack = make_pack(kept);
    TRY(io::write_file_atomically(files, io::join(folder, pack.name), pack.bytes));
    TRY(record_pack(sql, pack.name, pack.bytes.size(), pack.documents));
  }
  return {};
}

Result<void> verify_content(io::FileSystem& files, const std::string& folder, sql::Transaction& sql) {
  for (const std::string& pack : TRY(list_packs(sql))) {
    const auto documents = verify_pack(files, folder, pack);
    if (!documents && documents.error().code == ErrorCode::not_found) return absent(io::join(folder, pack));
    if (!documents) return std::unexpected(documents.error());
    TRY(compare_with_index(sql, io::join(folder, pack), pack, *documents));
  }
  return {};
}

}  // namespace tribute::datanet
