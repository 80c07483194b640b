#include "audit/log_audit.h"

#include <algorithm>

#include "audit/file_errors.h"
#include "tlog/merkle.h"

namespace tribute::audit {
namespace {

// A checkpoint may claim any size: where neither entries nor hashes are found for so many bundles, the
// rest is taken to be missing too, instead of being looked for for years.
constexpr uint64_t kMaxMissingInARow = 16;

std::string in_log(const std::string& path) { return "public/log/" + path; }

}  // namespace

Result<void> LogAudit::run(const EntryCallback& on_entry, const ProgressCallback& progress) {
  const uint64_t size = anchors_.checkpoint.size;
  if (anchors_.kept && anchors_.kept->size == 0) root_at_kept_size_ = tlog::root_of({});
  for (uint64_t index = 0; index < tlog::bundle_count(size); ++index) {
    TRY(take_bundle(index, on_entry));
    if (missing_in_a_row_ == kMaxMissingInARow) {
      recorder_.unchecked("entries after a gap in the log", size - std::min(size, (index + 1) * tlog::kTileWidth));
      break;
    }
    if (progress) progress("entries", std::min(size, (index + 1) * tlog::kTileWidth), size);
  }
  return finish();
}

Result<void> LogAudit::take_bundle(uint64_t index, const EntryCallback& on_entry) {
  const uint32_t width = tlog::bundle_width(anchors_.checkpoint.size, index);
  const tlog::BundleId bundle{index, width};
  const Result<std::vector<std::string>> entries = log_.load_bundle(bundle);
  if (entries) {
    missing_in_a_row_ = 0;
    recorder_.checked("entry bundles");
    for (const std::string& entry : *entries) {
      TRY(append(tlog::leaf_hash(entry)));
      on_entry(entry);
    }
    return {};
  }
  if (entries.error().code != ErrorCode::data_loss) return std::unexpected(entries.error());
  const std::string path = tlog::path_of(bundle);
  const uint64_t first = index * tlog::kTileWidth;
  recorder_.wrong_file(Rule::bundle, in_log(path), EntryIndex(first),
                       reason_of(entries.error(), log_.full_path(path)) + "; entries " + std::to_string(first) +
                           " to " + std::to_string(first + width - 1) + " cannot be read");
  TRY(take_leaves_of_tile({0, index, width}));
  for (uint32_t i = 0; i < width; ++i) on_entry(std::nullopt);
  return {};
}

Result<void> LogAudit::take_leaves_of_tile(const tlog::TileId& tile) {
  const Result<std::vector<Hash256>> leaves = log_.load_tile(tile);
  if (leaves) {
    for (const Hash256& leaf : *leaves) TRY(append(leaf));
  } else if (leaves.error().code == ErrorCode::data_loss) {
    edge_.reset();
    ++missing_in_a_row_;
  } else {
    return std::unexpected(leaves.error());
  }
  return {};
}

Result<void> LogAudit::append(const Hash256& leaf) {
  if (!edge_) return {};
  TRY(edge_->append(leaf, [this](const tlog::TileId& tile, std::span<const Hash256> hashes, const Hash256&) {
    return compare_tile(tile, hashes);
  }));
  if (anchors_.kept && edge_->size() == anchors_.kept->size) root_at_kept_size_ = edge_->root();
  return {};
}

Result<void> LogAudit::compare_tile(const tlog::TileId& tile, std::span<const Hash256> derived) {
  const Result<std::vector<Hash256>> published = log_.load_tile(tile);
  recorder_.checked("tiles");
  if (published) {
    compare_hashes(tile, derived, *published);
    return {};
  }
  if (published.error().code != ErrorCode::data_loss) return std::unexpected(published.error());
  wrong_tiles_.emplace(tile.level, tile.index);
  const std::string path = tlog::path_of(tile);
  recorder_.wrong_file(Rule::tile, in_log(path), {}, reason_of(published.error(), log_.full_path(path)));
  return {};
}

void LogAudit::compare_hashes(const tlog::TileId& tile, std::span<const Hash256> derived,
                              std::span<const Hash256> published) {
  for (size_t i = 0; i < derived.size(); ++i) {
    if (published[i] == derived[i]) continue;
    wrong_tiles_.emplace(tile.level, tile.index);
    const uint64_t number = tile.index * tlog::kTileWidth + i;
    // The cause is a wrong tile below this one, and stands in the report already.
    if (tile.level > 0 && wrong_tiles_.contains({tile.level - 1, number})) continue;
    const bool is_leaf = tile.level == 0;
    const std::string what =
        is_leaf ? "entry " + std::to_string(number) : tlog::path_of(tlog::TileId{tile.level - 1, number});
    recorder_.wrong_file(
        Rule::tile, in_log(tlog::path_of(tile)), is_leaf ? std::optional(EntryIndex(number)) : std::nullopt,
        "says that " + what + " hashes to " + published[i].hex() + ", it hashes to " + derived[i].hex());
    return;
  }
}

Result<void> LogAudit::finish() {
  if (!edge_) {
    recorder_.unchecked("root, for want of both a bundle and its tile");
    return {};
  }
  for (const tlog::TileId& tile : edge_->partial_tiles()) TRY(compare_tile(tile, edge_->hashes(tile.level)));
  const Hash256 root = edge_->root();
  recorder_.report().root = root;
  if (root == anchors_.checkpoint.root) {
    recorder_.checked("roots");
  } else {
    recorder_.wrong_file(Rule::root, "public/log/checkpoint", {},
                         "says that the root of its " + std::to_string(anchors_.checkpoint.size) + " entries is " +
                             anchors_.checkpoint.root.hex() + ", that of the entries is " + root.hex());
  }
  if (anchors_.kept) compare_kept(*anchors_.kept);
  return {};
}

void LogAudit::compare_kept(const tlog::Checkpoint& kept) {
  if (!root_at_kept_size_) {
    recorder_.wrong_file(Rule::fork, "public/log/checkpoint", {},
                         "the log was cut short: it has " + std::to_string(anchors_.checkpoint.size) +
                             " entries, the kept checkpoint " + std::to_string(kept.size));
  } else if (*root_at_kept_size_ != kept.root) {
    recorder_.wrong_file(Rule::fork, "public/log/checkpoint", {},
                         "the log has another history than the kept checkpoint: the root of its first " +
                             std::to_string(kept.size) + " entries is " + root_at_kept_size_->hex() +
                             ", that of the kept checkpoint " + kept.root.hex());
  } else {
    recorder_.checked("kept checkpoints");
  }
}

}  // namespace tribute::audit
