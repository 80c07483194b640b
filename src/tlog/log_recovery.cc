// How a log is opened: what the database and the folder say is compared, and what an earlier run left
// undone is done.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "tlog/log.h"
#include "tlog/merkle.h"
#include "tlog/reader.h"

namespace tribute::tlog {

Result<std::unique_ptr<Log>> Log::open(sql::Database& database, io::FileSystem& files, std::string folder,
                                       LogOptions options) {
  NoteSigner signer = TRY(NoteSigner::create(std::move(options.origin), std::move(options.key)));
  TRY(io::make_folders(files, folder));
  std::unique_ptr<Log> log(new Log(database, files, std::move(folder), std::move(signer)));
  TRY(log->write_verifier_key());
  TRY(log->recover());
  TRY(log->publish());
  // The run before may have stopped before it pruned.
  TRY(log->prune());
  return log;
}

Result<void> Log::write_verifier_key() {
  const std::string path = files_.full_path(kVerifierKeyPath);
  const std::string text = signer_.verifier().text() + "\n";
  if (!TRY(files_.file_system().exists(path))) return io::write_file_atomically(files_.file_system(), path, text);
  if (TRY(io::read_file(files_.file_system(), path)) == text) return {};
  return fail(ErrorCode::failed_precondition,
              path + ": the log has another key than this workspace's " + signer_.verifier().text());
}

Result<std::optional<SignedCheckpoint>> Log::load_published() const {
  const auto reader = LogReader::open(files_.file_system(), files_.folder(), signer_.verifier());
  if (reader) return SignedCheckpoint{reader->checkpoint(), reader->checkpoint_note()};
  if (reader.error().code == ErrorCode::not_found) return std::nullopt;
  return std::unexpected(reader.error());
}

// Step 6 of the protocol; docs/design has the table of what may have happened.
Result<void> Log::recover() {
  published_ = TRY(load_published());
  const uint64_t published_size = published_ ? published_->checkpoint.size : 0;
  sql::Transaction transaction = TRY(database_->begin());
  LogTables tables(transaction);
  const uint64_t size = TRY(tables.next_index());
  if (published_size > size) {
    return fail(ErrorCode::failed_precondition,
                files_.full_path(kCheckpointPath) + ": the published log has " + std::to_string(published_size) +
                    " entries, the database only " + std::to_string(size) +
                    ": the database is an older backup; rebuild it with `tribute recover --from-log`");
  }
  signed_ = TRY(tables.newest_checkpoint(signer_.verifier()));
  const uint64_t signed_size = signed_ ? signed_->checkpoint.size : 0;
  if (signed_size > size) {
    return fail(ErrorCode::data_loss, "the database has a checkpoint of size " + std::to_string(signed_size) +
                                          ", but only " + std::to_string(size) + " log entries");
  }
  // What is not in the database as the hash of a full tile is derived from what is.
  Progress progress = TRY(load_edge(tables, std::min(published_size, signed_size)));
  TRY(advance(tables, progress, published_size));
  if (published_) TRY(require_agreement(progress, published_->checkpoint));
  if (published_ && (!signed_ || signed_size < published_size)) {
    // The database is an older backup that has every published entry. Now it has the checkpoint too.
    for (const TileHash& tile : progress.hashes) TRY(tables.add_hash(tile.level, tile.index, tile.hash));
    TRY(tables.add_checkpoint(*published_));
    TRY(std::move(transaction).commit());
    signed_ = published_;
  } else if (signed_) {
    // The run before may have signed and stopped. Its tiles were written; that they are there is worth
    // the writing again.
    TRY(write_tiles(tables, progress, signed_size));
    TRY(require_agreement(progress, signed_->checkpoint));
  }
  edge_ = std::move(progress.edge);
  return {};
}

// The right edge of the first `size` entries, for a size up to that of the newest checkpoint.
Result<Log::Progress> Log::load_edge(LogTables& tables, uint64_t size) const {
  std::vector<std::vector<Hash256>> hashes(level_count(size));
  for (uint32_t level = 0; level < hashes.size(); ++level) {
    const uint64_t count = hash_count(size, level);
    hashes[level] = TRY(tables.hashes(level, count - count % kTileWidth, count));
  }
  return Progress{RightEdge(size, std::move(hashes)), {}};
}

// Appends the leaf hashes up to `size`, without writing anything.
Result<void> Log::advance(LogTables& tables, Progress& progress, uint64_t size) const {
  const auto on_full_tile = [&](const TileId& tile, std::span<const Hash256>, const Hash256& root) -> Result<void> {
    progress.hashes.push_back({tile.level + 1, tile.index, root});
    return {};
  };
  while (progress.edge.size() < size) {
    const uint64_t begin = progress.edge.size();
    const uint64_t end = std::min(size, begin + kTileWidth);
    for (const Hash256& leaf : TRY(tables.hashes(0, begin, end))) TRY(progress.edge.append(leaf, on_full_tile));
  }
  return {};
}

Result<void> Log::require_agreement(const Progress& progress, const Checkpoint& checkpoint) const {
  CHECK(progress.edge.size() == checkpoint.size);
  const Hash256 root = progress.edge.root();
  if (root == checkpoint.root) return {};
  return fail(ErrorCode::data_loss, files_.full_path(kCheckpointPath) + ": the log of size " +
                                        std::to_string(checkpoint.size) + " was signed with the root " +
                                        checkpoint.root.hex() + ", but the database's entries give " + root.hex());
}

Result<void> Log::restore(sql::Transaction& transaction, LogReader& reader) {
  LogTables tables(transaction);
  if (TRY(tables.next_index()) != 0) {
    return fail(ErrorCode::failed_precondition, "the database has log entries already; restore into a new one");
  }
  RightEdge edge;
  const auto on_full_tile = [&tables](const TileId& tile, std::span<const Hash256>, const Hash256& root) {
    return tables.add_hash(tile.level + 1, tile.index, root);
  };
  TRY(reader.audit([&](EntryIndex index, std::string_view entry) -> Result<void> {
    const Hash256 leaf = leaf_hash(entry);
    TRY(tables.add_hash(0, index.value(), leaf));
    return edge.append(leaf, on_full_tile);
  }));
  return tables.add_checkpoint({reader.checkpoint(), reader.checkpoint_note()});
}

}  // namespace tribute::tlog
