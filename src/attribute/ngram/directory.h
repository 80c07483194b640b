// The directory of a segment: which page of the suffixes a run of tokens stands in.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace tribute::ngram {

// A blind trie over the first suffixes of the pages (blind search: Ferragina and Grossi, "The String B-Tree",
// 1999). It keeps where they part and nothing else of what they are, so that it leads to one page however
// much the suffixes share, and one comparison with that page's first suffix says where a run really stands.
// 8 bytes a page.
//
// A node is of pages [lo, hi) whose first suffixes share `shared` symbols. The next symbol is below `symbol` in
// the first `left` of them, in the others it is not. The nodes of the P - 1 places between P pages stand in
// preorder: that of the first `left` pages, if these are more than one, follows its parent, that of the others
// is `left` places behind it. Of the places where the pages of a node may be divided it is the one that is
// nearest to the middle, so that a walk takes about log2 P steps and two for each symbol that is shared on
// the way.
//
// A walk that compares a run's symbols with the nodes' ends at a page that shares the most with the run, as far
// as it is known there what is shared: in nodes whose `shared` is at most what the run and that page turn out
// to share, each turn was right.
struct DirectoryNode {
  uint32_t place = 0;  // shared * 2^kPlaceSymbolBits + symbol
  uint32_t left = 0;

  uint32_t shared() const;
  uint32_t symbol() const;
};
inline constexpr uint64_t kDirectoryNodeBytes = 8;
inline constexpr uint32_t kPlaceSymbolBits = 19;

inline uint32_t DirectoryNode::shared() const { return place >> kPlaceSymbolBits; }
inline uint32_t DirectoryNode::symbol() const { return place & ((1U << kPlaceSymbolBits) - 1); }

// Pages whose first suffixes share so many symbols or more, or are the same up to their documents' ends, are not
// told apart: all places between them are kNoPlace, and a search by halves goes on over these pages.
inline constexpr uint32_t kMaxShared = 4096;
inline constexpr uint32_t kNoPlace = UINT32_MAX;

// A place where a page's first suffix shares `shared` symbols with the one of the page before, and then has
// `symbol`. `shared` must be below kMaxShared.
constexpr uint32_t directory_place(uint32_t shared, uint32_t symbol) { return shared << kPlaceSymbolBits | symbol; }

// The place of a suffix against another by the places of a suffix between them against the first, and of its own
// against that one: two suffixes share the least that neighbours between them share, and then the last of those that
// share as little has the symbol.
constexpr uint32_t combined_place(uint32_t between, uint32_t place) {
  return place >> kPlaceSymbolBits <= between >> kPlaceSymbolBits ? place : between;
}

// The directory's bytes: per node two u32, `place` and `left`. `places`: one for each page but the first.
// O(pages · log pages).
std::string make_directory(std::span<const uint32_t> places);

}  // namespace tribute::ngram
