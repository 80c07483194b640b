// The steps of SegmentSearch's searches, taken by all searches of a batch together.
#include <algorithm>
#include <array>

#include "base/check.h"
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
  // To pages whose first suffixes share the most with the runs, if any share as much as is compared on the way.
  for (Search& search : batch) {
    search.pages = walk_directory(search.run, std::min(search.run.size, kMaxShared) - 1);
    segment_.fetch_page(search.pages.begin, 0);
  }
  for (Search& search : batch) {
    search.position = segment_.position_in(segment_.page_at(search.pages.begin), 0);
    segment_.fetch_text(search.position);
  }
  for (Search& search : batch) find_page(search, bound);
  narrow_all<false>(batch);
  if (bound == Bound::lower) return;
  for (Search& search : batch) begin_upper(search);
  narrow_all<true>(batch);
}

// Down the directory by the run's symbols, through nodes whose pages share at most `max_shared` symbols.
SegmentSearch::Pages SegmentSearch::walk_directory(Needle run, uint32_t max_shared) const {
  const DirectoryNode* const directory = segment_.directory();
  Pages pages{.end = segment_.layout().page_count()};
  while (pages.end - pages.begin > 1) {
    const DirectoryNode node = directory[pages.node];
    const uint32_t shared = node.shared();
    if (shared > max_shared) break;
    // Whatever a damaged node says, some pages are on either side.
    const uint64_t left = std::clamp<uint64_t>(node.left, 1, pages.end - pages.begin - 1);
    if (run.symbols[shared] >= node.symbol()) {
      pages.begin += left;
      pages.node += left;
      pages.shared_before = shared;
    } else {
      pages.end = pages.begin + left;
      pages.node += 1;
      pages.shared_at = shared;
    }
  }
  return pages;
}

// Compares with the page's first suffix: pages that share more with each other than that do with the run stand on
// one side of it. Down the directory again, no further than to these.
void SegmentSearch::find_page(Search& search, Bound bound) const {
  const Needle run = search.run;
  const Compared compared = compare_on(run, search.position, 0);
  const bool is_whole = compared.length == run.size;
  Pages pages = search.pages;
  // Nodes share more and more on the way.
  if (!is_whole && std::max(pages.shared_before, pages.shared_at) > compared.length) {
    pages = walk_directory(run, std::min(compared.length, kMaxShared - 1));
  }
  Pages upper = pages;
  if (compared.length >= kMaxShared && pages.end - pages.begin > 1) {
    tell_pages_apart(run, pages, false);
    tell_pages_apart(run, upper, true);
  } else if (is_whole) {
    pages.end = pages.begin;
    pages.shared_at = compared.length;
    upper.begin = upper.end;
    upper.shared_before = compared.length;
  } else if (compared.is_suffix_below) {
    pages.begin = pages.end;
    pages.shared_before = compared.length;
    upper = pages;
  } else {
    pages.end = pages.begin;
    pages.shared_at = compared.length;
    upper = pages;
  }
  search.lower = bracket_before(pages);
  if (bound == Bound::lower_and_upper) search.upper = bracket_before(upper);
  segment_.fetch_page(search.lower.page, (search.lower.begin + search.lower.end) / 2);
}

// By halves over [begin, end) to the one place before which all first suffixes are below the run, or, if that
// is asked, below it or begin with it.
void SegmentSearch::tell_pages_apart(Needle run, Pages& pages, bool is_upper) const {
  while (pages.begin < pages.end) {
    const uint64_t middle = pages.begin + (pages.end - pages.begin) / 2;
    const Compared compared =
        compare(run, segment_.position_in(segment_.page_at(middle), 0), std::min(pages.shared_before, pages.shared_at));
    if (compared.is_suffix_below || (is_upper && compared.length == run.size)) {
      pages.begin = middle + 1;
      pages.shared_before = compared.length;
    } else {
      pages.end = middle;
      pages.shared_at = compared.length;
    }
  }
}

// Where the place is after the first suffix of the page before `pages.begin` and not after that of this page.
SegmentSearch::Bracket SegmentSearch::bracket_before(const Pages& pages) const {
  if (pages.begin == 0) return {.shared_at = pages.shared_at};
  const uint64_t page = pages.begin - 1;
  const uint64_t per_page = segment_.layout().suffixes_per_page();
  return {.page = page,
          .suffixes = segment_.page_at(page),
          .begin = 1,
          .end = static_cast<uint32_t>(std::min(per_page, segment_.token_count() - page * per_page)),
          .shared_before = pages.shared_before,
          .shared_at = pages.shared_at};
}

// What the next kStepsAhead steps may read.
void SegmentSearch::fetch_ahead(const Bracket& bracket) const {
  constexpr uint32_t kParts = 1U << kStepsAhead;
  const uint32_t size = bracket.end - bracket.begin;
  for (uint32_t i = 1; i < kParts; ++i) segment_.fetch_page(bracket.page, bracket.begin + size * i / kParts);
  for (uint32_t i = 1; i < kParts; ++i) {
    segment_.fetch_text(segment_.position_in(bracket.suffixes, bracket.begin + size * i / kParts) + bracket.shared());
  }
}

// What begins with the run and stands in the same page is near the lower bound as a rule.
void SegmentSearch::begin_upper(Search& search) const {
  const Bracket& lower = search.lower;
  const auto size = search.run.size;
  if (lower.shared_at < size || rank_of(lower) == segment_.token_count()) {
    search.upper = lower;  // nothing begins with the run
    return;
  }
  if (search.upper.page == lower.page && lower.suffixes != nullptr) {
    search.upper.begin = std::min(lower.begin + 1, search.upper.end);
    search.upper.shared_before = size;
    search.stride = 1;
  }
}

// Every step needs a suffix, then the text at it: what one search waits for is fetched while the others go on.
template <bool kIsUpper>
void SegmentSearch::narrow_all(std::span<Search> batch) const {
  const auto bracket_of = [](Search& search) -> Bracket& { return kIsUpper ? search.upper : search.lower; };
  const auto choose_place = [](Search& search, const Bracket& bracket) {
    const uint32_t size = bracket.end - bracket.begin;
    search.place = bracket.begin + (!kIsUpper || search.stride == 0 ? size / 2 : std::min(search.stride, size) - 1);
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
      segment_.fetch_text(search->position + bracket.shared());
    }
    count = 0;
    for (Search* const search : searches) {
      Bracket& bracket = bracket_of(*search);
      const Compared compared = compare_on(search->run, search->position, bracket.shared());
      if (compared.is_suffix_below || (kIsUpper && compared.length == search->run.size)) {
        bracket.begin = search->place + 1;
        bracket.shared_before = compared.length;
        search->stride *= 2;  // while all begin with the run; then by halves
      } else {
        bracket.end = search->place;
        bracket.shared_at = compared.length;
        search->stride = 0;
      }
      if (bracket.is_found()) continue;
      active[count++] = search;
      choose_place(*search, bracket);
      segment_.fetch_page(bracket.page, search->place);
    }
  }
}

}  // namespace tribute::ngram
