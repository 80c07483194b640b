// The steps of SegmentSearch's searches, taken by all searches of a batch together.
#include <algorithm>
#include <array>

#include "base/check.h"
#include "ngram/group_walk.h"
#include "ngram/search.h"

namespace tribute::ngram {
namespace {

// A batch of no more searches than this waits for each read: it fetches ahead what the next three steps may read.
constexpr size_t kFew = 2;
constexpr uint32_t kStepsAhead = 3;

}  // namespace

void SegmentSearch::search(std::span<Search> batch, Bound bound) const {
  CHECK(batch.size() <= kSearchesAtOnce);
  if (segment_.token_count() == 0) return;
  // To pages, and in them groups, whose first suffixes share the most with the runs, as far as is compared on the way.
  walk_all(batch);
  std::array<Search*, kSearchesAtOnce> active;
  size_t count = 0;
  for (Search& search : batch) active[count++] = &search;
  // Where a page turned out to be another one, its groups are compared too.
  while (count > 0) {
    const std::span<Search* const> searches = std::span(active).first(count);
    for (Search* const search : searches) choose_group(*search);
    for (Search* const search : searches) {
      search->position = segment_.position_in(segment_.page_at(search->page), search->place);
      segment_.fetch_text(search->position);
    }
    count = 0;
    for (Search* const search : searches) {
      const bool was_page_known = search->is_page_known;
      find_page(*search, bound);
      if (search->is_page_known && !was_page_known) active[count++] = search;
    }
  }
  narrow_all<false>(batch);
  if (bound == Bound::lower) return;
  for (Search& search : batch) begin_upper(search);
  narrow_all<true>(batch);
}

// One step down the directory by the run's symbols, through nodes whose pages share fewer than `shared_end` symbols;
// false at the end of the walk.
bool SegmentSearch::step_down(const DirectoryNode* directory, Needle run, uint32_t shared_end, Pages& pages) {
  if (pages.end - pages.begin <= 1) return false;
  const DirectoryNode node = directory[pages.node];
  const uint32_t shared = node.shared();
  if (shared >= shared_end) return false;
  // Whatever a damaged node says, some pages are on either side.
  const uint64_t left = std::clamp<uint64_t>(node.left, 1, pages.end - pages.begin - 1);
  if (run.symbols[shared] >= node.symbol()) {
    pages.begin += left;
    pages.node += left;
    pages.shared.before = shared;
  } else {
    pages.end = pages.begin + left;
    pages.node += 1;
    pages.shared.at = shared;
  }
  return true;
}

SegmentSearch::Pages SegmentSearch::walk_directory(Needle run, uint32_t shared_end) const {
  const DirectoryNode* const directory = segment_.directory();
  Pages pages{.end = segment_.layout().page_count()};
  while (step_down(directory, run, shared_end, pages)) {
  }
  return pages;
}

// Each search's walk as far as is compared on the way, all of them step by step.
void SegmentSearch::walk_all(std::span<Search> batch) const {
  const DirectoryNode* const directory = segment_.directory();
  std::array<Search*, kSearchesAtOnce> active;
  size_t count = 0;
  for (Search& search : batch) {
    search.pages = {.end = segment_.layout().page_count()};
    active[count++] = &search;
  }
  while (count > 0) {
    const std::span<Search* const> searches = std::span(active).first(count);
    count = 0;
    for (Search* const search : searches) {
      if (step_down(directory, search->run, std::min(search->run.size, kMaxShared), search->pages)) {
        __builtin_prefetch(directory + search->pages.node);
        active[count++] = search;
      } else {
        search->page = search->pages.begin;
        segment_.fetch_groups(search->page);
      }
    }
  }
}

SegmentSearch::Groups SegmentSearch::walk_groups(const Search& search, Edges page_edges, uint32_t shared_end) const {
  const uint32_t count = (suffixes_in(search.page) + per_group_ - 1) / per_group_;
  const GroupWalk walk = ngram::walk_groups(segment_.page_at(search.page), count, search.run.symbols, shared_end,
                                            page_edges.before, page_edges.at);
  return {.begin = walk.begin,
          .end = walk.end,
          .shared = {.before = walk.before, .at = walk.at},
          .shared_with_page = walk.shared_with_page};
}

// The candidate: the first suffix of a group that shares the most with the run, or of pages that are not told apart.
void SegmentSearch::choose_group(Search& search) const {
  const Pages& pages = search.pages;
  search.groups = {.end = 1, .shared = pages.shared};
  if (search.is_page_known || pages.end - pages.begin == 1) {
    search.groups = walk_groups(search, pages.shared, std::min(search.run.size, kMaxShared));
  }
  search.place = search.groups.begin * per_group_;
  segment_.fetch_page(search.page, search.place);
}

// Compares with the candidate, and so with the first suffix of its page: pages that share more with each other than
// that does with the run stand on one side of the run. Down the directory again, no further than to these.
void SegmentSearch::find_page(Search& search, Bound bound) const {
  const Needle run = search.run;
  const Compared compared = compare_on(run, search.position, 0);
  if (search.is_page_known) {
    find_group(search, compared);
    return;
  }
  // A group behind which the run turned right, rightly, stands behind the page's first suffix, as the run does.
  const bool is_behind_first = compared.length >= search.groups.shared_with_page;
  const Compared first{.length = std::min(compared.length, search.groups.shared_with_page),
                       .is_suffix_below = is_behind_first || compared.is_suffix_below};
  const bool is_whole = first.length == run.size;
  Pages pages = search.pages;
  // Nodes share more and more on the way.
  if (!is_whole && pages.shared.most() > first.length) {
    pages = walk_directory(run, std::min(first.length + 1, kMaxShared));
  } else if (pages.end - pages.begin == 1) {
    find_group(search, compared);
    return;
  }
  Pages upper = pages;
  if (first.length >= kMaxShared && pages.end - pages.begin > 1) {
    tell_pages_apart(run, pages, false);
    if (bound == Bound::lower_and_upper) tell_pages_apart(run, upper, true);
  } else if (is_whole) {
    pages.end = pages.begin;
    pages.shared.at = first.length;
    upper.begin = upper.end;
    upper.shared.before = first.length;
  } else if (first.is_suffix_below) {
    pages.begin = pages.end;
    pages.shared.before = first.length;
  } else {
    pages.end = pages.begin;
    pages.shared.at = first.length;
  }
  if (bound == Bound::lower_and_upper && upper.begin == upper.end && upper.begin > 0 &&
      upper.shared.before == run.size) {
    // The page's first suffix begins with the run, and so do groups up to the first that shares less.
    search.page = upper.begin - 1;
    const Groups groups = walk_groups(search, upper.shared, std::min(run.size, kMaxShared));
    const bool are_told_apart = run.size <= kMaxShared;
    search.upper = bracket_in(search.page, are_told_apart ? groups.end - 1 : 0, groups.end,
                              {.before = run.size, .at = groups.shared.at});
    search.has_upper = true;
  }
  go_before(search, pages);
}

// The place is before the first suffix of pages.begin, where pages.begin == pages.end.
void SegmentSearch::go_before(Search& search, const Pages& pages) const {
  search.pages = pages;
  if (pages.begin == 0) {
    search.lower = {.shared = pages.shared};
    return;
  }
  search.page = pages.begin - 1;
  search.is_page_known = true;
  segment_.fetch_groups(search.page);
}

// What was compared is the first suffix of groups.begin. As with the pages, groups that share more with each other than
// that does with the run stand on one side of it.
void SegmentSearch::find_group(Search& search, Compared compared) const {
  const uint32_t size = search.run.size;
  const bool is_whole = compared.length == size;
  Groups groups = search.groups;
  if (!is_whole && groups.shared.most() > compared.length) {
    groups = walk_groups(search, search.pages.shared, std::min(compared.length + 1, kMaxShared));
  }
  // Behind kMaxShared symbols the groups are not told apart: only the one that was compared is known.
  const bool are_told_apart = is_whole ? size <= kMaxShared : compared.length < kMaxShared;
  const uint32_t last = are_told_apart ? groups.end - 1 : groups.begin;
  if (is_whole && !search.has_upper) {
    search.upper = bracket_in(search.page, last, groups.end, {.before = size, .at = groups.shared.at});
    search.has_upper = true;
  }
  if (compared.is_suffix_below) {
    search.lower = bracket_in(search.page, last, groups.end, {.before = compared.length, .at = groups.shared.at});
  } else if (groups.begin > 0) {
    search.lower = bracket_in(search.page, groups.begin - 1, groups.begin,
                              {.before = groups.shared.before, .at = compared.length});
  } else if (!search.is_page_known) {
    Pages pages = search.pages;
    pages.end = pages.begin;
    pages.shared.at = compared.length;
    go_before(search, pages);
  } else {
    // Only in a file whose suffixes are out of order.
    search.lower = {.page = search.page, .suffixes = segment_.page_at(search.page)};
  }
  if (!search.has_upper) search.upper = search.lower;
}

// By halves over [begin, end) to the one place before which all first suffixes are below the run, or, if that
// is asked, below it or begin with it.
void SegmentSearch::tell_pages_apart(Needle run, Pages& pages, bool is_upper) const {
  while (pages.begin < pages.end) {
    const uint64_t middle = pages.begin + (pages.end - pages.begin) / 2;
    const Compared compared = compare(run, segment_.position_in(segment_.page_at(middle), 0), pages.shared.least());
    if (compared.is_suffix_below || (is_upper && compared.length == run.size)) {
      pages.begin = middle + 1;
      pages.shared.before = compared.length;
    } else {
      pages.end = middle;
      pages.shared.at = compared.length;
    }
  }
}

uint32_t SegmentSearch::suffixes_in(uint64_t page) const {
  return static_cast<uint32_t>(std::min(per_page_, segment_.token_count() - page * per_page_));
}

// Where the place is after the first suffix of group `begin_group` and not after the one of `end_group`.
SegmentSearch::Bracket SegmentSearch::bracket_in(uint64_t page, uint32_t begin_group, uint32_t end_group,
                                                 Edges shared) const {
  return {.page = page,
          .suffixes = segment_.page_at(page),
          .begin = begin_group * per_group_ + 1,
          .end = std::min(end_group * per_group_, suffixes_in(page)),
          .shared = shared};
}

// What the next kStepsAhead steps may read.
void SegmentSearch::fetch_ahead(const Bracket& bracket) const {
  constexpr uint32_t kParts = 1U << kStepsAhead;
  const uint32_t size = bracket.end - bracket.begin;
  for (uint32_t i = 1; i < kParts; ++i) segment_.fetch_page(bracket.page, bracket.begin + size * i / kParts);
  for (uint32_t i = 1; i < kParts; ++i) {
    segment_.fetch_text(segment_.position_in(bracket.suffixes, bracket.begin + size * i / kParts) +
                        bracket.shared.least());
  }
}

// What begins with the run and stands in the same bracket is near the lower bound as a rule.
void SegmentSearch::begin_upper(Search& search) const {
  const Bracket& lower = search.lower;
  const uint32_t size = search.run.size;
  if (lower.shared.at < size || rank_of(lower) == segment_.token_count()) {
    search.upper = lower;  // nothing begins with the run
    return;
  }
  if (search.upper.page != lower.page || search.upper.begin > lower.begin) return;
  search.upper.begin = std::min(lower.begin + 1, search.upper.end);
  search.upper.shared.before = size;
  search.upper.stride = 1;
}

// The run begins the text whose place is known, and what begins with it stands on either side of that as far as the
// text shares it with its neighbours: brackets that grow from there, in the same page.
void SegmentSearch::begin_around(Search& search, const Place& place) const {
  const uint32_t size = search.run.size;
  const uint64_t page = place.rank / per_page_;
  const auto at = static_cast<uint32_t>(place.rank - page * per_page_);
  search.lower = {.page = page, .begin = at, .end = at, .shared = place.shared};
  search.upper = search.lower;
  if (place.shared.before >= size && at > 0) {
    search.lower = {.page = page,
                    .suffixes = segment_.page_at(page),
                    .begin = 0,
                    .end = at - 1,
                    .shared = {.before = 0, .at = size},
                    .stride = 1};
  }
  if (place.shared.at >= size) {
    search.upper = {.page = page,
                    .suffixes = segment_.page_at(page),
                    .begin = at + 1,
                    .end = suffixes_in(page),
                    .shared = {.before = size, .at = 0},
                    .stride = 1};
  }
}

// Every step needs a suffix, then the text at it: what one search waits for is fetched while the others go on.
template <bool kIsUpper>
void SegmentSearch::narrow_all(std::span<Search> batch) const {
  const auto bracket_of = [](Search& search) -> Bracket& { return kIsUpper ? search.upper : search.lower; };
  const auto choose_place = [](Search& search, const Bracket& bracket) {
    const uint32_t size = bracket.end - bracket.begin;
    const uint32_t step = std::min(bracket.stride, size);
    search.place = bracket.stride == 0 ? bracket.begin + size / 2
                   : kIsUpper          ? bracket.begin + step - 1
                                       : bracket.end - step;
  };
  std::array<Search*, kSearchesAtOnce> active;
  size_t count = 0;
  for (Search& search : batch) {
    const Bracket& bracket = bracket_of(search);
    if (bracket.is_found()) continue;
    active[count++] = &search;
    choose_place(search, bracket);
    segment_.fetch_page(bracket.page, search.place);
  }
  for (uint32_t step = 0; count > 0; ++step) {
    const std::span<Search* const> searches = std::span(active).first(count);
    if (batch.size() <= kFew && step % kStepsAhead == 0) {
      for (Search* const search : searches) fetch_ahead(bracket_of(*search));
    }
    for (Search* const search : searches) {
      const Bracket& bracket = bracket_of(*search);
      search->position = segment_.position_in(bracket.suffixes, search->place);
      segment_.fetch_text(search->position + bracket.shared.least());
    }
    count = 0;
    for (Search* const search : searches) {
      Bracket& bracket = bracket_of(*search);
      const Compared compared = compare_on(search->run, search->position, bracket.shared.least());
      if (compared.is_suffix_below || (kIsUpper && compared.length == search->run.size)) {
        bracket.begin = search->place + 1;
        bracket.shared.before = compared.length;
        bracket.stride *= kIsUpper ? 2 : 0;  // while all begin with the run; then by halves
      } else {
        bracket.end = search->place;
        bracket.shared.at = compared.length;
        bracket.stride *= kIsUpper ? 0 : 2;
      }
      if (bracket.is_found()) continue;
      active[count++] = search;
      choose_place(*search, bracket);
      segment_.fetch_page(bracket.page, search->place);
    }
  }
}

}  // namespace tribute::ngram
