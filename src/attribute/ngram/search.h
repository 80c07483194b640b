// Search in one segment: where a run stands, how long a text matches, and what a range of suffixes holds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "ngram/document_set.h"
#include "ngram/segment.h"

namespace tribute::ngram {

// Suffixes by rank: those that begin with some run are one range.
struct RankRange {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
  bool is_empty() const { return begin == end; }
  friend bool operator==(const RankRange&, const RankRange&) = default;
};

// Answers questions about one segment, of which `dead` documents, if any, do not count. Keeps both by
// reference. Immutable; thread-safe. Answers are what the segment holds, wrong where it is damaged:
// Segment::status() tells afterwards.
//
// A search by halves: the directory in memory leads to a page, or to the pages that it cannot tell
// apart, then each step reads a suffix and the text at it (some 12 dependent misses of the cache), in
// which the tokens that both ends share are not compared again. The searches of a batch take their steps
// together, so that their misses overlap: several times faster than one by one.
class SegmentSearch {
 public:
  // `dead`: nullptr if all documents count.
  explicit SegmentSearch(const Segment& segment, const DocumentSet* dead = nullptr) : segment_(segment), dead_(dead) {}

  // Per run, none of which is empty: the suffixes, dead ones too, that begin with it. O(log tokens) reads
  // each.
  std::vector<RankRange> find(std::span<const std::span<const TokenId>> runs) const;
  RankRange find(std::span<const TokenId> run) const;

  // Per text: the largest L such that its first L tokens stand in a document that counts. O(log tokens)
  // reads each, and one for each dead suffix that stands between the text's place in the order and the
  // nearest that counts.
  std::vector<uint32_t> longest_matches(std::span<const std::span<const TokenId>> texts) const;
  uint32_t longest_match(std::span<const TokenId> text) const;

  // The lowest position of the range whose document counts: the first holder's. nullopt if none does.
  // Reads the minima of the range's pages in O(log pages), the suffixes of at most two pages, and more
  // only below minima of dead documents.
  std::optional<uint64_t> first_position(RankRange range) const;

  // The suffixes of the range whose documents count. O(1) if all do, else one look-up per suffix.
  uint64_t count(RankRange range) const;

  // Calls visit(document) for the document of each suffix of the range that counts, by rank, until it
  // returns false. One read of the page per suffixes_per_page(), one look-up of the document per suffix.
  template <typename Visit>
  void for_each_document(RankRange range, Visit visit) const {
    for (uint64_t rank = range.begin; rank < range.end; ++rank) {
      const DocId document = segment_.document_at(segment_.position_of(rank));
      if (counts(document) && !visit(document)) return;
    }
  }

 private:
  // How a suffix compares with a run.
  struct Compared {
    uint32_t length = 0;           // of their common beginning
    bool is_suffix_below = false;  // false too where the run is the suffix's beginning
  };
  // Where a search for the first suffix that is not below a run stands, or for the first above all that
  // begin with it: in [begin, end].
  struct Bisection {
    std::span<const TokenId> run;
    bool is_upper = false;
    RankRange within;  // where it began
    uint64_t begin = 0;
    uint64_t end = 0;
    uint32_t length_before = 0;  // what the run is known to share with the suffix before `begin`
    uint32_t length_at = 0;      // and with the one at `end`
    uint64_t position = 0;       // of the suffix in the middle

    uint64_t middle() const { return begin + (end - begin) / 2; }
  };

  bool counts(DocId document) const { return dead_ == nullptr || !dead_->contains(document); }
  bool counts_at(uint64_t rank) const {
    return dead_ == nullptr || counts(segment_.document_at(segment_.position_of(rank)));
  }
  // Where `run` stands by the directory: before the range all suffixes are below it, from its end on all
  // are above it and do not begin with it.
  RankRange bracket(std::span<const TokenId> run) const;
  // The first page of [begin, page count) whose key is above `key`, or equal if that is asked.
  uint64_t first_page_above(uint64_t key, bool or_equal, uint64_t begin) const;
  // With the suffix at a position. `known`: so many tokens are known to be equal.
  Compared compare(std::span<const TokenId> run, uint64_t position, uint32_t known) const;
  Bisection begin_bisection(std::span<const TokenId> run, bool is_upper) const;
  // Takes every search to its end.
  void bisect(std::span<Bisection> batch) const;
  void narrow(Bisection& bisection) const;
  // Of a text whose place is found.
  uint32_t longest_match_at(const Bisection& place) const;
  void lower(std::optional<uint64_t>& minimum, RankRange range) const;
  void lower_by_minima(std::optional<uint64_t>& minimum, size_t level, uint64_t begin, uint64_t end) const;
  void lower_below(std::optional<uint64_t>& minimum, size_t level, uint64_t entry) const;

  const Segment& segment_;
  const DocumentSet* dead_;
};

}  // namespace tribute::ngram
