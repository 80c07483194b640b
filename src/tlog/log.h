// The log that this program writes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "base/sign.h"
#include "io/file_system.h"
#include "sql/database.h"
#include "tlog/checkpoint.h"
#include "tlog/log_files.h"
#include "tlog/log_tables.h"
#include "tlog/note.h"
#include "tlog/right_edge.h"
#include "tlog/tile_writer.h"

namespace tribute::tlog {

class LogReader;

struct LogOptions {
  std::string origin;  // the log's name and its key's; default_origin() is one
  PrivateKey key;      // Ed25519
};

// "tribute/" and the first 16 hexadecimal digits of the SHA-256 of the key's bytes.
std::string default_origin(const PublicKey& key);

// A transparency log in two stores: the database acknowledges entries, the log folder publishes them.
//
// An entry is in the log once the transaction that appended it is committed. The folder (`checkpoint`,
// `vkey`, `tile/…`) is a function of the entries; publish() brings it up to date in an order that leaves,
// wherever it stops, a checkpoint whose tiles are all there, and in the database every checkpoint that
// was ever signed, so that one size never gets two roots.
//
// In memory there is only the right edge of the published tree, which open() reads from the database:
// the hashes of the last, partial tile of each level, at most 255 rows per level.
//
// Not thread-safe: one writer. The Database and the FileSystem must outlive it, and nobody else may
// write their tables or files. Functions that say so begin a transaction: the caller must have none.
class Log {
 public:
  static sql::Schema schema() { return log_schema(); }

  // Opens the log in `folder`, made if absent; schema() must have been migrated. Finishes what an
  // earlier run left undone, then publishes: when it returns, every committed entry is published and
  // there is a checkpoint, of size 0 in a new log. Begins transactions. O(256 log n) and the cost of
  // publish().
  //
  // Errors: failed_precondition if the published log is larger than the database's, which is then an
  // older backup, or if it is another key's log; data_loss if their roots differ, naming both, or a
  // file that is needed is missing or wrong; invalid_argument for options that are no log's.
  static Result<std::unique_ptr<Log>> open(sql::Database& database, io::FileSystem& files, std::string folder,
                                           LogOptions options);
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Appends an entry of at most kMaxEntryBytes within the caller's transaction and returns its index:
  // the number of entries before it. It is in the log when the transaction commits; a rolled-back one
  // leaves no trace. O(log n). Errors: invalid_argument for a longer entry; those of the transaction.
  Result<EntryIndex> append(sql::Transaction& transaction, std::string_view entry);

  // Publishes every committed entry and returns the newest checkpoint; the one there is, if nothing
  // is new. Begins transactions. O(new entries + 256 log n). After an error it may be called again.
  Result<Checkpoint> publish();

  // The entry, as the log has it. Errors: not_found for an index that the log does not have;
  // data_loss if its bundle is missing or wrong.
  Result<std::string> read(sql::Transaction& transaction, EntryIndex index);
  Result<std::string> read(EntryIndex index);  // begins a transaction

  // The number of entries, published or not.
  Result<uint64_t> size(sql::Transaction& transaction);
  Result<uint64_t> size();  // begins a transaction

  // The checkpoint in the folder, and its note.
  const Checkpoint& published() const { return published_->checkpoint; }
  const std::string& published_note() const { return published_->note; }

  const VerifierKey& verifier_key() const { return signer_.verifier(); }

  // Fills the empty tables of a new database from a published log, every file of which it verifies.
  // Errors: failed_precondition if the tables are not empty; those of LogReader::audit.
  static Result<void> restore(sql::Transaction& transaction, LogReader& reader);

 private:
  // The hash of a full tile, for the level above it.
  struct TileHash {
    uint32_t level = 0;
    uint64_t index = 0;
    Hash256 hash;
  };
  // A right edge that moves ahead, and the hashes of the tiles that became full on the way.
  struct Progress {
    RightEdge edge;
    std::vector<TileHash> hashes;
  };

  Log(sql::Database& database, io::FileSystem& files, std::string folder, NoteSigner signer);

  Result<void> write_verifier_key();
  Result<std::optional<SignedCheckpoint>> load_published() const;
  Result<void> recover();
  Result<Progress> load_edge(LogTables& tables, uint64_t size) const;
  Result<void> advance(LogTables& tables, Progress& progress, uint64_t size) const;
  Result<void> require_agreement(const Progress& progress, const Checkpoint& checkpoint) const;

  Result<void> write_tiles(LogTables& tables, Progress& progress, uint64_t size);
  Result<std::vector<std::string>> entries_of_bundle(LogTables& tables, uint64_t begin,
                                                     const std::vector<Hash256>& leaves) const;
  Result<void> publish_signed();
  Result<void> prune();

  sql::Database* database_;
  LogFiles files_;
  TileWriter writer_;
  NoteSigner signer_;
  RightEdge edge_;                             // of the tree of signed_
  std::optional<SignedCheckpoint> signed_;     // the newest in the database, its tiles written
  std::optional<SignedCheckpoint> published_;  // the one in the folder: signed_ or the one before
};

}  // namespace tribute::tlog
