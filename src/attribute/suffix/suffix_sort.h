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
// Induced sorting (Nong, Zhang, Chan: Two Efficient Algorithms for Linear Time Suffix Array Construction,
// 2011), but the parts of a text that repeats itself are named by a hash table instead of by inducing; see
// docs/design/0012-suffix-sorting.md. O(n + symbol_count) time whatever the text, O(n log n) where parts are
// named by the table.
//
// Memory besides text and order: 12 bytes per symbol of the alphabet, for each thread 8 more, 64 KiB for each
// pair of threads, and 0.04 bytes per symbol of the text. Where the unused part of `order` is too small for
// what the sort of the parts needs, up to 1.6 bytes per symbol of the text, and 12 for each distinct part, of which
// there is at most one for two symbols, but in real text one for thirty. Linux is asked to hold text and order in
// huge pages.
struct SortOptions {
  // Threads to sort with, from 1 to 16; more than 16 are 16. The order is the same for any number.
  uint32_t threads = 1;
};
void sort_suffixes(std::span<const uint16_t> text, uint32_t symbol_count, std::span<uint32_t> order,
                   const SortOptions& options = {});
void sort_suffixes(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order,
                   const SortOptions& options = {});

}  // namespace tribute::suffix
