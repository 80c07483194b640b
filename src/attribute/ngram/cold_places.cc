#include "ngram/cold_places.h"

#include <algorithm>
#include <array>

namespace tribute::ngram {

ColdPlaces::ColdPlaces(ColdText& text)
    : text_(text),
      segment_(text.segment()),
      layout_(segment_.layout()),
      per_page_(layout_.suffixes_per_page()),
      per_group_(static_cast<uint32_t>(layout_.suffixes_per_group())),
      symbol_bits_(layout_.symbol_bits()) {}

bool ColdPlaces::find(ColdRun& run) {
  if (layout_.page_count() == 0) return true;
  if (!find_pages(run)) return false;
  if (run.pages->end > run.pages->begin && !run.needs_end) {
    // What a page begins with is found, wherever its range begins.
    run.longest = static_cast<uint32_t>(run.symbols.size());
    return true;
  }
  return layout_.is_for_disk() ? find_by_bits(run) : find_by_groups(run);
}

bool ColdPlaces::find_pages(ColdRun& run) {
  if (run.pages) return true;
  const std::span<const uint32_t> symbols = run.symbols;
  const auto size = static_cast<uint32_t>(symbols.size());
  const DirectoryWalk walk =
      walk_directory(segment_.directory(), layout_.page_count(), symbols, std::min(size, kMaxShared));
  if (walk.is_sure && walk.known == size) {
    run.pages = {.begin = walk.begin, .end = walk.end, .before = walk.before, .at = walk.at};
  } else if (walk.is_sure && walk.is_above) {
    run.pages = {.begin = walk.end, .end = walk.end, .before = walk.known, .at = walk.at};
  } else if (walk.is_sure && walk.begin == 0 && walk.end == 1) {
    run.pages = {.begin = 1, .end = 1, .before = 0, .at = walk.at, .is_before_known = false};
  } else {
    run.pages = compare_first(symbols, walk);
  }
  return run.pages.has_value();
}

// Compares with the first suffix of the page that the walk led to. Pages that share more with each other than that does
// with the run stand on one side of the run: down the directory again, no further than to these.
std::optional<ColdRun::Pages> ColdPlaces::compare_first(std::span<const uint32_t> run, const DirectoryWalk& walk) {
  const auto position = text_.first_position(walk.begin);
  if (!position) return std::nullopt;
  const auto parting = text_.compare(run, *position, walk.is_sure ? walk.known : 0);
  if (!parting) return std::nullopt;
  const uint32_t length = parting->length;
  const bool is_whole = length == run.size();
  DirectoryWalk pages = walk;
  if (!is_whole && std::max(walk.before, walk.at) > length) {
    pages = walk_directory(segment_.directory(), layout_.page_count(), run, std::min(length + 1, kMaxShared));
  }
  ColdRun::Pages found{.begin = pages.begin, .end = pages.end, .before = pages.before, .at = pages.at};
  if (length >= kMaxShared && pages.end - pages.begin > 1) {
    ColdRun::Pages upper = found;
    if (!tell_apart(run, found, Side::begin) || !tell_apart(run, upper, Side::end)) return std::nullopt;
    return ColdRun::Pages{
        .begin = found.begin, .end = std::max(found.begin, upper.begin), .before = found.before, .at = upper.at};
  }
  if (is_whole) return found;
  if (parting->is_below(run)) {
    found.begin = found.end;
    found.before = length;
  } else {
    found.end = found.begin;
    found.at = length;
  }
  return found;
}

// By halves over [begin, end) to the one place before which all first suffixes are below the run, or, at the end of its
// range, below it or begin with it.
bool ColdPlaces::tell_apart(std::span<const uint32_t> run, ColdRun::Pages& pages, Side side) {
  while (pages.begin < pages.end) {
    const uint64_t middle = pages.begin + (pages.end - pages.begin) / 2;
    const auto position = text_.first_position(middle);
    if (!position) return false;
    const auto parting = text_.compare(run, *position, std::min(pages.before, pages.at));
    if (!parting) return false;
    if (parting->is_below(run) || (side == Side::end && parting->length == run.size())) {
      pages.begin = middle + 1;
      pages.before = parting->length;
    } else {
      pages.end = middle;
      pages.at = parting->length;
    }
  }
  return true;
}

bool ColdPlaces::narrow(std::span<const uint32_t> run, const SuffixPage& page, Bracket& bracket, Side side,
                        uint32_t ways, Bracket* other) {
  while (bracket.begin < bracket.end) {
    const uint32_t size = bracket.end - bracket.begin;
    const uint32_t count = std::min({size, ways, kWays});
    std::array<uint32_t, kWays> places{};
    std::array<TextParting, kWays> partings;
    bool is_there = true;
    for (uint32_t i = 0; i < count; ++i) {
      places[i] = bracket.begin + static_cast<uint32_t>(uint64_t{size} * (i + 1) / (count + 1));
      const auto parting = text_.compare(run, text_.position_in(page, places[i]), std::min(bracket.before, bracket.at));
      is_there = is_there && parting;
      if (parting) partings[i] = *parting;
    }
    if (!is_there) return false;
    for (uint32_t i = 0; i < count; ++i) {
      if (partings[i].is_below(run) || (side == Side::end && partings[i].length == run.size())) {
        bracket.begin = places[i] + 1;
        bracket.before = partings[i].length;
      } else {
        bracket.end = places[i];
        bracket.at = partings[i].length;
        if (other == nullptr) break;
        if (bracket.at == run.size()) {
          other->begin = std::max(other->begin, places[i] + 1);
          other->before = bracket.at;
        } else if (places[i] < other->end) {
          other->end = places[i];
          other->at = bracket.at;
        }
        break;
      }
    }
  }
  return true;
}

uint32_t ColdPlaces::bits_of(std::span<const uint32_t> run) const {
  return static_cast<uint32_t>(std::min<uint64_t>(run.size() * symbol_bits_, kMostSharedBits + 1));
}

RankRange ColdPlaces::ranks(uint64_t page, uint32_t begin, uint32_t end) const {
  return {.begin = page * per_page_ + begin, .end = page * per_page_ + end};
}

}  // namespace tribute::ngram
