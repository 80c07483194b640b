#include "ngram/search.h"

#include <algorithm>
#include <array>

namespace tribute::ngram {
namespace {

// So many symbols of the text are compared between two looks at whether their blocks are verified.
constexpr uint32_t kSymbolsAtOnce = 64;

}  // namespace

void SegmentSearch::Needles::append(std::span<const TokenId> tokens) {
  const uint32_t vocabulary_size = segment_.vocabulary_size();
  for (const TokenId token : tokens) {
    symbols_.push_back(std::min(token.value(), vocabulary_size) + 1);
    has_halves_ = has_halves_ && symbols_.back() <= UINT16_MAX;
  }
  if (!has_halves_) return;
  halves_.reserve(symbols_.size() + kHalvesAtOnce);
  for (size_t i = halves_.size(); i < symbols_.size(); ++i) halves_.push_back(static_cast<uint16_t>(symbols_[i]));
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

std::vector<RankRange> SegmentSearch::find(std::span<const std::span<const TokenId>> runs) const {
  Needles needles(segment_);
  for (const auto run : runs) needles.append(run);
  std::vector<RankRange> ranges;
  ranges.reserve(runs.size());
  std::array<Search, kSearchesAtOnce> searches;
  size_t next = 0;
  for (size_t begin = 0; begin < runs.size(); begin += kSearchesAtOnce) {
    const std::span batch = std::span(searches).first(std::min(runs.size() - begin, kSearchesAtOnce));
    for (size_t i = 0; i < batch.size(); ++i) {
      batch[i] = {.run = needles.at(next, runs[begin + i].size())};
      next += runs[begin + i].size();
    }
    search(batch, Bound::lower_and_upper);
    // In a file whose suffixes are out of order the second may come out below the first.
    for (const Search& found : batch) {
      const uint64_t lower = rank_of(found.lower);
      ranges.push_back({lower, std::max(lower, rank_of(found.upper))});
    }
  }
  return ranges;
}

RankRange SegmentSearch::find(std::span<const TokenId> run) const {
  return find(std::span<const std::span<const TokenId>>(&run, 1)).front();
}

std::vector<uint32_t> SegmentSearch::longest_matches(std::span<const TokenId> text) const {
  Needles needles(segment_);
  needles.append(text);
  std::vector<uint32_t> lengths;
  lengths.reserve(text.size());
  std::array<Search, kSearchesAtOnce> searches;
  for (size_t begin = 0; begin < text.size(); begin += kSearchesAtOnce) {
    const std::span batch = std::span(searches).first(std::min(text.size() - begin, kSearchesAtOnce));
    for (size_t i = 0; i < batch.size(); ++i) batch[i] = {.run = needles.at(begin + i, text.size() - begin - i)};
    search(batch, Bound::lower);
    for (const Search& found : batch) lengths.push_back(longest_match_at(found));
  }
  return lengths;
}

uint32_t SegmentSearch::longest_match(std::span<const TokenId> text) const {
  if (text.empty()) return 0;
  Needles needles(segment_);
  needles.append(text);
  Search found{.run = needles.at(0, text.size())};
  search({&found, 1}, Bound::lower);
  return longest_match_at(found);
}

// The nearest suffix that counts, on either side, shares the most with the text.
uint32_t SegmentSearch::longest_match_at(const Search& search) const {
  if (dead_ == nullptr) return std::max(search.lower.shared_before, search.lower.shared_at);
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
  for_each_document(range, [&](DocId) {
    ++count;
    return true;
  });
  return count;
}

}  // namespace tribute::ngram
