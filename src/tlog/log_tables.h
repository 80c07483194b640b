// The log's tables in the database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "sql/database.h"
#include "tlog/checkpoint.h"

namespace tribute::tlog {

// The tables' schema, under the name "tlog".
sql::Schema log_schema();

// A checkpoint that the log signed, with its note.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::string note;

  friend bool operator==(const SignedCheckpoint&, const SignedCheckpoint&) = default;
};

// What the log keeps in the database, within one transaction: the hash of every entry and of every
// full tile, for good; the entries that are not published yet; every checkpoint that was signed.
//
// Hashes have the levels and indexes of tiles: level 0 is leaf hashes, and the hash `index` of level
// l + 1 is the root of the full tile `index` of level l. Ranges are half-open. Errors: those of
// sql::Transaction, and data_loss for what is not as this class wrote it. The Transaction must outlive it.
class LogTables {
 public:
  explicit LogTables(sql::Transaction& transaction) : transaction_(transaction) {}

  // The number of entries, which is the index of the next one. O(log n).
  Result<uint64_t> next_index();

  Result<void> add_hash(uint32_t level, uint64_t index, const Hash256& hash);
  // All of the range (data_loss if one is missing).
  Result<std::vector<Hash256>> hashes(uint32_t level, uint64_t begin, uint64_t end);

  Result<void> stage(uint64_t index, std::string_view entry);
  struct StagedEntry {
    uint64_t index = 0;
    std::string entry;
  };
  // Those of the range that are staged, in order.
  Result<std::vector<StagedEntry>> staged(uint64_t begin, uint64_t end);
  Result<void> prune_staged_below(uint64_t end);

  // Errors: already_exists if there is one of this size, so that a size never has a second root.
  Result<void> add_checkpoint(const SignedCheckpoint& checkpoint);
  // The largest one, verified to be the key's; nullopt where there is none.
  Result<std::optional<SignedCheckpoint>> newest_checkpoint(const VerifierKey& key);

 private:
  sql::Transaction& transaction_;
};

}  // namespace tribute::tlog
