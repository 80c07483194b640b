// VerifiedFile: a mapped file of blocks, each compared with its checksum when it is first read.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "io/file_system.h"
#include "ngram/segment_format.h"

namespace tribute::ngram {

// The blocks of a segment after its header. Thread-safe.
//
// To read is not to fail: at() gives bytes also where they are damaged, so that a search stays plain
// loops, and remembers it. Whoever has read asks status() before believing the answer. So every reader
// must bear any bytes: no value of a file may lead out of it.
class VerifiedFile {
 public:
  // `layout` and `checksums_root` are those of the header, the map has layout.file_bytes() (CHECK).
  // `name` is for messages.
  VerifiedFile(std::unique_ptr<io::FileMap> map, const SegmentLayout& layout, uint64_t checksums_root,
               std::string name);

  bool is_verified(uint64_t block) const {
    return (verified_[block / 64].load(std::memory_order_relaxed) >> block % 64 & 1) != 0;
  }

  // The bytes [offset, offset + size), which lie in the file after the header; size ≥ 1. Where packed
  // integers are read, up to 7 bytes behind may be touched too: the last block of a segment's file is one
  // of checksums, so that they are there.
  const char* at(uint64_t offset, uint64_t size) const {
    uint64_t block = offset / kBlockBytes;
    const uint64_t last = (offset + size - 1) / kBlockBytes;
    do {
      if (!is_verified(block)) [[unlikely]]
        verify_block(block);
    } while (++block <= last);
    return bytes_.data() + offset;
  }
  std::string_view view(Extent extent) const {
    return extent.size == 0 ? std::string_view() : std::string_view(at(extent.begin, extent.size), extent.size);
  }

  // Errors: data_loss naming the first damage that was met: a block with a wrong checksum, what was
  // reported, or a file that shrank.
  Result<void> status() const;

  // A reader that meets a value that cannot be says so.
  void report(std::string_view what) const;

  // Whether these are the bytes of `block`, kBlockBytes, which lies in the file after the header: for bytes that were
  // read in another way.
  bool is_block(uint64_t block, std::string_view bytes) const { return checksum_of(bytes) == expected_checksum(block); }

  // Verifies every block. O(file size).
  Result<void> verify_all() const;

  // The directory is verified whole, once, so that walks through it ask nothing.
  bool is_directory_verified() const { return is_directory_verified_.load(std::memory_order_relaxed); }
  void verify_directory(Extent extent) const {
    view(extent);
    is_directory_verified_.store(true, std::memory_order_relaxed);
  }

  // The whole file, unverified.
  std::string_view bytes() const { return bytes_; }

 private:
  void verify_block(uint64_t block) const;
  std::string_view block_at(uint64_t block) const { return bytes_.substr(block * kBlockBytes, kBlockBytes); }
  // The checksum that `block` should have, from the level above it, which is verified first.
  uint64_t expected_checksum(uint64_t block) const;

  std::unique_ptr<io::FileMap> map_;
  std::string_view bytes_;
  std::vector<uint64_t> levels_;  // SegmentLayout::checksum_levels()
  uint64_t checksums_root_;
  std::string name_;
  mutable std::vector<std::atomic<uint64_t>> verified_;  // a bit per block
  mutable std::atomic<bool> is_directory_verified_ = false;
  mutable std::atomic<bool> is_damaged_ = false;
  mutable std::mutex mutex_;
  mutable std::string damage_;  // the first one; guarded by mutex_
};

}  // namespace tribute::ngram
