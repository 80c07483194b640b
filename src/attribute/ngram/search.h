// Search in one segment: where a run stands, how long a text matches, and what a range of suffixes holds.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.h"
#include "ngram/document_set.h"
#include "ngram/segment.h"
#include "ngram/span_source.h"
#include "ngram/text_compare.h"

namespace tribute::ngram {

// Suffixes by rank: those that begin with some run are one range.
struct RankRange {
  uint64_t begin = 0;
  uint64_t end = 0;

  uint64_t size() const { return end - begin; }
  bool is_empty() const { return begin == end; }
  friend bool operator==(const RankRange&, const RankRange&) = default;
};

// The documents of at most Segment::kLookupsAtOnce positions that are not in `dead`, if it is not nullptr, one for each
// position, in their order. They are put into the buffer, which has room for all.
inline std::span<const DocId> live_documents_at(const Segment& segment, const DocumentSet* dead,
                                                std::span<const uint64_t> positions, std::span<DocId> buffer) {
  const std::span<DocId> found = buffer.first(positions.size());
  segment.documents_at(positions, found);
  return dead == nullptr ? found : dead->without(found);
}

// Answers questions about one segment, of which `dead` documents, if any, do not count. Keeps both by
// reference. Immutable; thread-safe. Answers are what the segment holds, wrong where it is damaged:
// Segment::status() tells afterwards.
//
// The directory leads to a page of the suffixes, the places in its header to one of its groups, a comparison or two say
// which group it really is, and a search by halves goes on in that, in which the tokens that both ends share are not
// compared again: some 8 suffixes and as many places of the text are read, one after the other. The searches
// of a batch take their steps together, so that their misses of the cache overlap; a search alone fetches
// ahead what its next three steps may read.
class SegmentSearch {
 public:
  // `dead`: nullptr if all documents count.
  explicit SegmentSearch(const Segment& segment, const DocumentSet* dead = nullptr)
      : segment_(segment),
        dead_(dead),
        per_page_(segment.layout().suffixes_per_page()),
        per_group_(static_cast<uint32_t>(segment.layout().suffixes_per_group())),
        symbol_bits_(segment.layout().symbol_bits()),
        shared_symbols_(shared_symbols_for(symbol_bits_)) {}

  const Segment& segment() const { return segment_; }

  // A text, and what was found where longest matches from some of its positions were looked for.
  class Text;

  // Per run of `text`, in the order of `runs`: the suffixes, dead ones too, that begin with it. Where a longest match
  // from the run's begin was looked for, they stand around the place that was found then: mostly near it, which takes
  // two or three reads in place of a search.
  std::vector<RankRange> find(const Text& text, std::span<const Run> runs) const;
  std::vector<RankRange> find(std::span<const TokenId> text, std::span<const Run> runs) const;
  RankRange find(std::span<const TokenId> run) const;  // `run` is not empty

  // Whether all suffixes of a run's range, which is not empty, go on as the text does, up to `end`: the range's first
  // and last one tell for those between them.
  bool all_go_on(const Text& text, Run run, RankRange range, uint32_t end) const;

  // How much of a run stands in a document that counts, and, unless that is nothing, a suffix where it does.
  struct Match {
    uint32_t length = 0;
    uint64_t rank = 0;
  };
  // Per run of `text`, none of which is empty, in the order of `runs`. A search each, and one read for each dead suffix
  // that stands between a place in the order and the nearest that counts.
  std::vector<Match> matches(Text& text, std::span<const Run> runs) const;

  // Per position of `text`: the largest L such that the L tokens from there stand in a document that counts.
  // What begins later never ends earlier, so that between two positions whose matches end at the same place no
  // search is needed: at most one for each position, one in sixteen where the text is copied.
  std::vector<uint32_t> longest_matches(Text& text) const;
  std::vector<uint32_t> longest_matches(std::span<const TokenId> text) const;
  // The same at the first position; 0 if there is none.
  uint32_t longest_match(std::span<const TokenId> text) const;

  // The lowest position of the range whose document counts: the first holder's. nullopt if none does.
  // Reads the minima of the range's pages in O(log pages), the suffixes of at most two pages, and more
  // only below minima of dead documents.
  std::optional<uint64_t> first_position(RankRange range) const;

  // The suffixes of the range whose documents count. O(1) if all do, else one look-up per suffix.
  uint64_t count(RankRange range) const;

  // Calls visit(positions) for the suffixes of the range, dead ones too, by rank, some at a time, until it returns
  // false.
  template <typename Visit>
  void for_each_positions(RankRange range, const Visit& visit) const {
    std::array<uint64_t, Segment::kLookupsAtOnce> buffer;
    for (uint64_t rank = range.begin; rank < range.end;) {
      const uint64_t page = rank / per_page_;
      const char* const suffixes = segment_.page_at(page);
      for (const uint64_t end = std::min(range.end, (page + 1) * per_page_); rank < end;) {
        const std::span positions = std::span(buffer).first(std::min<uint64_t>(buffer.size(), end - rank));
        segment_.positions_in(suffixes, rank - page * per_page_, positions);
        if (!visit(std::span<const uint64_t>(positions))) return;
        rank += positions.size();
      }
    }
  }

  // Calls visit(documents) for the documents of the suffixes of the range that count, one for each suffix, by rank,
  // some at a time, so that their look-ups overlap.
  template <typename Visit>
  void for_each_documents(RankRange range, Visit visit) const {
    std::array<DocId, Segment::kLookupsAtOnce> buffer;
    for_each_positions(range, [&](std::span<const uint64_t> positions) {
      visit(live_documents_at(segment_, dead_, positions, buffer));
      return true;
    });
  }

 private:
  // A run as the text has it: its tokens + 1, where what is none of the vocabulary is above all that is. Where the
  // text's symbols have 16 bits, in as many too, with as many more behind the end as are compared at once.
  struct Needle {
    const uint32_t* symbols = nullptr;
    const uint16_t* halves = nullptr;
    uint32_t size = 0;
  };
  static constexpr uint32_t kHalvesAtOnce = 4;
  // How a suffix compares with a run.
  struct Compared {
    uint32_t length = 0;           // of their common beginning
    bool is_suffix_below = false;  // false too where the run is the suffix's beginning
  };
  // What the run shares with the suffixes on both sides of where it stands, as far as they are known: with the last one
  // that is known to be below it and the first one that is not.
  struct Edges {
    uint32_t before = 0;
    uint32_t at = 0;

    uint32_t least() const { return before < at ? before : at; }
    uint32_t most() const { return before < at ? at : before; }
  };
  // The pages [begin, end) whose first suffixes the directory does not tell apart as far as a run was compared. The
  // edges are the first suffixes of the page before and of the one at `end`.
  struct Pages {
    uint64_t node = 0;
    uint64_t begin = 0;
    uint64_t end = 0;
    Edges shared;
  };
  // The same of the groups of a page, and what the first suffixes of the page and of group `begin` share, if these are
  // two and that is less than kMaxShared.
  struct Groups {
    uint32_t begin = 0;
    uint32_t end = 0;
    Edges shared;
    uint32_t shared_with_page = kNoPlace;
  };
  // A place in the order between two suffixes of a page, [begin, end], each by its number in the page. The edges are
  // the suffix before `begin` and the one at `end`, which may be the next page's first.
  struct Bracket {
    uint64_t page = 0;
    const char* suffixes = nullptr;
    uint32_t begin = 0;
    uint32_t end = 0;
    Edges shared;
    uint32_t stride = 0;  // it grows from the end at which it is known, so far next; 0: by halves

    bool is_found() const { return begin == end; }
  };
  // A search for the first suffix that is not below a run, and for the first above all that begin with it. First come
  // pages, then the groups of one page, in which a suffix, the candidate, is compared with the run; then brackets.
  struct Search {
    Needle run;
    Pages pages;
    uint64_t page = 0;
    Groups groups;
    bool is_page_known = false;  // the place is in `page`, after its first suffix
    Bracket lower;
    Bracket upper;
    bool has_upper = false;  // `upper` has a bracket of its own, else that in which `lower` is
    uint32_t place = 0;      // in the page, of the suffix that is compared next
    uint64_t position = 0;   // of that suffix
  };
  // Which places of the runs a batch looks for.
  enum class Bound : uint8_t { lower, lower_and_upper };

  bool counts(DocId document) const { return dead_ == nullptr || !dead_->contains(document); }
  bool counts_at(uint64_t rank) const {
    return dead_ == nullptr || counts(segment_.document_at(segment_.position_of(rank)));
  }

  // With the suffix at a position. `known`: so many symbols, at most all, are known to be equal.
  Compared compare(Needle run, uint64_t position, uint32_t known) const;
  // The same, quickly where they differ soon.
  Compared compare_on(Needle run, uint64_t position, uint32_t known) const {
    if (run.halves != nullptr && segment_.are_halves_readable(position + known)) {
      const uint64_t text = segment_.halves_at(position + known);
      uint64_t symbols = 0;
      std::memcpy(&symbols, run.halves + known, sizeof(symbols));
      if (text != symbols) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(text ^ symbols)) / 16 * 16;
        const uint32_t length = known + bit / 16;
        if (length >= run.size) return {run.size, false};
        return {length, (text >> bit & 0xFFFF) < (symbols >> bit & 0xFFFF)};
      }
      known = std::min(known + kHalvesAtOnce, run.size);
    }
    return compare(run, position, known);
  }

  uint64_t rank_of(const Bracket& bracket) const { return bracket.page * per_page_ + bracket.begin; }

  // search_steps.cc: all steps of one batch of at most kSearchesAtOnce.
  static constexpr size_t kSearchesAtOnce = 32;
  void search(std::span<Search> batch, Bound bound) const;
  // All runs of a text, batch by batch; take(run, search) for each in turn.
  template <typename Take>
  void search_all(const Text& text, std::span<const Run> runs, Bound bound, Take take) const;
  static bool step_down(const DirectoryNode* directory, Needle run, uint32_t shared_end, Pages& pages);
  Pages walk_directory(Needle run, uint32_t shared_end) const;
  void walk_all(std::span<Search> batch) const;
  Groups walk_groups(const Search& search, Edges page_edges, uint32_t shared_end) const;
  void choose_group(Search& search) const;
  void find_page(Search& search, Bound bound) const;
  void find_group(Search& search, Compared compared) const;
  void go_before(Search& search, const Pages& pages) const;
  void tell_pages_apart(Needle run, Pages& pages, bool is_upper) const;
  uint32_t suffixes_in(uint64_t page) const;
  Bracket bracket_in(uint64_t page, uint32_t begin_group, uint32_t end_group, Edges shared) const;
  void begin_upper(Search& search) const;
  template <bool kIsUpper>
  void narrow_all(std::span<Search> batch) const;
  void fetch_ahead(const Bracket& bracket) const;

  // Around a place that is known.
  struct Place;
  void begin_around(Search& search, const Place& place) const;
  RankRange range_of(const Search& found) const;

  // Of a run whose place is found.
  Match match_at(const Search& search) const;

  // first_position.cc
  void lower(std::optional<uint64_t>& minimum, RankRange range) const;
  void lower_by_minima(std::optional<uint64_t>& minimum, size_t level, uint64_t begin, uint64_t end) const;
  void lower_below(std::optional<uint64_t>& minimum, size_t level, uint64_t entry) const;

  const Segment& segment_;
  const DocumentSet* dead_;
  uint64_t per_page_;
  uint32_t per_group_;
  uint32_t symbol_bits_;
  SharedSymbols shared_symbols_;
};

// The place in the order of the text from a position on, up to `end`, and what it shares with its neighbours.
struct SegmentSearch::Place {
  uint64_t rank = 0;
  Edges shared;
  uint32_t end = 0;  // 0: it is not known
};

// A text as searches of one segment take it. It may be searched in this segment alone.
class SegmentSearch::Text {
 public:
  Text(const Segment& segment, std::span<const TokenId> tokens);

  void append(std::span<const TokenId> tokens);
  uint32_t size() const { return static_cast<uint32_t>(symbols_.size()); }

 private:
  friend class SegmentSearch;

  // The symbols of a run, valid until something is appended.
  Needle needle(Run run) const;
  // What is known of a place from which the run may be found.
  const Place* place_for(Run run) const;

  uint32_t vocabulary_size_;
  bool has_halves_;
  std::vector<uint32_t> symbols_;
  std::vector<uint16_t> halves_;
  std::vector<Place> places_;  // by position; empty if none is known
};

}  // namespace tribute::ngram
