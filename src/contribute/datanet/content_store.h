// The documents of a workspace by their SHA-256: packs in a folder, and an index of them in SQL.
//
// Each document is stored once. The order of writing makes a crash harmless: a pack is durable before
// the transaction that records it is committed; a pack that no committed transaction recorded is not
// referenced and can be removed. `folder` is the content folder, which must exist.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "datanet/content_pack.h"
#include "io/file_system.h"
#include "sql/database.h"

namespace tribute::datanet {

// The tables of the index. docs/formats/database.md.
const sql::Schema& content_schema();

// Collects the documents of one batch, compressed, in memory, and writes them as one pack.
// Not thread-safe.
class PackWriter {
 public:
  // Adds a document unless it is in this batch already. Returns its SHA-256.
  // Errors: out_of_range for a document over 4 GiB.
  Result<Hash256> add(std::string_view document);

  // Writes the documents that are not stored yet as one pack, durable when this returns, and records
  // it in the caller's transaction. Writes nothing where there is nothing new.
  // Errors: those of the file system and of the transaction.
  Result<void> finish(io::FileSystem& files, const std::string& folder, sql::Transaction& sql) &&;

 private:
  std::vector<CompressedDocument> documents_;
  std::unordered_set<Hash256> added_;
};

// The document, checked against its hash. Errors: not_found if no document of that hash is recorded;
// data_loss naming the document and its pack if the pack is absent or damaged.
Result<std::string> read_content(io::FileSystem& files, const std::string& folder, sql::Transaction& sql,
                                 const Hash256& sha256);

// The hashes of all stored documents, ascending by pack and by their place in it, which is the
// quickest order to read them in.
Result<std::vector<Hash256>> list_content(sql::Transaction& sql);

// Files in the folder that no record names, by name: packs of transactions that were never committed,
// and temporary files that a crash left.
Result<std::vector<std::string>> unreferenced_packs(io::FileSystem& files, const std::string& folder,
                                                    sql::Transaction& sql);

// Records every document of the folder's packs, each where it is found first, in an index that may lack
// some: how an index is made again from the packs alone. O(all content).
// Errors: data_loss naming the first pack that is damaged.
Result<void> record_packs(io::FileSystem& files, const std::string& folder, sql::Transaction& sql);

// Forgets documents, where they are there: every pack that holds one, be it a copy that is not recorded, is
// written again without it, durable when this returns, which is recorded in the caller's transaction. Once
// that is committed, unreferenced_packs() names the old packs, which are to be removed; before, nothing is lost.
// O(packs), and the packs that hold them. Errors: those of read_content() and of writing.
Result<void> erase_content(io::FileSystem& files, const std::string& folder, sql::Transaction& sql,
                           const std::unordered_set<Hash256>& documents);

// Reads every recorded pack wholly and compares it with the index. O(all content).
// Errors: data_loss naming the first pack that is absent or damaged, or the document whose place is wrong.
Result<void> verify_content(io::FileSystem& files, const std::string& folder, sql::Transaction& sql);

}  // namespace tribute::datanet
