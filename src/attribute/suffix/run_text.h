// The text of all runs, one after another, read by the block.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "suffix/run_file.h"

namespace tribute::suffix {

// Symbols [begin, end) of the text of all runs, in the bytes of a block.
class Stretch {
 public:
  Stretch(const char* symbols, uint32_t begin, uint32_t end, uint32_t symbol_bytes)
      : symbols_(symbols), begin_(begin), end_(end), symbol_bytes_(symbol_bytes) {}

  uint32_t begin() const { return begin_; }
  uint32_t end() const { return end_; }
  // Of a position within. Not checked.
  uint32_t at(uint32_t position) const {
    uint32_t symbol = 0;  // all machines that are served are little-endian
    std::memcpy(&symbol, symbols_ + size_t{position - begin_} * symbol_bytes_, symbol_bytes_);
    return symbol;
  }

 private:
  const char* symbols_;
  uint32_t begin_;
  uint32_t end_;
  uint32_t symbol_bytes_;
};

// Keeps the blocks that were read last. A position is one in the text of all runs together, whose symbols are below
// 2^31. The runs must outlive it and have symbols of the same size (CHECK). Not thread-safe.
class RunText {
 public:
  // Keeps `cached_blocks`, 2 at least, of kBlockBytes each.
  RunText(std::span<const RunFile> runs, uint64_t cached_blocks);

  uint32_t size() const { return begins_.back(); }
  uint32_t run_begin(size_t run) const { return begins_[run]; }

  // The block that holds `position`, which is below size() (CHECK), until the second next call.
  // Errors: those of RunFile::blocks().
  Result<Stretch> around(uint32_t position);

  // Blocks that were read from files so far.
  uint64_t blocks_read() const { return blocks_read_; }

 private:
  static constexpr uint64_t kNothing = UINT64_MAX;
  // Two blocks that share a place: the one that was asked for last, and the other.
  struct Pair {
    uint64_t last = kNothing;
    uint64_t other = kNothing;
    bool is_last_second = false;  // which of the two places holds `last`
  };

  std::span<const RunFile> runs_;
  std::vector<uint32_t> begins_;  // of each run, and the end
  uint32_t symbols_per_block_ = 1;
  uint32_t symbol_bytes_ = 2;
  std::vector<Pair> pairs_;
  std::unique_ptr<char[]> bytes_;  // NOLINT(modernize-avoid-c-arrays): a vector would write it all at once
  uint64_t blocks_read_ = 0;
};

}  // namespace tribute::suffix
