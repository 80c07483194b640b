// Reads a published log, trusting nothing of whoever wrote it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "tlog/checkpoint.h"
#include "tlog/layout.h"
#include "tlog/log_files.h"
#include "tlog/merkle.h"
#include "tlog/note.h"
#include "tlog/right_edge.h"

namespace tribute::tlog {

// What an audit went through.
struct AuditCounts {
  uint64_t entries = 0;
  uint64_t bundles = 0;
  uint64_t tiles = 0;
};

// A log folder (`checkpoint`, `tile/…`) as of one signed checkpoint. Every hash and entry that comes out
// was followed up to the checkpoint's root: a full tile's root stands in the tile above it, the partial
// tiles together give the root. So an error names the file that is wrong, and is data_loss; errors of
// the file system itself come as they are.
//
// A log may grow while it is read: where a partial file is gone, the beginning of the full one serves.
// Holds the partial tiles and at most one full tile per level in memory. Not thread-safe. The
// FileSystem must outlive it.
class LogReader {
 public:
  // Reads and verifies the folder's checkpoint, and nothing else yet.
  // Errors: not_found where there is none; data_loss for one that is malformed or whose signature is
  // bad; failed_precondition for another log's or another key's.
  static Result<LogReader> open(io::FileSystem& files, std::string folder, VerifierKey key);

  const Checkpoint& checkpoint() const { return checkpoint_; }
  const std::string& checkpoint_note() const { return note_; }
  const VerifierKey& key() const { return key_; }

  // Entries go to a callback in order, so that a log of any length can be read. Its error ends the
  // reading and is returned.
  using EntryCallback = std::function<Result<void>(EntryIndex index, std::string_view entry)>;

  // The entries [begin, end), each verified before the callback sees it. O(end - begin + log size)
  // time, O(one bundle) memory. Errors: out_of_range unless begin <= end <= size.
  Result<void> read(uint64_t begin, uint64_t end, const EntryCallback& on_entry);
  Result<std::string> read_entry(EntryIndex index);

  // Derives every tile and the root again from the entry bundles alone, and compares with each the
  // file that a log of this size has: all full tiles and the partial ones. `on_entry`, if there is
  // one, sees every entry; that they are the log's is known only when audit() has succeeded.
  // O(size) time, O(one bundle) memory.
  Result<AuditCounts> audit(const EntryCallback& on_entry = {});

  // The root when the log had `size` entries. Equal to that of a checkpoint kept from then, it proves
  // that the log has only grown. Errors: out_of_range if size is over the checkpoint's.
  Result<Hash256> root_at(uint64_t size);

  // Proofs as in merkle.h, in the tree of `size` entries, at most the checkpoint's.
  Result<std::vector<Hash256>> inclusion_proof(EntryIndex index, uint64_t size);
  Result<std::vector<Hash256>> consistency_proof(uint64_t old_size, uint64_t size);

 private:
  struct CachedTile {
    uint64_t index = 0;
    std::vector<Hash256> hashes;
  };
  // The first hash in a tile's file that is not what the entries give.
  struct Mismatch {
    TileId tile;
    uint32_t position = 0;
    Hash256 stored;
    Hash256 derived;
  };

  LogReader(LogFiles files, VerifierKey key, Checkpoint checkpoint, std::string note);

  Result<void> require_size(uint64_t size) const;
  Result<void> verify_right_edge();
  // The hashes of a tile of the checkpoint's tree; valid until the next call for its level.
  Result<std::span<const Hash256>> verified_tile(uint32_t level, uint64_t index);
  Result<Hash256> verified_hash(Subtree subtree);
  // Which file is to blame, after an audit whose entries give `derived_root`.
  Error verdict(const std::optional<Mismatch>& mismatch, const Hash256& derived_root);

  LogFiles files_;
  VerifierKey key_;
  Checkpoint checkpoint_;
  std::string note_;
  std::optional<RightEdge> right_edge_;                          // once verified
  std::array<std::optional<CachedTile>, kMaxTileLevels> cache_;  // full tiles, verified
};

}  // namespace tribute::tlog
