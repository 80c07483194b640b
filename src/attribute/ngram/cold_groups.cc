// The steps of a search in pages of the standard layout: groups first, then by halves.
#include <algorithm>

#include "base/bytes.h"
#include "ngram/cold_places.h"
#include "ngram/group_walk.h"

namespace tribute::ngram {

ColdPlaces::Groups ColdPlaces::walk_groups(const SuffixPage& page, std::span<const uint32_t> run, Bracket page_edges,
                                           uint32_t shared_end) const {
  const uint32_t count = (page.count + per_group_ - 1) / per_group_;
  const GroupWalk walk =
      ngram::walk_groups(page.bytes, count, run.data(), shared_end, page_edges.before, page_edges.at);
  return {.begin = walk.begin, .end = walk.end, .before = walk.before, .at = walk.at};
}

// The place is after the first suffix of group `begin_group` and not after that of `end_group`.
ColdPlaces::Bracket ColdPlaces::bracket_of(const SuffixPage& page, uint32_t begin_group, uint32_t end_group) const {
  return {.begin = begin_group * per_group_ + 1, .end = std::min(end_group * per_group_, page.count)};
}

// By the places of the groups alone, from the page's first suffix on, of which it is known what it shares with the run,
// to the first group that is above the run and does not begin with it. nullopt where that takes a comparison.
std::optional<ColdPlaces::Brackets> ColdPlaces::known_groups(const ColdRun& run, const SuffixPage& page) const {
  if (!run.pages->is_before_known) return std::nullopt;
  const auto size = static_cast<uint32_t>(run.symbols.size());
  const uint32_t count = (page.count + per_group_ - 1) / per_group_;
  // Of the first suffix of group `begin`: so many symbols are the run's, and if `is_above` the next one is below.
  uint32_t begin = 0;
  uint32_t known = run.pages->before;
  bool is_above = true;
  uint32_t before = 0;  // shared with the first suffix of the group before
  uint32_t at = run.pages->end > run.pages->begin ? size : run.pages->at;
  uint32_t end = 1;
  for (; end < count; ++end) {
    const DirectoryNode node{.place = Segment::group_place(page.bytes, end)};
    const uint32_t shared = node.shared();
    if (node.place == kNoPlace && known >= kMaxShared) return std::nullopt;  // it may share less
    if (shared >= size && known == size) continue;
    if (shared > known && !is_above) return std::nullopt;
    if (shared > known) {
      begin = end;  // it parts from the run where the one before does
    } else if (shared == known && run.symbols[shared] >= node.symbol()) {
      before = known;
      begin = end;
      is_above = run.symbols[shared] > node.symbol();
      known += is_above ? 0 : 1;
    } else {
      at = shared;
      break;
    }
  }
  Brackets brackets;
  if (is_above) {
    brackets.begin = bracket_of(page, begin, end);
    brackets.begin.before = known;
    brackets.begin.at = at;
    brackets.end = brackets.begin;
  } else if (known == size && begin > 0) {
    brackets.begin = bracket_of(page, begin - 1, begin);
    brackets.begin.before = before;
    brackets.begin.at = size;
    brackets.end = bracket_of(page, end - 1, end);
    brackets.end.before = size;
    brackets.end.at = at;
    brackets.is_end_apart = true;
  } else {
    return std::nullopt;
  }
  return brackets;
}

// By a comparison with the first suffix of a group that the places lead to.
std::optional<ColdPlaces::Brackets> ColdPlaces::find_groups(const ColdRun& run, const SuffixPage& page) {
  const auto size = static_cast<uint32_t>(run.symbols.size());
  const bool is_next_found = run.pages->end > run.pages->begin;
  const Bracket edges{.before = run.pages->before, .at = is_next_found ? size : run.pages->at};
  Groups groups = walk_groups(page, run.symbols, edges, std::min(size, kMaxShared));
  const auto parting = text_.compare(run.symbols, text_.position_in(page, groups.begin * per_group_), 0);
  if (!parting) return std::nullopt;
  const uint32_t length = parting->length;
  const bool is_whole = length == size;
  if (!is_whole && std::max(groups.before, groups.at) > length) {
    groups = walk_groups(page, run.symbols, edges, std::min(length + 1, kMaxShared));
  }
  // Behind kMaxShared symbols the groups are not told apart: only the one that was compared is known.
  const bool are_told_apart = is_whole ? size <= kMaxShared : length < kMaxShared;
  const uint32_t last = are_told_apart ? groups.end - 1 : groups.begin;
  Brackets brackets{.begin = {}, .end = {}, .longest = length};
  if (parting->is_below(run.symbols)) {
    brackets.begin = bracket_of(page, last, groups.end);
    brackets.begin.before = length;
    brackets.begin.at = groups.at;
  } else if (groups.begin > 0) {
    brackets.begin = bracket_of(page, groups.begin - 1, groups.begin);
    brackets.begin.before = groups.before;
    brackets.begin.at = length;
  } else {
    brackets.begin = {.begin = 0, .end = 0, .before = edges.before, .at = length};
  }
  brackets.end = brackets.begin;
  if (is_whole) {
    brackets.end = bracket_of(page, last, groups.end);
    brackets.end.before = size;
    brackets.end.at = groups.at;
    brackets.is_end_apart = true;
  }
  return brackets;
}

// In the page that has the range's begin.
bool ColdPlaces::find_begin(ColdRun& run, Brackets& brackets) {
  const auto page = text_.page(run.pages->begin - 1);
  if (!page) return false;
  auto found = known_groups(run, *page);
  if (!found) found = find_groups(run, *page);
  if (!found) return false;
  brackets = *found;
  Bracket* const end = brackets.is_end_apart ? nullptr : &brackets.end;
  if (!narrow(run.symbols, *page, brackets.begin, Side::begin, 1, end)) return false;
  run.longest = std::max({brackets.longest, brackets.begin.before, brackets.begin.at});
  return true;
}

bool ColdPlaces::find_by_groups(ColdRun& run) {
  const ColdRun::Pages& pages = *run.pages;
  const auto size = static_cast<uint32_t>(run.symbols.size());
  const bool has_pages = pages.end > pages.begin;
  // Both pages of a range that has whole pages are asked for at once.
  const std::optional<SuffixPage> last = pages.end > 0 ? text_.page(pages.end - 1) : std::nullopt;
  Brackets brackets;
  const Bracket& begin = brackets.begin;
  Bracket& end = brackets.end;
  if (pages.begin > 0) {
    if (!find_begin(run, brackets)) return false;
    run.range.begin = ranks(pages.begin - 1, begin.begin, 0).begin;
  }
  if (!last) return pages.end == 0;
  if (has_pages) {
    const Groups groups = walk_groups(*last, run.symbols, {.before = size, .at = pages.at}, std::min(size, kMaxShared));
    end = bracket_of(*last, size <= kMaxShared ? groups.end - 1 : 0, groups.end);
    end.before = size;
    end.at = groups.at;
  } else if (begin.at < size || begin.begin == last->count || !run.needs_end) {
    run.range.end = run.range.begin;  // nothing begins with the run
    return true;
  } else if (!brackets.is_end_apart) {
    // What begins with the run is near the first as a rule: twice as far each time from what is known to.
    end.begin = std::max(end.begin, begin.begin + 1);
    end.end = std::max(end.end, end.begin);
    for (uint32_t stride = 1; stride < end.end - end.begin; stride *= 2) {
      const uint32_t place = end.begin + stride - 1;
      const auto parting = text_.compare(run.symbols, text_.position_in(*last, place), std::min(size, end.at));
      if (!parting) return false;
      if (parting->length < size) {
        end.end = place;
        end.at = parting->length;
        break;
      }
      end.begin = place + 1;
    }
  }
  if (!narrow(run.symbols, *last, end, Side::end, 1)) return false;
  run.range.end = ranks(pages.end - 1, end.begin, 0).begin;
  return true;
}

}  // namespace tribute::ngram
