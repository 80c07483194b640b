// Where a run stands among the suffixes of a segment that is read page by page: what a ColdSearch does for each run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ngram/bit_search.h"
#include "ngram/cold_text.h"
#include "ngram/directory_walk.h"
#include "ngram/search.h"

namespace tribute::ngram {

// A run that is searched, and what is found of it. `symbols`: its tokens + 1, all of the segment's vocabulary.
struct ColdRun {
  std::span<const uint32_t> symbols;
  RunBits bits;
  bool needs_end = true;  // else only the range's begin, and `longest`, are looked for

  // The pages whose first suffixes are below the run are those before `begin`, but for page 0 if `is_before_known` is
  // not set; those from there to `end` begin with it. `before` and `at` are what the run shares with the first suffixes
  // of the pages begin - 1 and `end`, 0 where there is none or it is not known.
  struct Pages {
    uint64_t begin = 0;
    uint64_t end = 0;
    uint32_t before = 0;
    uint32_t at = 0;
    bool is_before_known = true;
  };
  std::optional<Pages> pages;

  RankRange range;       // where only the begin is looked for: empty
  uint32_t longest = 0;  // what it shares with the suffix that shares the most, where only the begin is looked for
  uint32_t rounds = 0;   // so many times it waited for blocks
};

// Every step asks for all blocks that it is known to need, and is tried again when they are there. In the disk layout
// a run of at most kMostSharedBits bits (15 symbols of 16 bits) waits three times at most:
// 1. The walk down the directory ends at a page. Where it skipped symbols, the text of that page's first suffix, whose
//    position is in memory, says what was skipped, and so, with the directory, which pages the run stands in.
// 2. These are read: that with the range's begin and, if a page begins with the run, that with its end. Then the bits
//    that neighbours share tell both places, since the first suffix between them is known to begin with the run.
// 3. Else both places are in one page, whose bits tell the suffix that shares the most with the run. Its text says
//    how much that is, and the bits how far to the left and right others share as much.
// The texts of each step lie in one block, or in two that are read at once. A longer run whose match goes on behind
// kMostSharedBits bits is compared with some of the suffixes that share as many, kWays at once: log(1 + kWays) of a
// page's suffixes steps more. So is a run of which more than kMaxShared symbols are shared by pages: by halves.
//
// In the standard layout step 1 reads the page, and 2 and 3 go on by groups, whose places are in the page, and by
// halves, one text after another.
class ColdPlaces {
 public:
  explicit ColdPlaces(ColdText& text);

  // False: it waits for blocks. Else run.range and run.longest are right, or ColdText::status() says that they are not.
  bool find(ColdRun& run);

 private:
  static constexpr uint32_t kWays = 7;

  // A place before one of the suffixes [begin, end) of a page or behind them, and what the run shares with those on
  // both sides, as far as they are known.
  struct Bracket {
    uint32_t begin = 0;
    uint32_t end = 0;
    uint32_t before = 0;
    uint32_t at = 0;
  };
  // The groups [begin, end) of a page whose first suffixes are not told apart.
  using Groups = Bracket;
  enum class Side : uint8_t { begin, end };  // of the range of suffixes that begin with the run

  bool find_pages(ColdRun& run);
  std::optional<ColdRun::Pages> compare_first(std::span<const uint32_t> run, const DirectoryWalk& walk);
  bool tell_apart(std::span<const uint32_t> run, ColdRun::Pages& pages, Side side);
  // By so many suffixes at once to one place. `other`, if there is one, is of the end of the same range, and loses what
  // the comparisons say of that.
  bool narrow(std::span<const uint32_t> run, const SuffixPage& page, Bracket& bracket, Side side, uint32_t ways,
              Bracket* other = nullptr);
  // So many bits a run has, or kMostSharedBits + 1 if they are more.
  uint32_t bits_of(std::span<const uint32_t> run) const;
  RankRange ranks(uint64_t page, uint32_t begin, uint32_t end) const;

  // cold_disk.cc
  bool find_by_bits(ColdRun& run);
  bool find_ends_by_bits(ColdRun& run);
  bool narrow_clipped(ColdRun& run, const SuffixPage& page, SuffixesAround among, uint32_t nearest_length);

  // cold_groups.cc
  bool find_by_groups(ColdRun& run);
  // Where the begin of a run's range is to be looked for, and the end if it is in the same page: in a later group, or
  // where the begin is.
  struct Brackets {
    Bracket begin;
    Bracket end;
    bool is_end_apart = false;
    uint32_t longest = 0;  // that the run shares with a suffix that was compared
  };
  std::optional<Brackets> find_groups(const ColdRun& run, const SuffixPage& page);
  std::optional<Brackets> known_groups(const ColdRun& run, const SuffixPage& page) const;
  bool find_begin(ColdRun& run, Brackets& brackets);
  Groups walk_groups(const SuffixPage& page, std::span<const uint32_t> run, Bracket page_edges,
                     uint32_t shared_end) const;
  Bracket bracket_of(const SuffixPage& page, uint32_t begin_group, uint32_t end_group) const;

  ColdText& text_;
  const Segment& segment_;
  const SegmentLayout& layout_;
  uint64_t per_page_;
  uint32_t per_group_;
  uint32_t symbol_bits_;
};

}  // namespace tribute::ngram
