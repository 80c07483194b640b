// The shortest way to a run in a segment of the disk layout: by what its page keeps of its suffixes, and one text.
#include <algorithm>

#include "ngram/bit_search.h"
#include "ngram/search.h"

namespace tribute::ngram {

// The directory, the places of groups and the bits in a group are all blind: they lead to one suffix, whose text says
// whether each turn was right. Then the bits say where the run stands, and where what begins with it ends. The searches
// for which that does not do are left, at the front, and their number returned: those that turned wrongly, and those
// whose place is at an edge of the page.
size_t SegmentSearch::find_by_bits(std::span<Search*> searches) const {
  for (Search* const search : searches) {
    search->groups = walk_groups(*search, search->pages.shared, std::min(search->run.size, kMaxShared));
    const uint64_t first = uint64_t{search->groups.end - 1} * per_group_;
    segment_.fetch_shared_bits(search->page, first);
    segment_.fetch_shared_bits(search->page, first + per_group_ - 1);
  }
  for (Search* const search : searches) {
    // Where groups are not told apart, they begin with the run, or it is below all of them or above the last one's
    // first.
    const uint32_t first = (search->groups.end - 1) * per_group_;
    const uint32_t count = std::min(per_group_, suffixes_in(search->page) - first);
    const auto shared =
        segment_.shared_bits_in(segment_.page_at(search->page), first + count - 1).subspan(first, count - 1);
    search->place = first + find_nearest(shared, RunBits({search->run.symbols, search->run.size}, symbol_bits_));
    segment_.fetch_page(search->page, search->place);
  }
  for (Search* const search : searches) {
    search->position = segment_.position_in(segment_.page_at(search->page), search->place);
    segment_.fetch_text(search->position);
  }
  size_t left = 0;
  for (Search* const search : searches) {
    if (!find_in_page(*search)) searches[left++] = search;
  }
  return left;
}

// Around the suffix that should share the most with the run. Where the bits are too few, they leave a bracket.
bool SegmentSearch::find_in_page(Search& search) const {
  if (search.pages.end - search.pages.begin != 1) return false;
  const Needle run = search.run;
  const Compared compared = compare_on(run, search.position, 0);
  const uint32_t length = compared.length;
  if (length < search.pages.shared.most() || length < search.groups.shared.most()) return false;
  const bool is_whole = length == run.size;
  uint64_t bits = uint64_t{length} * symbol_bits_;
  if (!is_whole) {
    const uint64_t parting = search.position + length;
    // What is none of the vocabulary may have more bits than a symbol.
    if (parting >= segment_.layout().symbol_count() || run.symbols[length] >> symbol_bits_ != 0) return false;
    const auto symbol = static_cast<uint32_t>(packed_at(segment_.text_at(parting, 1), parting, symbol_bits_));
    bits = shared_bits(length, symbol, run.symbols[length], symbol_bits_) + 1;
  }
  const uint32_t count = suffixes_in(search.page);
  const char* const page = segment_.page_at(search.page);
  const auto shared = segment_.shared_bits_in(page, count - 1);
  const bool is_clipped = bits > kMostSharedBits;
  // If the run is no beginning of it: all that share the bit in which they part stand on one side of the run.
  const SuffixesAround around =
      sharing_around(shared, search.place, static_cast<uint32_t>(std::min<uint64_t>(bits, kMostSharedBits)));
  if (around.begin == 0 || around.end == count) return false;
  // What is below the group's first suffix may share more with a suffix of the group before.
  const bool is_in_group = compared.is_suffix_below || around.begin > (search.groups.end - 1) * per_group_;
  if (!is_whole && !is_clipped && !is_in_group) return false;
  const auto shared_before = [&](uint32_t place) { return shared[place - 1] / symbol_bits_; };
  search.lower = {.page = search.page,
                  .suffixes = page,
                  .begin = around.begin,
                  .end = around.end,
                  .shared = {.before = shared_before(around.begin), .at = shared_before(around.end)}};
  search.upper = search.lower;
  if (is_clipped) return true;
  search.is_found = true;
  if (is_whole) {
    search.lower.end = around.begin;
    search.lower.shared.at = length;
    search.upper.begin = around.end;
    search.upper.shared.before = length;
  } else if (compared.is_suffix_below) {
    search.lower.begin = around.end;
    search.lower.shared.before = length;
    search.upper = search.lower;
  } else {
    search.lower.end = around.begin;
    search.lower.shared.at = length;
    search.upper = search.lower;
  }
  return true;
}

}  // namespace tribute::ngram
