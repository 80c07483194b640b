#include "ngram/page_cache.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/check.h"

namespace tribute::ngram {

const char* PageCache::find(uint64_t block) {
  const auto [at, is_new] = frames_.try_emplace(block);
  Frame& frame = at->second;
  if (is_new) {
    wanted_.push_back(block);
    frame.use = uses_.insert(uses_.begin(), block);
  } else {
    uses_.splice(uses_.begin(), uses_, frame.use);
  }
  frame.held_since = releases_;
  return frame.bytes ? frame.bytes->bytes : nullptr;
}

Result<void> PageCache::fetch() {
  drop_oldest();
  std::vector<io::PageRead> reads;
  std::vector<std::unique_ptr<io::PageBuffer>> buffers;
  // In the order of the file: a disk that turns likes it, and no other minds.
  std::ranges::sort(wanted_);
  for (const uint64_t block : wanted_) {
    if (free_.empty()) free_.push_back(std::make_unique_for_overwrite<io::PageBuffer>());
    buffers.push_back(std::move(free_.back()));
    free_.pop_back();
    reads.push_back({block, buffers.back().get()});
  }
  Result<void> read = file_->read(reads);
  for (size_t i = 0; i < reads.size() && read; ++i) {
    if (segment_.is_block(wanted_[i], {buffers[i]->bytes, kBlockBytes})) continue;
    read = fail(ErrorCode::data_loss, "segment " + segment_.path() + ": the checksum of the block at byte " +
                                          std::to_string(wanted_[i] * kBlockBytes) +
                                          " is wrong; restore the file from a backup or build the index again");
  }
  for (size_t i = 0; i < reads.size(); ++i) {
    const auto at = frames_.find(wanted_[i]);
    CHECK(at != frames_.end());
    if (read) {
      at->second.bytes = std::move(buffers[i]);
    } else {
      uses_.erase(at->second.use);
      frames_.erase(at);
      free_.push_back(std::move(buffers[i]));
    }
  }
  wanted_.clear();
  return read;
}

void PageCache::release() {
  CHECK(wanted_.empty());
  ++releases_;
  drop_oldest();
  if (free_.size() > capacity_) free_.resize(capacity_);
}

void PageCache::clear() {
  CHECK(wanted_.empty());
  frames_.clear();
  uses_.clear();
}

// Blocks that are held were used after all others.
void PageCache::drop_oldest() {
  while (frames_.size() > capacity_) {
    const auto at = frames_.find(uses_.back());
    CHECK(at != frames_.end());
    if (at->second.held_since == releases_) return;
    free_.push_back(std::move(at->second.bytes));
    uses_.pop_back();
    frames_.erase(at);
  }
}

}  // namespace tribute::ngram
