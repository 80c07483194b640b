#include "suffix/reduction.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "suffix/induce.h"
#include "suffix/naming.h"

namespace tribute::suffix {
namespace {

constexpr uint32_t kAhead = 32;

template <typename Symbol>
void count_symbols(Level<Symbol>& level) {
  const uint32_t parts = level.parts();
  std::vector<std::vector<uint32_t>> counts(parts);
  level.workers.run([&](uint32_t part) {
    if (part >= parts) return;
    std::span<uint32_t> count = level.buckets.ends;
    if (part > 0) {
      counts[part].resize(level.symbol_count());
      count = counts[part];
    }
    std::ranges::fill(count, 0);
    const uint32_t end = part_begin(level.size(), part + 1, parts);
    for (uint32_t i = part_begin(level.size(), part, parts); i < end; ++i) ++count[level.text[i]];
  });
  uint32_t end = 0;
  for (uint32_t symbol = 0; symbol < level.symbol_count(); ++symbol) {
    for (uint32_t part = 1; part < parts; ++part) level.buckets.ends[symbol] += counts[part][symbol];
    level.buckets.ends[symbol] = end += level.buckets.ends[symbol];
  }
}

void sort_within(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order,
                 std::span<uint32_t> spare, Workers& workers, const Tuning& tuning);

// Sorts the suffixes of the text of names into the first entries of the order.
template <typename Symbol>
void sort_names(Level<Symbol>& level, const Reduced& reduced) {
  const std::span<const uint32_t> text = level.order.last(reduced.size);
  const std::span<uint32_t> order = level.order.first(reduced.size);
  if (reduced.name_count == reduced.size - reduced.separator_count) {
    uint32_t separators = 0;
    for (uint32_t i = 0; i < text.size(); ++i) {
      const uint32_t to = text[i] == kSeparator ? separators++ : reduced.separator_count + text[i] - 1;
      order[to] = i;
    }
    return;
  }
  const auto between = level.order.subspan(reduced.size, level.order.size() - size_t{2} * reduced.size);
  sort_within(text, reduced.name_count + 1, order,
              std::max(between, level.spare, [](auto a, auto b) { return a.size() < b.size(); }), level.workers,
              level.tuning);
}

// Turns the order of the text of names, which begins the level's order, into that of the seeds, behind as many
// entries as there are separators in it.
template <typename Symbol>
void order_seeds(Level<Symbol>& level, const Reduced& reduced) {
  write_positions(level, reduced);
  const std::span<const uint32_t> positions = level.order.last(reduced.size);
  const std::span<uint32_t> seeds = level.order.first(reduced.size).subspan(reduced.separator_count);
  const uint32_t parts = level.parts();
  level.workers.run([&](uint32_t part) {
    if (part >= parts) return;
    const uint32_t end = part_begin(seeds.size(), part + 1, parts);
    for (uint32_t i = part_begin(seeds.size(), part, parts); i < end; ++i) {
      if (i + kAhead < end) __builtin_prefetch(&positions[seeds[i + kAhead]]);
      seeds[i] = positions[seeds[i]];
    }
  });
}

// Moves the seeds to the ends of their buckets, and clears what is between.
template <typename Symbol>
void spread_seeds(Level<Symbol>& level, const Reduced& reduced) {
  uint32_t from = reduced.size;
  for (uint32_t symbol = level.symbol_count(); symbol-- > 1;) {
    const uint32_t count = level.buckets.seeds[symbol];
    const uint32_t end = level.buckets.ends[symbol];
    const auto seeds = level.order.subspan(from - count, count);
    // Never before where they are: every smaller seed has a place of its own there.
    const auto to = level.order.begin() + end;
    std::copy_backward(seeds.begin(), seeds.end(), to);
    from -= count;
    level.buckets.seeds[symbol] = end - count;
    if (!level.is_by_buckets()) {
      const uint32_t begin = std::max(from, level.buckets.ends[symbol - 1]);
      if (begin < end - count) std::ranges::fill(level.order.subspan(begin, end - count - begin), 0);
    }
  }
}

template <typename Symbol>
void sort(Level<Symbol>& level) {
  count_symbols(level);
  auto named = name_by_table(level);
  const Reduced reduced = named ? std::move(*named) : name_by_inducing(level);
  if (reduced.size > 0) {
    sort_names(level, reduced);
    order_seeds(level, reduced);
  }
  spread_seeds(level, reduced);
  induce<Leave::all>(level);
}

template <typename Symbol>
void sort_in(std::span<const Symbol> text, uint32_t symbol_count, std::span<uint32_t> order, std::span<uint32_t> spare,
             Workers& workers, const Tuning& tuning) {
  const size_t size = size_t{3} * symbol_count;
  std::vector<uint32_t> own;
  std::span<uint32_t> counters = spare.first(std::min(size, spare.size()));
  if (counters.size() < size) {
    own.resize(size);
    counters = own;
  } else {
    spare = spare.subspan(size);
  }
  Level<Symbol> level{.text = text,
                      .order = order,
                      .spare = spare,
                      .buckets = {.ends = counters.first(symbol_count),
                                  .heads = counters.subspan(symbol_count, symbol_count),
                                  .seeds = counters.last(symbol_count)},
                      .workers = workers,
                      .tuning = tuning};
  sort(level);
}

void sort_within(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order,
                 std::span<uint32_t> spare, Workers& workers, const Tuning& tuning) {
  sort_in<uint32_t>(text, symbol_count, order, spare, workers, tuning);
}

}  // namespace

void sort_level(std::span<const uint16_t> text, uint32_t symbol_count, std::span<uint32_t> order, Workers& workers,
                const Tuning& tuning) {
  sort_in<uint16_t>(text, symbol_count, order, {}, workers, tuning);
}

void sort_level(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order, Workers& workers,
                const Tuning& tuning) {
  sort_in<uint32_t>(text, symbol_count, order, {}, workers, tuning);
}

}  // namespace tribute::suffix
