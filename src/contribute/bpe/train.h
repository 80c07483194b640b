// Training: counted pieces of text to the merges of a byte-level byte-pair encoding.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "bpe/definition.h"

namespace tribute::bpe {

// Bytes that no token crosses, and how often they stand in the texts.
struct CountedPiece {
  std::string_view bytes;
  uint64_t count = 1;
};

struct TrainOptions {
  // Entries in the end, the 256 bytes among them: 256 to kMaxEntries. Fewer come out where the pieces have no more
  // pairs of min_pair_count.
  uint32_t entry_count = 65'536;
  // No merge is made of a pair that stands side by side fewer times. At least 1.
  uint64_t min_pair_count = 2;
  // No entry gets longer, so that what is repeated as a whole does not take the place of words. At least 2.
  uint32_t max_entry_bytes = 64;
  // Called with the number of entries now and then; false stops the training.
  std::function<bool(uint32_t entries)> progress;
};

// The encoding whose first 256 entries are the bytes in order, and whose further ones come of merges, in their
// order (Sennrich, Haddow, Birch 2016): each merge is of the pair of adjacent entries that is the most frequent in the
// pieces, as the merges before have left them; among equals of the one whose left, then right entry's bytes come
// first bytewise. Every pair of neighbours counts ("aaa" has two of (a, a)); the leftmost merge first ("aaa" becomes
// "aa", "a"). A merge whose bytes are an entry already adds no entry.
//
// So the encoding is a function of the set of pieces and their counts: not of their order, of how equal pieces are
// counted together or apart, nor of the machine.
//
// Errors: invalid_argument for options out of their range and for an empty piece; out_of_range if the pieces have
// over 2^30 bytes, or over 2^62 with their counts; cancelled if `progress` said so.
// Cost: O(n) for n bytes of distinct pieces, then O(log n) for each neighbourhood that a merge changes. Memory: 13
// bytes a byte of the pieces, and about 40 a pair that stands in them at a time.
Result<Definition> train(std::span<const CountedPiece> pieces, const TrainOptions& options);

}  // namespace tribute::bpe
