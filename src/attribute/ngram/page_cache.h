// PageCache: blocks of a segment's file, read many at once, of which those that were used last stay.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "io/page_file.h"
#include "ngram/segment.h"

namespace tribute::ngram {

static_assert(kBlockBytes == io::kPageBytes);

// Whoever needs blocks asks for all it knows of, gets those that are there, and comes again after fetch(), which reads
// the others together. What was found or read since the last release() stays until the next, however much that is; of
// all else the blocks that were used last stay, `capacity` together with those at most. Each block that is read is
// compared with its checksum.
// Not thread-safe. The segment must outlive it.
class PageCache {
 public:
  PageCache(const Segment& segment, std::unique_ptr<io::PageFile> file, uint64_t capacity)
      : segment_(segment), file_(std::move(file)), capacity_(capacity) {}

  // The block's bytes, until release(), or nullptr: then the next fetch() reads it. It must be one after the header.
  const char* find(uint64_t block);
  bool is_waited_for() const { return !wanted_.empty(); }

  // Reads what was not found: one round, none if there is nothing.
  // Errors: those of the file; data_loss for a block whose checksum is wrong. After an error nothing of it is there.
  Result<void> fetch();

  void release();
  // Forgets all blocks, after release().
  void clear();

  uint64_t block_count() const { return frames_.size(); }
  const io::PageFile& file() const { return *file_; }

 private:
  struct Frame {
    std::unique_ptr<io::PageBuffer> bytes;  // nullptr while it is wanted
    std::list<uint64_t>::iterator use;
    uint64_t held_since = 0;  // the number of the release() before
  };

  void drop_oldest();

  const Segment& segment_;
  std::unique_ptr<io::PageFile> file_;
  uint64_t capacity_;
  std::unordered_map<uint64_t, Frame> frames_;
  std::list<uint64_t> uses_;  // blocks, the one that was used last at the front
  std::vector<uint64_t> wanted_;
  std::vector<std::unique_ptr<io::PageBuffer>> free_;
  uint64_t releases_ = 0;
};

}  // namespace tribute::ngram
