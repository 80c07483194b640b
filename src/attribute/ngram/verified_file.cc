#include "ngram/verified_file.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::ngram {

VerifiedFile::VerifiedFile(std::unique_ptr<io::FileMap> map, const SegmentLayout& layout, uint64_t checksums_root,
                           std::string name)
    : map_(std::move(map)),
      bytes_(map_->bytes()),
      levels_(layout.checksum_levels()),
      checksums_root_(checksums_root),
      name_(std::move(name)),
      verified_(layout.file_bytes() / kBlockBytes / 64 + 1) {
  CHECK(bytes_.size() == layout.file_bytes());
}

uint64_t VerifiedFile::expected_checksum(uint64_t block) const {
  const auto above = std::ranges::upper_bound(levels_, block);
  CHECK(above != levels_.end());
  if (above + 1 == levels_.end()) return checksums_root_;
  const uint64_t first_covered = above == levels_.begin() ? 1 : *(above - 1);
  return load_le64(
      {at(*above * kBlockBytes + (block - first_covered) * kChecksumBytes, kChecksumBytes), kChecksumBytes});
}

void VerifiedFile::verify_block(uint64_t block) const {
  if (checksum_of(block_at(block)) != expected_checksum(block)) {
    report("the checksum of the block at byte " + std::to_string(block * kBlockBytes) + " is wrong");
    return;
  }
  verified_[block / 64].fetch_or(uint64_t{1} << block % 64, std::memory_order_relaxed);
}

void VerifiedFile::report(std::string_view what) const {
  const std::lock_guard lock(mutex_);
  if (!is_damaged_.exchange(true)) damage_ = what;
}

Result<void> VerifiedFile::status() const {
  if (!map_->is_intact()) report("the file became shorter, or its disk fails, while it was read");
  if (!is_damaged_.load()) return {};
  const std::lock_guard lock(mutex_);
  return fail(ErrorCode::data_loss,
              name_ + ": " + damage_ + "; restore the file from a backup or build the index again");
}

Result<void> VerifiedFile::verify_all() const {
  for (uint64_t block = 1; block < levels_.back() && !is_damaged_; ++block) at(block * kBlockBytes, kBlockBytes);
  return status();
}

}  // namespace tribute::ngram
