// Re-derives a log's tree from its entry bundles and compares everything that the log published.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit.h"
#include "audit/report.h"
#include "base/error.h"
#include "base/hash.h"
#include "tlog/checkpoint.h"
#include "tlog/layout.h"
#include "tlog/log_files.h"
#include "tlog/right_edge.h"

namespace tribute::audit {

// What the log says of itself, and what the auditor holds it against.
struct LogAnchors {
  tlog::Checkpoint checkpoint;           // the log's own, verified or reported as not
  std::optional<tlog::Checkpoint> kept;  // the auditor's, of the same log
};

// Reads key, checkpoint and kept checkpoint, checks their signatures, and says what had to be trusted.
// nullopt: the checkpoint is no checkpoint, which the report says; there is nothing to go on with.
// Errors: those of verify().
Result<std::optional<LogAnchors>> read_anchors(const tlog::LogFiles& log, const Options& options, Recorder& recorder);

// One pass over all entries. tlog::LogReader::audit() ends at the first thing that is wrong; this one
// reports it and goes on. All arguments must outlive it. Not thread-safe.
class LogAudit {
 public:
  // The bytes of the next entry, or nullopt where it could not be read.
  using EntryCallback = std::function<void(std::optional<std::string_view>)>;

  LogAudit(const tlog::LogFiles& log, const LogAnchors& anchors, Recorder& recorder)
      : log_(log), anchors_(anchors), recorder_(recorder) {}

  // Hashes every entry, compares every tile of the tree, the checkpoint's root, and the kept
  // checkpoint's, and hands the entries on in order. Memory: one bundle, and one tile per level.
  // Errors: those of the file system for files that are there and cannot be read.
  Result<void> run(const EntryCallback& on_entry, const ProgressCallback& progress);

 private:
  Result<void> take_bundle(uint64_t index, const EntryCallback& on_entry);
  // The leaf hashes that stand in for a bundle that cannot be read, so that the root can still be derived.
  Result<void> take_leaves_of_tile(const tlog::TileId& tile);
  Result<void> append(const Hash256& leaf);
  Result<void> compare_tile(const tlog::TileId& tile, std::span<const Hash256> derived);
  void compare_hashes(const tlog::TileId& tile, std::span<const Hash256> derived, std::span<const Hash256> published);
  Result<void> finish();
  void compare_kept(const tlog::Checkpoint& kept);

  const tlog::LogFiles& log_;
  const LogAnchors& anchors_;
  Recorder& recorder_;
  std::optional<tlog::RightEdge> edge_ = tlog::RightEdge();  // nullopt: some leaf is not known
  uint64_t missing_in_a_row_ = 0;                            // bundles without entries or leaf hashes
  std::optional<Hash256> root_at_kept_size_;
  std::set<std::pair<uint32_t, uint64_t>> wrong_tiles_;  // (level, index)
};

}  // namespace tribute::audit
