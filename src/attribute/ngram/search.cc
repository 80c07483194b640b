#include "ngram/search.h"

#include <algorithm>

namespace tribute::ngram {
namespace {

// So many tokens of the text are compared between two looks at whether their blocks are verified.
constexpr uint32_t kTokensAtOnce = 64;

// So many searches take their steps together: about as many misses as a processor has in flight.
constexpr size_t kSearchesAtOnce = 32;

}  // namespace

SegmentSearch::Compared SegmentSearch::compare(std::span<const TokenId> run, uint64_t position, uint32_t known) const {
  const uint32_t bits = segment_.layout().token_bits();
  const auto reach = static_cast<uint32_t>(std::min<uint64_t>(run.size(), segment_.token_count() - position));
  uint32_t length = known;
  uint32_t next = 0;  // the suffix's token after the common beginning, if it has one
  bool differs = false;
  while (length < reach && !differs) {
    const uint32_t end = std::min(reach, length + kTokensAtOnce);
    const char* const text = segment_.tokens_at(position + length, end - length);
    for (; length < end; ++length) {
      next = static_cast<uint32_t>(packed_at(text, position + length, bits));
      if (next != run[length].value()) {
        differs = true;
        break;
      }
    }
  }
  // The text goes on with the next document, the suffix does not. It has at least one token.
  if (length > 0) {
    const uint64_t end = segment_.end_of(segment_.document_at(position));
    const uint64_t own = end > position ? end - position : 0;
    if (own < length || (own == length && own < run.size())) return {static_cast<uint32_t>(own), true};
  }
  return {length, differs && next < run[length].value()};
}

uint64_t SegmentSearch::first_page_above(uint64_t key, bool or_equal, uint64_t begin) const {
  for (uint64_t end = segment_.layout().page_count(); begin < end;) {
    const uint64_t middle = begin + (end - begin) / 2;
    const uint64_t other = segment_.key_of(middle);
    if (other < key || (other == key && !or_equal)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

RankRange SegmentSearch::bracket(std::span<const TokenId> run) const {
  const SegmentLayout& layout = segment_.layout();
  uint64_t low = 0;
  uint64_t high = 0;
  for (uint32_t i = 0; i < layout.key_tokens(); ++i) {
    const uint64_t any = (uint64_t{1} << layout.key_bits()) - 1;
    const bool has_token = i < run.size();
    // No suffix has a token that is none of the vocabulary; its code must not reach into another's bits.
    const uint64_t code = has_token ? std::min<uint64_t>(any, run[i].value() + uint64_t{1}) : 0;
    low = low << layout.key_bits() | code;
    high = high << layout.key_bits() | (has_token ? code : any);
  }
  const uint64_t first = first_page_above(low, true, 0);
  // Nearly always that page or the next.
  uint64_t last = first;
  while (last < first + 2 && last < layout.page_count() && segment_.key_of(last) <= high) ++last;
  if (last == first + 2) last = first_page_above(high, false, last);
  const uint64_t per_page = layout.suffixes_per_page();
  return {first == 0 ? 0 : (first - 1) * per_page, std::min(segment_.token_count(), last * per_page)};
}

SegmentSearch::Bisection SegmentSearch::begin_bisection(std::span<const TokenId> run, bool is_upper) const {
  const RankRange within = bracket(run);
  return {.run = run, .is_upper = is_upper, .within = within, .begin = within.begin, .end = within.end};
}

void SegmentSearch::narrow(Bisection& bisection) const {
  const uint64_t middle = bisection.middle();
  const Compared compared =
      compare(bisection.run, bisection.position, std::min(bisection.length_before, bisection.length_at));
  if (compared.is_suffix_below || (bisection.is_upper && compared.length == bisection.run.size())) {
    bisection.begin = middle + 1;
    bisection.length_before = compared.length;
  } else {
    bisection.end = middle;
    bisection.length_at = compared.length;
  }
}

// Every step needs a suffix, then the text at it: what one search waits for is fetched while the others
// go on.
void SegmentSearch::bisect(std::span<Bisection> batch) const {
  std::vector<Bisection*> active;
  for (Bisection& bisection : batch) active.push_back(&bisection);
  const auto is_done = [](const Bisection* bisection) { return bisection->begin == bisection->end; };
  while (true) {
    std::erase_if(active, is_done);
    if (active.empty()) return;
    for (const Bisection* const bisection : active) segment_.fetch_suffix(bisection->middle());
    for (Bisection* const bisection : active) {
      bisection->position = segment_.position_of(bisection->middle());
      segment_.fetch_tokens(bisection->position + std::min(bisection->length_before, bisection->length_at));
    }
    for (Bisection* const bisection : active) narrow(*bisection);
  }
}

std::vector<RankRange> SegmentSearch::find(std::span<const std::span<const TokenId>> runs) const {
  std::vector<RankRange> ranges;
  ranges.reserve(runs.size());
  std::vector<Bisection> batch;
  for (size_t begin = 0; begin < runs.size(); begin += kSearchesAtOnce / 2) {
    batch.clear();
    for (const auto run : runs.subspan(begin, std::min(runs.size() - begin, kSearchesAtOnce / 2))) {
      batch.push_back(begin_bisection(run, false));
      batch.push_back(batch.back());
      batch.back().is_upper = true;
    }
    bisect(batch);
    // In a file whose suffixes are out of order the second may come out below the first.
    for (size_t i = 0; i < batch.size(); i += 2) {
      ranges.push_back({batch[i].begin, std::max(batch[i].begin, batch[i + 1].begin)});
    }
  }
  return ranges;
}

RankRange SegmentSearch::find(std::span<const TokenId> run) const {
  return find(std::span<const std::span<const TokenId>>(&run, 1)).front();
}

std::vector<uint32_t> SegmentSearch::longest_matches(std::span<const std::span<const TokenId>> texts) const {
  std::vector<uint32_t> lengths;
  lengths.reserve(texts.size());
  std::vector<Bisection> batch;
  for (size_t begin = 0; begin < texts.size(); begin += kSearchesAtOnce) {
    batch.clear();
    for (const auto text : texts.subspan(begin, std::min(texts.size() - begin, kSearchesAtOnce))) {
      batch.push_back(begin_bisection(text, false));
    }
    bisect(batch);
    for (const Bisection& place : batch) lengths.push_back(longest_match_at(place));
  }
  return lengths;
}

uint32_t SegmentSearch::longest_match(std::span<const TokenId> text) const {
  return longest_matches(std::span<const std::span<const TokenId>>(&text, 1)).front();
}

// The nearest suffix that counts, on either side, shares the most with the text.
uint32_t SegmentSearch::longest_match_at(const Bisection& place) const {
  uint32_t longest = 0;
  uint64_t before = place.begin;
  while (before > 0 && !counts_at(before - 1)) --before;
  if (before > 0) {
    const bool is_known = before == place.begin && before > place.within.begin;
    longest = is_known ? place.length_before : compare(place.run, segment_.position_of(before - 1), 0).length;
  }
  uint64_t at = place.begin;
  while (at < segment_.token_count() && !counts_at(at)) ++at;
  if (at < segment_.token_count()) {
    const bool is_known = at == place.begin && at < place.within.end;
    longest = std::max(longest, is_known ? place.length_at : compare(place.run, segment_.position_of(at), 0).length);
  }
  return longest;
}

// Below are searches for the least position whose document counts. `minimum` is the least so far: what is
// not below it is left out.

void SegmentSearch::lower(std::optional<uint64_t>& minimum, RankRange range) const {
  for (uint64_t rank = range.begin; rank < range.end; ++rank) {
    const uint64_t position = segment_.position_of(rank);
    if ((!minimum || position < *minimum) && counts(segment_.document_at(position))) minimum = position;
  }
}

// Below one entry of a level of the minima.
void SegmentSearch::lower_below(std::optional<uint64_t>& minimum, size_t level, uint64_t entry) const {
  const auto& levels = segment_.layout().minima_levels();
  const uint64_t position = std::min(segment_.minimum(levels[level] + entry), segment_.token_count() - 1);
  if (minimum && position >= *minimum) return;
  if (counts(segment_.document_at(position))) {
    minimum = position;
  } else if (level == 0) {
    const uint64_t per_page = segment_.layout().suffixes_per_page();
    lower(minimum, {entry * per_page, std::min(segment_.token_count(), (entry + 1) * per_page)});
  } else {
    const uint64_t level_size = levels[level] - levels[level - 1];
    lower_by_minima(minimum, level - 1, entry * kMinimaFanOut, std::min(level_size, (entry + 1) * kMinimaFanOut));
  }
}

// Over the entries [begin, end) of a level: the whole groups among them by the level above.
void SegmentSearch::lower_by_minima(std::optional<uint64_t>& minimum, size_t level, uint64_t begin,
                                    uint64_t end) const {
  const bool has_above = level + 2 < segment_.layout().minima_levels().size();
  const uint64_t first_group = (begin + kMinimaFanOut - 1) / kMinimaFanOut;
  const uint64_t last_group = end / kMinimaFanOut;
  if (has_above && first_group + 1 < last_group) {
    for (uint64_t entry = begin; entry < first_group * kMinimaFanOut; ++entry) lower_below(minimum, level, entry);
    lower_by_minima(minimum, level + 1, first_group, last_group);
    begin = last_group * kMinimaFanOut;
  }
  for (uint64_t entry = begin; entry < end; ++entry) lower_below(minimum, level, entry);
}

uint64_t SegmentSearch::count(RankRange range) const {
  if (dead_ == nullptr) return range.size();
  uint64_t count = 0;
  for_each_document(range, [&](DocId) {
    ++count;
    return true;
  });
  return count;
}

std::optional<uint64_t> SegmentSearch::first_position(RankRange range) const {
  std::optional<uint64_t> minimum;
  const uint64_t per_page = segment_.layout().suffixes_per_page();
  const uint64_t first_page = (range.begin + per_page - 1) / per_page;
  const uint64_t last_page = range.end / per_page;
  if (first_page >= last_page) {
    lower(minimum, range);
  } else {
    lower_by_minima(minimum, 0, first_page, last_page);
    lower(minimum, {range.begin, first_page * per_page});
    lower(minimum, {last_page * per_page, range.end});
  }
  return minimum;
}

}  // namespace tribute::ngram
