#include "ngram/search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "ngram/match_ends.h"

namespace tribute::ngram {
namespace {

// So many symbols of the text are compared between two looks at whether their blocks are verified.
constexpr uint32_t kSymbolsAtOnce = 64;

Run whole_of(std::span<const TokenId> text) {
  CHECK(text.size() < std::numeric_limits<uint32_t>::max());
  return {.begin = 0, .end = static_cast<uint32_t>(text.size())};
}

}  // namespace

SegmentSearch::Text::Text(const Segment& segment, std::span<const TokenId> tokens)
    : vocabulary_size_(segment.vocabulary_size()), has_halves_(segment.layout().symbol_bits() == 16) {
  append(tokens);
}

void SegmentSearch::Text::append(std::span<const TokenId> tokens) {
  CHECK(symbols_.size() + tokens.size() < std::numeric_limits<uint32_t>::max());
  symbols_.reserve(symbols_.size() + tokens.size());
  for (const TokenId token : tokens) {
    symbols_.push_back(std::min(token.value(), vocabulary_size_) + 1);
    has_halves_ = has_halves_ && symbols_.back() <= UINT16_MAX;
  }
  if (!has_halves_) return;
  halves_.resize(symbols_.size() + kHalvesAtOnce);
  for (size_t i = symbols_.size() - tokens.size(); i < symbols_.size(); ++i) {
    halves_[i] = static_cast<uint16_t>(symbols_[i]);
  }
}

SegmentSearch::Needle SegmentSearch::Text::needle(Run run) const {
  return {.symbols = symbols_.data() + run.begin,
          .halves = has_halves_ ? halves_.data() + run.begin : nullptr,
          .size = run.length()};
}

const SegmentSearch::Place* SegmentSearch::Text::place_for(Run run) const {
  if (run.begin >= places_.size() || places_[run.begin].end < run.end) return nullptr;
  return &places_[run.begin];
}

SegmentSearch::Compared SegmentSearch::compare(Needle run, uint64_t position, uint32_t known) const {
  const uint64_t symbol_count = segment_.layout().symbol_count();
  const auto reach = static_cast<uint32_t>(std::min<uint64_t>(run.size, symbol_count - position));
  for (uint32_t length = std::min(known, reach); length < reach;) {
    const uint32_t end = std::min(reach, length + kSymbolsAtOnce);
    const char* const text = segment_.text_at(position + length, end - length);
    length = shared_symbols_(
        {.text = text, .position = position, .symbols = run.symbols, .known = length, .reach = end}, symbol_bits_);
    if (length < end) return {length, packed_at(text, position + length, symbol_bits_) < run.symbols[length]};
  }
  return {reach, reach < run.size};
}

template <typename Take>
void SegmentSearch::search_all(const Text& text, std::span<const Run> runs, Bound bound, Take take) const {
  std::vector<Search> searches(std::min(runs.size(), kSearchesAtOnce));
  for (size_t begin = 0; begin < runs.size(); begin += kSearchesAtOnce) {
    const std::span batch = std::span(searches).first(std::min(runs.size() - begin, kSearchesAtOnce));
    for (size_t i = 0; i < batch.size(); ++i) batch[i] = {.run = text.needle(runs[begin + i])};
    search(batch, bound);
    for (size_t i = 0; i < batch.size(); ++i) take(begin + i, batch[i]);
  }
}

// In a file whose suffixes are out of order the upper end may come out below the lower one.
RankRange SegmentSearch::range_of(const Search& found) const {
  const uint64_t lower = rank_of(found.lower);
  return {lower, std::max(lower, rank_of(found.upper))};
}

std::vector<RankRange> SegmentSearch::find(const Text& text, std::span<const Run> runs) const {
  std::vector<RankRange> ranges(runs.size());
  std::vector<uint32_t> searched;  // those of which no place is known, or whose range goes beyond the place's page
  std::vector<Search> around;
  std::vector<uint32_t> of_search;
  if (!text.places_.empty()) around.reserve(std::min(runs.size(), kSearchesAtOnce));
  const auto search_around = [&] {
    const std::span batch(around);
    narrow_all<false>(batch);
    narrow_all<true>(batch);
    for (size_t i = 0; i < batch.size(); ++i) {
      const Bracket& lower = batch[i].lower;
      const Bracket& upper = batch[i].upper;
      const bool may_begin_before = lower.begin == 0 && lower.page > 0;
      const bool may_end_behind = upper.suffixes != nullptr && upper.begin == suffixes_in(upper.page);
      if (may_begin_before || may_end_behind) {
        searched.push_back(of_search[i]);
      } else {
        ranges[of_search[i]] = range_of(batch[i]);
      }
    }
    around.clear();
    of_search.clear();
  };
  for (uint32_t i = 0; i < runs.size(); ++i) {
    CHECK(runs[i].begin <= runs[i].end && runs[i].end <= text.size());
    const Place* const place = text.place_for(runs[i]);
    if (place == nullptr) {
      searched.push_back(i);
    } else if (place->shared.most() < runs[i].length()) {
      ranges[i] = {place->rank, place->rank};
    } else {
      around.push_back({.run = text.needle(runs[i])});
      begin_around(around.back(), *place);
      of_search.push_back(i);
      if (around.size() == kSearchesAtOnce) search_around();
    }
  }
  search_around();
  std::vector<Run> anew;
  anew.reserve(searched.size());
  for (const uint32_t i : searched) anew.push_back(runs[i]);
  search_all(text, anew, Bound::lower_and_upper,
             [&](size_t i, const Search& found) { ranges[searched[i]] = range_of(found); });
  return ranges;
}

std::vector<RankRange> SegmentSearch::find(std::span<const TokenId> text, std::span<const Run> runs) const {
  return find(Text(segment_, text), runs);
}

RankRange SegmentSearch::find(std::span<const TokenId> run) const {
  const Text text(segment_, run);
  Search alone{.run = text.needle(whole_of(run))};
  search({&alone, 1}, Bound::lower_and_upper);
  return range_of(alone);
}

bool SegmentSearch::all_go_on(const Text& text, Run run, RankRange range, uint32_t end) const {
  const Needle longer = text.needle({run.begin, end});
  const auto goes_on = [&](uint64_t rank) {
    return compare_on(longer, segment_.position_of(rank), run.length()).length == longer.size;
  };
  return goes_on(range.begin) && (range.size() == 1 || goes_on(range.end - 1));
}

std::vector<SegmentSearch::Match> SegmentSearch::matches(Text& text, std::span<const Run> runs) const {
  std::vector<Match> matches(runs.size());
  text.places_.resize(text.size());
  search_all(text, runs, Bound::lower, [&](size_t i, const Search& found) {
    text.places_[runs[i].begin] = {.rank = rank_of(found.lower), .shared = found.lower.shared, .end = runs[i].end};
    matches[i] = match_at(found);
  });
  return matches;
}

std::vector<uint32_t> SegmentSearch::longest_matches(Text& text) const {
  MatchEnds ends(text.size());
  std::vector<Run> runs;
  for (auto begins = ends.next_round(); !begins.empty(); begins = ends.next_round()) {
    runs.clear();
    for (const uint32_t begin : begins) runs.push_back({begin, text.size()});
    const std::vector<Match> found = matches(text, runs);
    for (size_t i = 0; i < runs.size(); ++i) ends.tell(runs[i].begin, found[i].length);
  }
  return std::move(ends).lengths();
}

std::vector<uint32_t> SegmentSearch::longest_matches(std::span<const TokenId> text) const {
  Text searched(segment_, text);
  return longest_matches(searched);
}

uint32_t SegmentSearch::longest_match(std::span<const TokenId> text) const {
  if (text.empty()) return 0;
  Text searched(segment_, text);
  const Run whole = whole_of(text);
  return matches(searched, {&whole, 1}).front().length;
}

// The nearest suffix that counts, on either side, shares the most with the run.
SegmentSearch::Match SegmentSearch::match_at(const Search& search) const {
  const uint64_t place = rank_of(search.lower);
  if (dead_ == nullptr) {
    const Edges shared = search.lower.shared;
    return {.length = shared.most(), .rank = shared.at >= shared.before ? place : place - 1};
  }
  Match match;
  uint64_t before = place;
  while (before > 0 && !counts_at(before - 1)) --before;
  if (before > 0) {
    match = {.length = compare(search.run, segment_.position_of(before - 1), 0).length, .rank = before - 1};
  }
  uint64_t at = place;
  while (at < segment_.token_count() && !counts_at(at)) ++at;
  if (at < segment_.token_count()) {
    const uint32_t length = compare(search.run, segment_.position_of(at), 0).length;
    if (length > match.length) match = {.length = length, .rank = at};
  }
  return match;
}

uint64_t SegmentSearch::count(RankRange range) const {
  if (dead_ == nullptr) return range.size();
  uint64_t count = 0;
  for_each_documents(range, [&](std::span<const DocId> documents) { count += documents.size(); });
  return count;
}

}  // namespace tribute::ngram
