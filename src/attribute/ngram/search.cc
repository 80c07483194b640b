#include "ngram/search.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/check.h"

namespace tribute::ngram {
namespace {

// So many symbols of the text are compared between two looks at whether their blocks are verified.
constexpr uint32_t kSymbolsAtOnce = 64;

// Of the positions of a text every so many are searched first, then those halfway, down to all.
constexpr uint32_t kFirstStride = 16;

Run whole_of(std::span<const TokenId> text) {
  CHECK(text.size() < std::numeric_limits<uint32_t>::max());
  return {.begin = 0, .end = static_cast<uint32_t>(text.size())};
}

}  // namespace

SegmentSearch::Needles::Needles(const Segment& segment, std::span<const TokenId> text)
    : has_halves_(segment.layout().symbol_bits() == 16) {
  const uint32_t vocabulary_size = segment.vocabulary_size();
  symbols_.reserve(text.size());
  for (const TokenId token : text) {
    symbols_.push_back(std::min(token.value(), vocabulary_size) + 1);
    has_halves_ = has_halves_ && symbols_.back() <= UINT16_MAX;
  }
  if (!has_halves_) return;
  halves_.reserve(symbols_.size() + kHalvesAtOnce);
  for (const uint32_t symbol : symbols_) halves_.push_back(static_cast<uint16_t>(symbol));
  halves_.resize(symbols_.size() + kHalvesAtOnce);
}

SegmentSearch::Needle SegmentSearch::Needles::at(size_t begin, size_t size) const {
  return {.symbols = symbols_.data() + begin,
          .halves = has_halves_ ? halves_.data() + begin : nullptr,
          .size = static_cast<uint32_t>(size)};
}

SegmentSearch::Compared SegmentSearch::compare(Needle run, uint64_t position, uint32_t known) const {
  const uint64_t symbol_count = segment_.layout().symbol_count();
  const auto reach = static_cast<uint32_t>(std::min<uint64_t>(run.size, symbol_count - position));
  for (uint32_t length = std::min(known, reach); length < reach;) {
    const uint32_t end = std::min(reach, length + kSymbolsAtOnce);
    const char* const text = segment_.text_at(position + length, end - length);
    length = shared_symbols_(
        {.text = text, .position = position, .symbols = run.symbols, .known = length, .reach = end}, symbol_bits_);
    if (length < end) return {length, packed_at(text, position + length, symbol_bits_) < run.symbols[length]};
  }
  return {reach, reach < run.size};
}

template <typename Take>
void SegmentSearch::search_all(const Needles& needles, std::span<const Run> runs, Bound bound, Take take) const {
  std::array<Search, kSearchesAtOnce> searches;
  for (size_t begin = 0; begin < runs.size(); begin += kSearchesAtOnce) {
    const std::span batch = std::span(searches).first(std::min(runs.size() - begin, kSearchesAtOnce));
    for (size_t i = 0; i < batch.size(); ++i) {
      const Run run = runs[begin + i];
      batch[i] = {.run = needles.at(run.begin, run.length())};
    }
    search(batch, bound);
    for (size_t i = 0; i < batch.size(); ++i) take(runs[begin + i], batch[i]);
  }
}

std::vector<RankRange> SegmentSearch::find(std::span<const TokenId> text, std::span<const Run> runs) const {
  for (const Run run : runs) CHECK(run.begin <= run.end && run.end <= text.size());
  std::vector<RankRange> ranges;
  ranges.reserve(runs.size());
  search_all(Needles(segment_, text), runs, Bound::lower_and_upper, [&](Run, const Search& found) {
    // In a file whose suffixes are out of order the second may come out below the first.
    const uint64_t lower = rank_of(found.lower);
    ranges.push_back({lower, std::max(lower, rank_of(found.upper))});
  });
  return ranges;
}

RankRange SegmentSearch::find(std::span<const TokenId> run) const {
  const Run whole = whole_of(run);
  return find(run, {&whole, 1}).front();
}

std::vector<uint32_t> SegmentSearch::longest_matches(std::span<const TokenId> text) const {
  const Needles needles(segment_, text);
  const Run whole = whole_of(text);
  std::vector<uint32_t> ends(text.size());  // of the longest match from each position, where it is known
  std::vector<Run> searched;
  const auto search_them = [&] {
    search_all(needles, searched, Bound::lower,
               [&](Run run, const Search& found) { ends[run.begin] = run.begin + longest_match_at(found); });
    searched.clear();
  };
  for (uint32_t i = 0; i < whole.end; i += kFirstStride) searched.push_back({i, whole.end});
  search_them();
  for (uint32_t stride = kFirstStride; stride > 1; stride /= 2) {
    for (uint32_t before = 0; before + stride / 2 < whole.end; before += stride) {
      const uint32_t after = before + stride;
      const uint32_t end_after = after < whole.end ? ends[after] : whole.end;
      const uint32_t between = before + stride / 2;
      if (ends[before] == end_after) {
        ends[between] = end_after;
      } else {
        searched.push_back({between, whole.end});
      }
    }
    search_them();
  }
  for (uint32_t i = 0; i < whole.end; ++i) ends[i] -= i;
  return ends;
}

uint32_t SegmentSearch::longest_match(std::span<const TokenId> text) const {
  const Run whole = whole_of(text);
  uint32_t longest = 0;
  search_all(Needles(segment_, text), {&whole, 1}, Bound::lower,
             [&](Run, const Search& found) { longest = longest_match_at(found); });
  return longest;
}

// The nearest suffix that counts, on either side, shares the most with the text.
uint32_t SegmentSearch::longest_match_at(const Search& search) const {
  if (dead_ == nullptr) return search.lower.shared.most();
  const uint64_t place = rank_of(search.lower);
  uint32_t longest = 0;
  uint64_t before = place;
  while (before > 0 && !counts_at(before - 1)) --before;
  if (before > 0) longest = compare(search.run, segment_.position_of(before - 1), 0).length;
  uint64_t at = place;
  while (at < segment_.token_count() && !counts_at(at)) ++at;
  if (at < segment_.token_count()) longest = std::max(longest, compare(search.run, segment_.position_of(at), 0).length);
  return longest;
}

uint64_t SegmentSearch::count(RankRange range) const {
  if (dead_ == nullptr) return range.size();
  uint64_t count = 0;
  for_each_documents(range, [&](std::span<const DocId> documents) { count += documents.size(); });
  return count;
}

}  // namespace tribute::ngram
