// How often each piece stands in texts: what training begins with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "bpe/train.h"
#include "pretokenize/splitter.h"

namespace tribute::text {

// A set of pieces with their counts. Not thread-safe.
class PieceCounts {
 public:
  // All distinct pieces together may have so many bytes, which bounds the memory (the bytes, and about 50 a piece).
  static constexpr uint64_t kMaxBytes = uint64_t{1} << 30;

  PieceCounts();

  // The piece stands `count` times more. `piece` is not empty and below 4 GiB.
  // Errors: resource_exhausted over kMaxBytes.
  Result<void> add(std::string_view piece, uint64_t count = 1);
  // Everything that `other` counts. Counting texts apart and adding is counting them together.
  Result<void> add(const PieceCounts& other);

  uint64_t size() const { return size_; }
  uint64_t count(std::string_view piece) const;
  // Those that stand at least `min_count` times, in no particular order; valid until the next add().
  std::vector<bpe::CountedPiece> pieces(uint64_t min_count = 1) const;

 private:
  struct Slot {
    uint64_t count = 0;  // 0: free
    uint64_t begin = 0;
    uint32_t size = 0;
    uint32_t hash = 0;
  };

  uint64_t slot_of(std::string_view piece, uint32_t hash) const;
  void grow();
  std::string_view bytes_of(const Slot& slot) const { return std::string_view(bytes_).substr(slot.begin, slot.size); }

  std::vector<Slot> slots_;  // open addressing with linear probing; a power of two
  uint64_t size_ = 0;
  std::string bytes_;
};

// Counts the pieces of a text. Longer ones than `max_piece_bytes` are left out: runs of digits, of signs, of
// encoded data, which teach nothing. Errors: those of the splitter and of add().
Result<void> count_pieces(std::string_view text, const pretokenize::Splitter& splitter, uint32_t max_piece_bytes,
                          PieceCounts& counts);

}  // namespace tribute::text
