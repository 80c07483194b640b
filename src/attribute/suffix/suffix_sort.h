// Sorting the suffixes of documents: what a suffix array is made of.
#pragma once

#include <cstdint>
#include <span>

namespace tribute::suffix {

// The symbol that ends a document in a text that is sorted; tokens are the symbols above it.
inline constexpr uint32_t kSeparator = 0;

// Positions are 32 bits wide, and one bit marks them while they are sorted.
inline constexpr uint64_t kMaxSortedSymbols = (uint64_t{1} << 31) - 1;

// Sorts the suffixes of `text`, which is documents one after another, each followed by kSeparator.
// Every separator is a symbol of its own, smaller than all tokens and than all later separators. So
// suffixes compare within their documents: the shorter one comes first where one begins with the other,
// and suffixes that are equal up to their documents' ends stand in the order of their positions.
//
// `order`: text.size() positions, overwritten: a permutation of [0, text.size()), first the separators,
// ascending, then the suffixes that begin with a token. `text` is empty or ends in a separator, has at
// most kMaxSortedSymbols symbols, all below `symbol_count` (CHECK but for the last).
//
// SA-IS (Nong, Zhang, Chan: Two Efficient Algorithms for Linear Time Suffix Array Construction, 2011),
// with the reduced text in the unused part of `order` and with the induced entries prefetched. O(n +
// symbol_count) time whatever the text. Memory besides text and order: 8 bytes per symbol of the
// alphabet, and where the reduced text has too many distinct parts for the unused part of `order` to
// hold their counters, up to 8 bytes for each of them, at most 2.7 bytes per symbol of `text`.
void sort_suffixes(std::span<const uint16_t> text, uint32_t symbol_count, std::span<uint32_t> order);
void sort_suffixes(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order);

}  // namespace tribute::suffix
