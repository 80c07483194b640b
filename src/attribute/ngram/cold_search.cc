#include "ngram/cold_search.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/check.h"
#include "ngram/match_ends.h"

namespace tribute::ngram {
namespace {

// So many pages of a range are read first.
constexpr uint64_t kFirstPages = 8;

}  // namespace

// The symbols of a text, and its runs as they are searched.
class ColdSearch::Needles {
 public:
  Needles(const Segment& segment, std::span<const TokenId> text) : symbol_bits_(segment.layout().symbol_bits()) {
    CHECK(text.size() < std::numeric_limits<uint32_t>::max());
    const uint32_t vocabulary_size = segment.vocabulary_size();
    known_ends_.resize(text.size() + 1, static_cast<uint32_t>(text.size()));
    for (const TokenId token : text) symbols_.push_back(token.value() < vocabulary_size ? token.value() + 1 : 0);
    for (size_t i = text.size(); i-- > 0;) {
      known_ends_[i] = symbols_[i] == 0 ? static_cast<uint32_t>(i) : known_ends_[i + 1];
    }
  }

  // Up to its first token that is none of the vocabulary: behind that nothing stands in the segment.
  ColdRun at(Run run, bool needs_end) const {
    const uint32_t end = std::min(run.end, known_ends_[run.begin]);
    const std::span<const uint32_t> symbols = std::span(symbols_).subspan(run.begin, end - run.begin);
    return {.symbols = symbols, .bits = RunBits(symbols, symbol_bits_), .needs_end = needs_end, .pages = {}};
  }
  bool is_known(Run run) const { return known_ends_[run.begin] >= run.end; }

 private:
  uint32_t symbol_bits_;
  std::vector<uint32_t> symbols_;
  std::vector<uint32_t> known_ends_;  // from each position on, where the first unknown token stands
};

Result<ColdSearch> ColdSearch::open(io::FileSystem& files, const Segment& columns, const ColdOptions& options) {
  auto file = TRY(files.open_pages(columns.path(), options.access));
  return ColdSearch(columns, std::make_unique<PageCache>(columns, std::move(file), options.cached_blocks));
}

ColdCounts ColdSearch::counts() const {
  return {.blocks_read = cache_->file().pages_read(), .rounds = cache_->file().rounds(), .most_rounds = most_rounds_};
}

Result<void> ColdSearch::search(std::span<ColdRun> runs) {
  for (size_t begin = 0; begin < runs.size(); begin += kSearchesAtOnce) {
    const auto searched = search_batch(runs.subspan(begin, std::min(runs.size() - begin, kSearchesAtOnce)));
    cache_->release();
    if (!searched) return searched;
  }
  return {};
}

Result<void> ColdSearch::search_batch(std::span<ColdRun> runs) {
  ColdText text(*segment_, *cache_);
  ColdPlaces places(text);
  std::vector<ColdRun*> waiting;
  for (ColdRun& run : runs) waiting.push_back(&run);
  while (!waiting.empty()) {
    std::erase_if(waiting, [&](ColdRun* run) { return places.find(*run); });
    CHECK(waiting.empty() || cache_->is_waited_for());
    for (ColdRun* const run : waiting) most_rounds_ = std::max(most_rounds_, ++run->rounds);
    TRY(cache_->fetch());
  }
  return text.status();
}

Result<std::vector<RankRange>> ColdSearch::find(std::span<const TokenId> text, std::span<const Run> runs) {
  const Needles needles(*segment_, text);
  std::vector<ColdRun> searched;
  searched.reserve(runs.size());
  for (const Run run : runs) {
    CHECK(run.begin <= run.end && run.end <= text.size());
    searched.push_back(needles.at(run, true));
  }
  TRY(search(searched));
  std::vector<RankRange> ranges;
  ranges.reserve(runs.size());
  for (size_t i = 0; i < runs.size(); ++i) {
    RankRange range = searched[i].range;
    // In a file whose suffixes are out of order the end may come out below the begin.
    range.end = std::max(range.begin, range.end);
    // A token that is none of the vocabulary stands above all that are.
    if (!needles.is_known(runs[i])) range.begin = range.end;
    ranges.push_back(range);
  }
  return ranges;
}

Result<std::vector<uint32_t>> ColdSearch::longest_matches(std::span<const TokenId> text) {
  const Needles needles(*segment_, text);
  const auto size = static_cast<uint32_t>(text.size());
  MatchEnds ends(size);
  std::vector<ColdRun> runs;
  for (auto begins = ends.next_round(); !begins.empty(); begins = ends.next_round()) {
    runs.clear();
    for (const uint32_t begin : begins) runs.push_back(needles.at({.begin = begin, .end = size}, false));
    TRY(search(runs));
    for (size_t i = 0; i < runs.size(); ++i) ends.tell(begins[i], runs[i].longest);
  }
  return std::move(ends).lengths();
}

// Over whole pages: of each level of the minima what the level above does not cover.
uint64_t ColdSearch::least_minimum(uint64_t begin_page, uint64_t end_page) const {
  const std::vector<uint64_t>& levels = segment_->layout().minima_levels();
  uint64_t least = UINT64_MAX;
  uint64_t begin = begin_page;
  uint64_t end = end_page;
  for (size_t level = 0; begin < end; ++level) {
    const bool has_above = level + 2 < levels.size();
    const uint64_t first = has_above ? std::min(end, (begin + kMinimaFanOut - 1) / kMinimaFanOut * kMinimaFanOut) : end;
    const uint64_t last = has_above ? std::max(first, end / kMinimaFanOut * kMinimaFanOut) : end;
    for (uint64_t i = begin; i < first; ++i) least = std::min(least, segment_->minimum(levels[level] + i));
    for (uint64_t i = last; i < end; ++i) least = std::min(least, segment_->minimum(levels[level] + i));
    begin = first / kMinimaFanOut;
    end = last / kMinimaFanOut;
    if (first == last) break;
  }
  return least;
}

template <typename Visit>
Result<void> ColdSearch::visit_pages(std::span<const RankRange> ranges, Visit visit) {
  const uint64_t per_page = segment_->layout().suffixes_per_page();
  ColdText text(*segment_, *cache_);
  const auto visit_all = [&]() -> Result<void> {
    for (const bool is_there : {false, true}) {
      for (const RankRange& range : ranges) {
        for (uint64_t rank = range.begin; rank < range.end;) {
          const uint64_t first = rank / per_page * per_page;
          const uint64_t end = std::min(first + per_page, range.end);
          const auto page = text.page(rank / per_page);
          for (; is_there && rank < end; ++rank) visit(text.position_in(*page, static_cast<uint32_t>(rank - first)));
          rank = end;
        }
      }
      TRY(cache_->fetch());
    }
    return text.status();
  };
  const auto visited = visit_all();
  cache_->release();
  return visited;
}

Result<std::vector<uint64_t>> ColdSearch::positions(RankRange range) {
  std::vector<uint64_t> positions;
  positions.reserve(range.size());
  TRY(for_each_positions(range, [&](std::span<const uint64_t> some) {
    positions.insert(positions.end(), some.begin(), some.end());
    return true;
  }));
  return positions;
}

// Whoever stops early has not waited for much, and whoever does not waits for few rounds.
Result<void> ColdSearch::for_each_positions(RankRange range,
                                            const std::function<bool(std::span<const uint64_t>)>& visit) {
  CHECK(range.begin <= range.end && range.end <= segment_->token_count());
  const uint64_t per_page = segment_->layout().suffixes_per_page();
  std::vector<uint64_t> positions;
  uint64_t pages = kFirstPages;
  for (uint64_t begin = range.begin; begin < range.end; pages = std::min<uint64_t>(pages * 4, kSearchesAtOnce)) {
    const RankRange part{.begin = begin, .end = std::min(range.end, (begin / per_page + pages) * per_page)};
    positions.clear();
    TRY(visit_pages({&part, 1}, [&](uint64_t position) { positions.push_back(position); }));
    for (size_t i = 0; i < positions.size(); i += Segment::kLookupsAtOnce) {
      if (!visit(std::span(positions).subspan(i, std::min(positions.size() - i, Segment::kLookupsAtOnce)))) return {};
    }
    begin = part.end;
  }
  return {};
}

Result<void> ColdSearch::positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions) {
  CHECK(ranks.size() == positions.size());
  std::vector<RankRange> ranges;
  ranges.reserve(ranks.size());
  for (const uint64_t rank : ranks) ranges.push_back({rank, rank + 1});
  auto next = positions.begin();
  return visit_pages(ranges, [&next](uint64_t position) { *next++ = position; });
}

std::pair<uint64_t, uint64_t> ColdSearch::whole_pages(RankRange range) const {
  const uint64_t per_page = segment_->layout().suffixes_per_page();
  const uint64_t first = (range.begin + per_page - 1) / per_page;
  const bool is_last = range.end == segment_->token_count();
  return {first, is_last ? segment_->layout().page_count() : range.end / per_page};
}

// Of the suffixes beside the whole pages none is looked at: their pages stay for those who look for them next.
Result<void> ColdSearch::fetch_edges(std::span<const RankRange> ranges) {
  const uint64_t per_page = segment_->layout().suffixes_per_page();
  std::vector<RankRange> edges;
  for (const RankRange& range : ranges) {
    if (range.is_empty()) continue;
    const auto [first, last] = whole_pages(range);
    if (range.begin < first * per_page) edges.push_back({range.begin, range.begin + 1});
    if (last * per_page < range.end) edges.push_back({range.end - 1, range.end});
  }
  for (size_t i = 0; i < edges.size(); i += kSearchesAtOnce) {
    TRY(visit_pages(std::span(edges).subspan(i, std::min(edges.size() - i, kSearchesAtOnce)), [](uint64_t) {}));
  }
  return {};
}

Result<std::optional<uint64_t>> ColdSearch::first_position(RankRange range) {
  CHECK(range.begin <= range.end && range.end <= segment_->token_count());
  if (range.is_empty()) return std::nullopt;
  const uint64_t per_page = segment_->layout().suffixes_per_page();
  const auto [first_page, last_page] = whole_pages(range);
  uint64_t least = UINT64_MAX;
  const auto take = [&](uint64_t position) { least = std::min(least, position); };
  if (first_page >= last_page) {
    TRY(visit_pages({&range, 1}, take));
    return least;
  }
  least = least_minimum(first_page, last_page);
  // The two pages at the edges together.
  const std::array<RankRange, 2> edges = {RankRange{range.begin, first_page * per_page},
                                          RankRange{std::min(last_page * per_page, range.end), range.end}};
  TRY(visit_pages(edges, take));
  TRY(segment_->status());
  if (least >= segment_->layout().symbol_count()) {
    return fail(ErrorCode::data_loss, "segment " + segment_->path() +
                                          ": a minimum is beyond the text; restore the file from a backup or build "
                                          "the index again");
  }
  return least;
}

}  // namespace tribute::ngram
