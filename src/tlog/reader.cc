#include "tlog/reader.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "tlog/tile.h"

namespace tribute::tlog {
namespace {

std::unexpected<Error> wrong_hash(const std::string& what, const Hash256& got, const Hash256& expected) {
  return fail(ErrorCode::data_loss,
              what + " " + got.hex() + " instead of " + expected.hex() + ", which leads to the signed root");
}

std::string checkpoint_name(const LogFiles& files, const Checkpoint& checkpoint) {
  return files.full_path(kCheckpointPath) + " of size " + std::to_string(checkpoint.size);
}

}  // namespace

LogReader::LogReader(LogFiles files, VerifierKey key, Checkpoint checkpoint, std::string note)
    : files_(std::move(files)), key_(std::move(key)), checkpoint_(std::move(checkpoint)), note_(std::move(note)) {}

Result<LogReader> LogReader::open(io::FileSystem& file_system, std::string folder, VerifierKey key) {
  LogFiles files(file_system, std::move(folder));
  std::string note = TRY(files.load_checkpoint());
  Result<Checkpoint> checkpoint = open_checkpoint(note, key);
  if (!checkpoint) {
    // What came from a file and cannot be read is a broken file.
    Error error = std::move(checkpoint).error();
    if (error.code == ErrorCode::invalid_argument) error.code = ErrorCode::data_loss;
    return fail_within(files.full_path(kCheckpointPath), std::move(error));
  }
  return LogReader(std::move(files), std::move(key), std::move(checkpoint).value(), std::move(note));
}

Result<void> LogReader::require_size(uint64_t size) const {
  if (size <= checkpoint_.size) return {};
  return fail(ErrorCode::out_of_range,
              checkpoint_name(files_, checkpoint_) + " does not reach to " + std::to_string(size));
}

Result<void> LogReader::verify_right_edge() {
  if (right_edge_) return {};
  std::vector<std::vector<Hash256>> hashes(level_count(checkpoint_.size));
  std::string names;
  for (uint32_t level = 0; level < hashes.size(); ++level) {
    const uint64_t index = hash_count(checkpoint_.size, level) / kTileWidth;
    const TileId tile{level, index, tile_width(checkpoint_.size, level, index)};
    if (tile.width == 0) continue;
    hashes[level] = TRY(files_.load_tile(tile));
    names += (names.empty() ? "" : ", ") + files_.full_path(path_of(tile));
  }
  RightEdge edge(checkpoint_.size, std::move(hashes));
  if (edge.root() != checkpoint_.root) {
    return fail(ErrorCode::data_loss, (names.empty() ? "no tiles" : names) + ": together they give the root " +
                                          edge.root().hex() + ", but " + checkpoint_name(files_, checkpoint_) +
                                          " signs " + checkpoint_.root.hex());
  }
  right_edge_ = std::move(edge);
  return {};
}

Result<std::span<const Hash256>> LogReader::verified_tile(uint32_t level, uint64_t index) {
  TRY(verify_right_edge());
  const uint32_t width = tile_width(checkpoint_.size, level, index);
  CHECK(width > 0);
  if (width < kTileWidth) return right_edge_->hashes(level);
  std::optional<CachedTile>& cached = cache_[level];
  if (!cached || cached->index != index) {
    const TileId tile{level, index, kTileWidth};
    std::vector<Hash256> hashes = TRY(files_.load_tile(tile));
    const Hash256 expected = TRY(verified_tile(level + 1, index / kTileWidth))[index % kTileWidth];
    const Hash256 root = root_of(hashes);
    if (root != expected) return wrong_hash(files_.full_path(path_of(tile)) + ": its hashes give", root, expected);
    cached = CachedTile{index, std::move(hashes)};
  }
  return cached->hashes;
}

Result<Hash256> LogReader::verified_hash(Subtree subtree) {
  const TileSlice slice = slice_of(subtree);
  const auto hashes = TRY(verified_tile(slice.level, slice.index));
  return root_of(hashes.subspan(slice.begin, slice.end - slice.begin));
}

Result<void> LogReader::read(uint64_t begin, uint64_t end, const EntryCallback& on_entry) {
  TRY(require_size(end));
  if (begin > end) {
    return fail(ErrorCode::out_of_range,
                "no entries from " + std::to_string(begin) + " to " + std::to_string(end) + ": the end comes first");
  }
  for (uint64_t next = begin; next < end;) {
    const uint64_t index = next / kTileWidth;
    const BundleId bundle{index, bundle_width(checkpoint_.size, index)};
    const std::vector<std::string> entries = TRY(files_.load_bundle(bundle));
    // A copy, because the callback may use this reader.
    const auto verified = TRY(verified_tile(0, index));
    const std::vector<Hash256> leaves(verified.begin(), verified.end());
    for (; next < end && next / kTileWidth == index; ++next) {
      const std::string& entry = entries[next % kTileWidth];
      const Hash256 leaf = leaf_hash(entry);
      if (leaf != leaves[next % kTileWidth]) {
        return wrong_hash(files_.full_path(path_of(bundle)) + ": entry " + std::to_string(next) + " hashes to", leaf,
                          leaves[next % kTileWidth]);
      }
      TRY(on_entry(EntryIndex(next), entry));
    }
  }
  return {};
}

Result<std::string> LogReader::read_entry(EntryIndex index) {
  std::string result;
  // No index of an entry reaches 2^63, so that adding 1 does not wrap around.
  TRY(require_size(std::min(index.value(), kMaxTreeSize) + 1));
  TRY(read(index.value(), index.value() + 1, [&result](EntryIndex, std::string_view entry) -> Result<void> {
    result = entry;
    return {};
  }));
  return result;
}

Result<AuditCounts> LogReader::audit(const EntryCallback& on_entry) {
  AuditCounts counts;
  RightEdge derived;
  std::optional<Mismatch> mismatch;
  const auto compare = [&](const TileId& tile, std::span<const Hash256> hashes) -> Result<void> {
    const std::vector<Hash256> stored = TRY(files_.load_tile(tile));
    ++counts.tiles;
    const auto [wrong, right] = std::ranges::mismatch(stored, hashes);
    if (wrong != stored.end() && !mismatch) {
      mismatch = Mismatch{tile, static_cast<uint32_t>(wrong - stored.begin()), *wrong, *right};
    }
    return {};
  };
  const auto compare_full = [&compare](const TileId& tile, std::span<const Hash256> hashes, const Hash256&) {
    return compare(tile, hashes);
  };
  // The reading goes on after a mismatch: only the root tells whether the tile or the entries are wrong.
  for (uint64_t index = 0; index < bundle_count(checkpoint_.size); ++index) {
    const auto entries = TRY(files_.load_bundle({index, bundle_width(checkpoint_.size, index)}));
    ++counts.bundles;
    for (const std::string& entry : entries) {
      if (on_entry) TRY(on_entry(EntryIndex(counts.entries), entry));
      TRY(derived.append(leaf_hash(entry), compare_full));
      ++counts.entries;
    }
  }
  CHECK(derived.size() == checkpoint_.size);
  for (const TileId& tile : derived.partial_tiles()) TRY(compare(tile, derived.hashes(tile.level)));
  if (mismatch || derived.root() != checkpoint_.root) return std::unexpected(verdict(mismatch, derived.root()));
  return counts;
}

Error LogReader::verdict(const std::optional<Mismatch>& mismatch, const Hash256& derived_root) {
  if (!mismatch) {
    return {ErrorCode::data_loss, checkpoint_name(files_, checkpoint_) + ": it signs the root " +
                                      checkpoint_.root.hex() + ", but the log's entries and tiles give " +
                                      derived_root.hex()};
  }
  const TileId& tile = mismatch->tile;
  const std::string tile_hash = files_.full_path(path_of(tile)) + ": hash " + std::to_string(mismatch->position);
  if (derived_root == checkpoint_.root) {
    return wrong_hash(tile_hash + " is", mismatch->stored, mismatch->derived).error();
  }
  if (!verified_tile(tile.level, tile.index)) {
    return {ErrorCode::data_loss, tile_hash + " is " + mismatch->stored.hex() + ", the log's entries give " +
                                      mismatch->derived.hex() + ", and neither leads to the signed root"};
  }
  const uint64_t position = tile.index * kTileWidth + mismatch->position;
  if (tile.level == 0) {
    const BundleId bundle{tile.index, tile.width};
    return wrong_hash(files_.full_path(path_of(bundle)) + ": entry " + std::to_string(position) + " hashes to",
                      mismatch->derived, mismatch->stored)
        .error();
  }
  const TileId below{tile.level - 1, position, kTileWidth};
  return wrong_hash(files_.full_path(path_of(below)) + ": it and the bundles below it agree on the root",
                    mismatch->derived, mismatch->stored)
      .error();
}

Result<Hash256> LogReader::root_at(uint64_t size) {
  TRY(require_size(size));
  return tree_root(size, [this](Subtree subtree) { return verified_hash(subtree); });
}

Result<std::vector<Hash256>> LogReader::inclusion_proof(EntryIndex index, uint64_t size) {
  TRY(require_size(size));
  return tlog::inclusion_proof(index.value(), size, [this](Subtree subtree) { return verified_hash(subtree); });
}

Result<std::vector<Hash256>> LogReader::consistency_proof(uint64_t old_size, uint64_t size) {
  TRY(require_size(size));
  return tlog::consistency_proof(old_size, size, [this](Subtree subtree) { return verified_hash(subtree); });
}

}  // namespace tribute::tlog
