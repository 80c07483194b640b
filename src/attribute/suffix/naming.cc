#include "suffix/naming.h"

#include <algorithm>
#include <utility>

#include "suffix/induce.h"
#include "suffix/phrase_scan.h"

namespace tribute::suffix {
namespace {

constexpr uint32_t kAhead = 32;

template <typename Symbol, typename Visit>
void for_each_phrase(std::span<const Symbol> text, uint32_t begin, uint32_t end, Visit visit) {
  scan_phrases(text, begin, end, [&](std::span<const Phrase> phrases) {
    for (const Phrase& phrase : phrases) visit(phrase);
  });
}

// Puts the seeds into the ends of their buckets, and counts them; returns how many there are.
template <typename Symbol>
uint32_t gather_seeds(Level<Symbol>& level) {
  std::ranges::fill(level.order, 0);
  auto& [ends, heads, seeds] = level.buckets;
  std::ranges::copy(ends, heads.begin());
  uint32_t count = 0;
  for_each_phrase(level.text, 0, level.size() - 1, [&](const Phrase& phrase) {
    level.order[--heads[level.text[phrase.position]]] = phrase.position;
    ++count;
  });
  std::ranges::copy(heads, seeds.begin());
  return count;
}

// Gives the seeds that begin the order names in `names`, which has room for each half of a position: no
// two seeds are neighbours.
template <typename Symbol>
uint32_t name_sorted(std::span<const Symbol> text, std::span<const uint32_t> sorted, std::span<uint32_t> names) {
  std::ranges::fill(names, 0);
  for_each_phrase(text, 0, static_cast<uint32_t>(text.size() - 1),
                  [&](const Phrase& phrase) { names[phrase.position / 2] = phrase.length; });
  uint32_t name = 0;
  std::span<const Symbol> last;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i + kAhead < sorted.size()) {
      __builtin_prefetch(&names[sorted[i + kAhead] / 2], 1);
      __builtin_prefetch(&text[sorted[i + kAhead]]);
    }
    const uint32_t position = sorted[i];
    const std::span<const Symbol> phrase = text.subspan(position, names[position / 2]);
    if (!std::ranges::equal(phrase, last)) ++name;
    names[position / 2] = name;
    last = phrase;
  }
  return name;
}

}  // namespace

template <typename Symbol>
Reduced name_by_inducing(Level<Symbol>& level) {
  const uint32_t seed_count = gather_seeds(level);
  induce<Leave::seeds>(level);
  uint32_t count = 0;
  for (uint32_t i = level.separator_count(); i < level.size(); ++i) {
    if (level.order[i] != 0) level.order[count++] = level.order[i];
  }
  const std::span<uint32_t> names = level.order.subspan(seed_count);
  Reduced reduced;
  reduced.name_count = name_sorted<Symbol>(level.text, level.order.first(seed_count), names);
  std::ranges::fill(level.buckets.seeds, 0);
  // The names that are still to be read stand before those that are written: half a position is before where the
  // names of what follows it, and the separators there, begin.
  uint32_t to = level.size();
  for_each_phrase(level.text, 0, level.size() - 1, [&](const Phrase& phrase) {
    const uint32_t name = names[phrase.position / 2];
    if (ends_document(level.text, phrase)) {
      level.order[--to] = kSeparator;
      ++reduced.separator_count;
    }
    level.order[--to] = name;
    ++level.buckets.seeds[level.text[phrase.position]];
  });
  reduced.size = level.size() - to;
  reduced.part_sizes = {reduced.size};
  return reduced;
}

template <typename Symbol>
void write_positions(const Level<Symbol>& level, const Reduced& reduced) {
  const auto parts = static_cast<uint32_t>(reduced.part_sizes.size());
  std::vector<uint32_t> ends(parts + size_t{1}, level.size());
  for (uint32_t part = parts; part-- > 0;) ends[part] = ends[part + 1] - reduced.part_sizes[part];
  level.workers.run([&](uint32_t part) {
    if (part >= parts) return;
    uint32_t to = ends[part + size_t{1}];
    const uint64_t size = level.size() - uint64_t{1};
    for_each_phrase(level.text, part_begin(size, part, parts), part_begin(size, part + 1, parts),
                    [&](const Phrase& phrase) {
                      if (ends_document(level.text, phrase)) level.order[--to] = 0;
                      level.order[--to] = phrase.position;
                    });
  });
}

template Reduced name_by_inducing(Level<uint16_t>& level);
template Reduced name_by_inducing(Level<uint32_t>& level);
template void write_positions(const Level<uint16_t>& level, const Reduced& reduced);
template void write_positions(const Level<uint32_t>& level, const Reduced& reduced);

}  // namespace tribute::suffix
