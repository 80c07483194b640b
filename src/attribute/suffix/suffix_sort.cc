#include "suffix/suffix_sort.h"

#include <algorithm>

#include "base/check.h"
#include "base/huge_pages.h"
#include "suffix/reduction.h"

namespace tribute::suffix {
namespace {

// The memory between threads grows with their square, and more than this wait for memory anyway.
constexpr uint32_t kMostThreads = 16;

template <typename Symbol>
void sort_checked(std::span<const Symbol> text, uint32_t symbol_count, std::span<uint32_t> order,
                  const SortOptions& options) {
  CHECK(order.size() == text.size() && text.size() <= kMaxSortedSymbols && options.threads > 0);
  if (text.empty()) return;
  CHECK(text.back() == kSeparator && symbol_count > 0);
  use_huge_pages(text.data(), text.size_bytes());
  use_huge_pages(order.data(), order.size_bytes());
  constexpr Tuning tuning;
  // Where there is little to do, threads would cost more than they give.
  Workers workers(text.size() < tuning.shared_text ? 1 : std::min(options.threads, kMostThreads));
  sort_level(text, symbol_count, order, workers, tuning);
}

}  // namespace

void sort_suffixes(std::span<const uint16_t> text, uint32_t symbol_count, std::span<uint32_t> order,
                   const SortOptions& options) {
  sort_checked(text, symbol_count, order, options);
}

void sort_suffixes(std::span<const uint32_t> text, uint32_t symbol_count, std::span<uint32_t> order,
                   const SortOptions& options) {
  sort_checked(text, symbol_count, order, options);
}

}  // namespace tribute::suffix
