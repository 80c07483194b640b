#include "tlog/log.h"

#include <utility>

#include "base/check.h"
#include "tlog/merkle.h"
#include "tlog/tile.h"

namespace tribute::tlog {

std::string default_origin(const PublicKey& key) { return "tribute/" + sha256(key.bytes).hex().substr(0, 16); }

Log::Log(sql::Database& database, io::FileSystem& files, std::string folder, NoteSigner signer)
    : database_(&database), files_(files, std::move(folder)), writer_(files_), signer_(std::move(signer)) {}

Result<EntryIndex> Log::append(sql::Transaction& transaction, std::string_view entry) {
  if (entry.size() > kMaxEntryBytes) {
    return fail(ErrorCode::invalid_argument, "a log entry of " + std::to_string(entry.size()) +
                                                 " bytes is over the limit of " + std::to_string(kMaxEntryBytes));
  }
  LogTables tables(transaction);
  const uint64_t index = TRY(tables.next_index());
  TRY(tables.add_hash(0, index, leaf_hash(entry)));
  TRY(tables.stage(index, entry));
  return EntryIndex(index);
}

Result<Checkpoint> Log::publish() {
  // An earlier call, or an earlier run, may have stopped between the database and the folder.
  if (signed_ != published_) TRY(publish_signed());
  {
    sql::Transaction transaction = TRY(database_->begin());
    LogTables tables(transaction);
    const uint64_t size = TRY(tables.next_index());
    if (signed_ && signed_->checkpoint.size == size) return signed_->checkpoint;
    CHECK(edge_.size() <= size);
    Progress progress{edge_, {}};
    TRY(write_tiles(tables, progress, size));
    Checkpoint checkpoint{signer_.verifier().name(), size, progress.edge.root(), {}};
    std::string note = TRY(sign_checkpoint(checkpoint, signer_));
    SignedCheckpoint newest{std::move(checkpoint), std::move(note)};
    for (const TileHash& tile : progress.hashes) TRY(tables.add_hash(tile.level, tile.index, tile.hash));
    TRY(tables.add_checkpoint(newest));
    TRY(std::move(transaction).commit());
    edge_ = std::move(progress.edge);
    signed_ = std::move(newest);
  }
  TRY(publish_signed());
  return published_->checkpoint;
}

// The second half of publishing: `signed_` is in the database and its tiles are there.
Result<void> Log::publish_signed() {
  TRY(writer_.write_checkpoint(signed_->note));
  const uint64_t old_size = published_ ? published_->checkpoint.size : 0;
  published_ = signed_;
  writer_.remove_outgrown(old_size, published_->checkpoint.size);
  return prune();
}

Result<void> Log::prune() {
  sql::Transaction transaction = TRY(database_->begin());
  TRY(LogTables(transaction).prune_staged_below(published_->checkpoint.size));
  return std::move(transaction).commit();
}

// Writes and syncs the bundles and tiles that a log of `size` has and one of `progress.edge.size()` has not.
Result<void> Log::write_tiles(LogTables& tables, Progress& progress, uint64_t size) {
  if (progress.edge.size() == size) return {};
  writer_.begin();
  const uint64_t old_size = progress.edge.size();
  const auto on_full_tile = [&](const TileId& tile, std::span<const Hash256> hashes,
                                const Hash256& root) -> Result<void> {
    progress.hashes.push_back({tile.level + 1, tile.index, root});
    return writer_.write(tile, hashes);
  };
  for (uint64_t begin = old_size - old_size % kTileWidth; begin < size; begin += kTileWidth) {
    const BundleId bundle{begin / kTileWidth, bundle_width(size, begin / kTileWidth)};
    const std::vector<Hash256> leaves = TRY(tables.hashes(0, begin, begin + bundle.width));
    TRY(writer_.write(bundle, TRY(entries_of_bundle(tables, begin, leaves))));
    while (progress.edge.size() < begin + bundle.width) {
      TRY(progress.edge.append(leaves[progress.edge.size() - begin], on_full_tile));
    }
  }
  for (const TileId& tile : progress.edge.partial_tiles()) {
    // A tile that the smaller log had already is published.
    if (tile == TileId{tile.level, tile.index, tile_width(old_size, tile.level, tile.index)}) continue;
    TRY(writer_.write(tile, progress.edge.hashes(tile.level)));
  }
  return writer_.sync();
}

// The entries from `begin` on with these leaf hashes. Those that are not staged any more are published,
// and stand at the beginning of the bundle in the folder.
Result<std::vector<std::string>> Log::entries_of_bundle(LogTables& tables, uint64_t begin,
                                                        const std::vector<Hash256>& leaves) const {
  std::vector<LogTables::StagedEntry> staged = TRY(tables.staged(begin, begin + leaves.size()));
  const BundleId published{begin / kTileWidth, static_cast<uint32_t>(leaves.size() - staged.size())};
  std::vector<std::string> entries;
  if (published.width > 0) entries = TRY(files_.load_bundle(published));
  for (LogTables::StagedEntry& entry : staged) entries.push_back(std::move(entry.entry));
  for (size_t i = 0; i < entries.size(); ++i) {
    const Hash256 leaf = leaf_hash(entries[i]);
    if (leaf == leaves[i]) continue;
    const std::string where = i < published.width ? files_.full_path(path_of(published)) : "the database's staged log";
    return fail(ErrorCode::data_loss, where + ": entry " + std::to_string(begin + i) + " hashes to " + leaf.hex() +
                                          ", but was acknowledged with the hash " + leaves[i].hex());
  }
  return entries;
}

Result<std::string> Log::read(sql::Transaction& transaction, EntryIndex index) {
  LogTables tables(transaction);
  if (index.value() >= TRY(tables.next_index())) {
    return fail(ErrorCode::not_found, "the log has no entry " + std::to_string(index.value()));
  }
  auto staged = TRY(tables.staged(index.value(), index.value() + 1));
  if (!staged.empty()) return std::move(staged.front().entry);
  if (index.value() >= published().size) {
    return fail(ErrorCode::data_loss,
                "log entry " + std::to_string(index.value()) + " is neither staged in the database nor published");
  }
  const uint64_t bundle_index = index.value() / kTileWidth;
  const BundleId bundle{bundle_index, bundle_width(published().size, bundle_index)};
  std::vector<std::string> entries = TRY(files_.load_bundle(bundle));
  std::string& entry = entries[index.value() % kTileWidth];
  const Hash256 acknowledged = TRY(tables.hashes(0, index.value(), index.value() + 1)).front();
  if (leaf_hash(entry) != acknowledged) {
    return fail(ErrorCode::data_loss, files_.full_path(path_of(bundle)) + ": entry " + std::to_string(index.value()) +
                                          " hashes to " + leaf_hash(entry).hex() +
                                          ", but was acknowledged with the hash " + acknowledged.hex());
  }
  return std::move(entry);
}

Result<std::string> Log::read(EntryIndex index) {
  sql::Transaction transaction = TRY(database_->begin());
  return read(transaction, index);
}

Result<uint64_t> Log::size(sql::Transaction& transaction) { return LogTables(transaction).next_index(); }

Result<uint64_t> Log::size() {
  sql::Transaction transaction = TRY(database_->begin());
  return size(transaction);
}

}  // namespace tribute::tlog
