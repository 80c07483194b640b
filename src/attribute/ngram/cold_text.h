// What a search reads of a segment's pages and text, through a PageCache.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ngram/page_cache.h"
#include "ngram/segment.h"

namespace tribute::ngram {

// A page of suffixes, until the cache's next release().
struct SuffixPage {
  const char* bytes = nullptr;
  uint32_t count = 0;  // of its suffixes

  // In the disk layout: what each shares with the next one, of the last one too if `with_last`.
  std::span<const uint8_t> shared_bits(const SegmentLayout& layout, bool with_last) const {
    return {reinterpret_cast<const uint8_t*>(bytes) + layout.shared_bits_begin(), count - (with_last ? 0U : 1U)};
  }
};

// How a suffix compares with a run.
struct TextParting {
  uint32_t length = 0;  // of their common beginning
  uint32_t symbol = 0;  // of the suffix, behind that, if it is not the whole run

  bool is_below(std::span<const uint32_t> run) const { return length < run.size() && symbol < run[length]; }
};

// Not thread-safe. Keeps both by reference. What is nullopt waits for the cache's next fetch().
class ColdText {
 public:
  ColdText(const Segment& segment, PageCache& cache);

  const Segment& segment() const { return segment_; }

  // `page` must be below layout().page_count().
  std::optional<SuffixPage> page(uint64_t page);
  // Of a suffix by its number in the page. What is beyond the text is 0, and reported.
  uint64_t position_in(const SuffixPage& page, uint32_t place);
  // The position of a page's first suffix: in the disk layout without reading the page.
  std::optional<uint64_t> first_position(uint64_t page);

  // Compares a run's symbols (its tokens + 1) with the text from `position` on, of which `known` are equal. Where the
  // next kSymbolsAhead may lie in two blocks, both are asked for at once: so many symbols take one round.
  static constexpr uint32_t kSymbolsAhead = 32;
  std::optional<TextParting> compare(std::span<const uint32_t> run, uint64_t position, uint32_t known);

  // Errors: data_loss where a position was beyond the text, or what segment() says.
  Result<void> status() const;

 private:
  uint64_t checked(uint64_t position);

  const Segment& segment_;
  PageCache& cache_;
  uint64_t text_begin_;
  uint64_t symbol_count_;
  uint32_t symbol_bits_;
  uint32_t position_bits_;
  uint64_t per_page_;
  bool is_position_wrong_ = false;
};

}  // namespace tribute::ngram
