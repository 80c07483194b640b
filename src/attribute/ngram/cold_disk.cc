// The steps of a search in pages of the disk layout.
#include <algorithm>

#include "ngram/cold_places.h"

namespace tribute::ngram {

bool ColdPlaces::find_by_bits(ColdRun& run) {
  const ColdRun::Pages& pages = *run.pages;
  if (pages.end > pages.begin) return find_ends_by_bits(run);
  if (pages.begin == 0) return true;  // it is below all suffixes
  const auto page = text_.page(pages.begin - 1);
  if (!page) return false;
  const std::span<const uint8_t> shared = page->shared_bits(layout_, false);
  const auto size = static_cast<uint32_t>(run.symbols.size());
  const uint32_t nearest = find_nearest(shared, run.bits);
  const auto parting = text_.compare(run.symbols, text_.position_in(*page, nearest), 0);
  if (!parting) return false;
  const uint32_t length = parting->length;
  run.longest = std::max({length, pages.before, pages.at});
  const bool is_whole = length == size;
  const uint32_t bits =
      is_whole ? bits_of(run.symbols) : shared_bits(length, parting->symbol, run.symbols[length], symbol_bits_);
  if (bits > kMostSharedBits || (!is_whole && bits == kMostSharedBits)) {
    return narrow_clipped(run, *page, sharing_around(shared, nearest, kMostSharedBits), length);
  }
  // Of those that share the bit in which the run differs, all stand on one side of it.
  const SuffixesAround around = sharing_around(shared, nearest, is_whole ? bits : bits + 1);
  if (is_whole) {
    run.range = ranks(pages.begin - 1, around.begin, around.end);
  } else {
    const uint32_t place = parting->is_below(run.symbols) ? around.end : around.begin;
    run.range = ranks(pages.begin - 1, place, place);
  }
  return true;
}

// The run parts from none of them before kMostSharedBits, and from all others of the page.
bool ColdPlaces::narrow_clipped(ColdRun& run, const SuffixPage& page, SuffixesAround among, uint32_t nearest_length) {
  const uint32_t known = std::min(nearest_length, kMostSharedBits / symbol_bits_);
  Bracket begin{.begin = among.begin, .end = among.end, .before = known, .at = known};
  if (!narrow(run.symbols, page, begin, Side::begin, kWays)) return false;
  run.longest = std::max({nearest_length, begin.before, begin.at, run.pages->at});
  uint32_t end = begin.begin;
  if (run.needs_end && begin.at == run.symbols.size()) {
    Bracket last{.begin = begin.begin + 1, .end = among.end, .before = begin.at, .at = known};
    if (!narrow(run.symbols, page, last, Side::end, kWays)) return false;
    end = last.begin;
  }
  run.range = ranks(run.pages->begin - 1, begin.begin, end);
  return true;
}

// Pages begin with the run: its range begins in the one before them, if not with the first, and ends in the last.
bool ColdPlaces::find_ends_by_bits(ColdRun& run) {
  const ColdRun::Pages& pages = *run.pages;
  const std::optional<SuffixPage> last = text_.page(pages.end - 1);
  const std::optional<SuffixPage> before = pages.begin > 0 ? text_.page(pages.begin - 1) : std::nullopt;
  if (!last || (pages.begin > 0 && !before)) return false;
  const auto size = static_cast<uint32_t>(run.symbols.size());
  const uint32_t needed = bits_of(run.symbols);
  const bool is_clipped = needed > kMostSharedBits;
  const uint32_t least = std::min(needed, kMostSharedBits);
  const uint32_t known = kMostSharedBits / symbol_bits_;

  Bracket end{.begin = sharing_around(last->shared_bits(layout_, false), 0, least).end};
  if (is_clipped) {
    end = {.begin = 1, .end = end.begin, .before = known, .at = known};
    if (!narrow(run.symbols, *last, end, Side::end, kWays)) return false;
  }
  run.range = ranks(pages.end - 1, end.begin, end.begin);
  run.longest = size;
  if (!before) {
    run.range.begin = 0;
    return true;
  }
  Bracket begin{.begin = sharing_around(before->shared_bits(layout_, true), before->count, least).begin};
  if (is_clipped) {
    begin = {.begin = begin.begin, .end = before->count, .before = known, .at = known};
    if (!narrow(run.symbols, *before, begin, Side::begin, kWays)) return false;
  }
  run.range.begin = ranks(pages.begin - 1, begin.begin, begin.begin).begin;
  return true;
}

}  // namespace tribute::ngram
