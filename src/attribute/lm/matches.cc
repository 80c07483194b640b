#include "lm/matches.h"

#include <algorithm>
#include <bit>
#include <span>

namespace tribute::lm {
namespace {

// So many positions are taken from a shard at once.
constexpr uint64_t kRanksAtOnce = 4096;

// Positions are counted in so many buckets to share them out.
constexpr uint64_t kBuckets = uint64_t{1} << 16;

// Where the rarest clause has so many times fewer matches than all have, most of theirs are not near one of its.
constexpr uint64_t kRare = 8;

constexpr uint64_t kBitsPerWord = 64;

// A match in one integer, so that sorting is fast: the clause in the low bits.
constexpr uint32_t kClauseBits = 8;

// Ranges of suffixes are nested or disjoint: the outer ones alone.
std::vector<ngram::RankRange> outer(std::vector<ngram::RankRange> ranges) {
  std::ranges::sort(
      ranges, [](const auto& a, const auto& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  std::vector<ngram::RankRange> kept;
  for (ngram::RankRange range : ranges) {
    if (!kept.empty()) range.begin = std::max(range.begin, kept.back().end);
    if (range.begin < range.end) kept.push_back(range);
  }
  return kept;
}

// A page of documents needs only the first of many matches: so many are sorted first, then so many times more.
constexpr size_t kSortedFirst = 1024;
constexpr size_t kSortedMore = 16;

// Ascending; false if visit() said so.
bool visit_sorted(std::vector<uint64_t>& held, const std::function<bool(const Match&)>& visit) {
  size_t part = kSortedFirst;
  for (auto begin = held.begin(); begin != held.end(); part *= kSortedMore) {
    const auto end = begin + static_cast<ptrdiff_t>(std::min<size_t>(part, static_cast<size_t>(held.end() - begin)));
    std::nth_element(begin, end, held.end());
    std::sort(begin, end);
    for (; begin != end; ++begin) {
      if (!visit({*begin >> kClauseBits, static_cast<uint32_t>(*begin & ((1U << kClauseBits) - 1))})) return false;
    }
  }
  return true;
}

}  // namespace

Matches::Matches(const ngram::Shard& shard, const Query& query, const QueryOptions& options, MatchOrder order)
    : shard_(shard), max_distance_(query.max_distance), matches_at_once_(options.matches_at_once) {
  std::vector<std::span<const TokenId>> runs;
  for (const auto& clause : query.clauses) runs.insert(runs.end(), clause.begin(), clause.end());
  const std::vector<ngram::RankRange> ranges = shard.find(runs);
  auto range = ranges.begin();
  for (const auto& clause : query.clauses) {
    Clause& found = clauses_.emplace_back();
    const auto end = range + static_cast<ptrdiff_t>(clause.size());
    found.ranges = outer({range, end});
    for (const ngram::RankRange& one : found.ranges) found.match_count += one.size();
    range = end;
    match_count_ += found.match_count;
    has_all_ = has_all_ && found.match_count > 0;
  }
  if (!has_all_) return;
  const Clause& rarest = *std::ranges::min_element(clauses_, {}, &Clause::match_count);
  const bool is_rare = match_count_ > matches_at_once_ || rarest.match_count < match_count_ / kRare;
  is_filtered_ = order != MatchOrder::by_bits && is_rare && rarest.match_count <= matches_at_once_;
  const bool is_dense = clauses_.size() * (shard.position_end() / kBitsPerWord) <= match_count_;
  has_bits_ = order == MatchOrder::by_bits || (order == MatchOrder::by_density && !is_filtered_ && is_dense);
  if (!is_filtered_) return;
  rarest_.reserve(rarest.match_count);
  for_each_position(rarest, 0, shard.position_end(), [&](uint64_t position) { rarest_.push_back(position); });
  std::ranges::sort(rarest_);
}

template <typename Visit>
void Matches::for_each_position(const Clause& clause, uint64_t begin, uint64_t end, Visit visit) const {
  std::vector<uint64_t> positions;
  for (const ngram::RankRange& range : clause.ranges) {
    for (uint64_t rank = range.begin; rank < range.end; rank += kRanksAtOnce) {
      const ngram::RankRange part{rank, std::min(range.end, rank + kRanksAtOnce)};
      positions.resize(part.size());
      shard_.positions(part, positions);
      for (const uint64_t position : positions) {
        if (position >= begin && position < end) visit(position);
      }
    }
  }
}

bool Matches::is_near(uint64_t position) const {
  if (!is_filtered_) return true;
  const auto after = std::ranges::lower_bound(rarest_, position);
  if (after != rarest_.end() && *after - position <= max_distance_) return true;
  return after != rarest_.begin() && position - *(after - 1) <= max_distance_;
}

std::vector<uint64_t> Matches::share_out(uint64_t from) const {
  const uint64_t end = shard_.position_end();
  if (match_count_ <= matches_at_once_) return {end};
  const uint64_t width = (end - from) / kBuckets + 1;
  std::vector<uint64_t> buckets(kBuckets, 0);
  for (const Clause& clause : clauses_) {
    for_each_position(clause, from, end, [&](uint64_t position) {
      if (is_near(position)) ++buckets[(position - from) / width];
    });
  }
  std::vector<uint64_t> ends;
  uint64_t held = 0;
  for (uint64_t i = 0; i < kBuckets; ++i) {
    if (held > 0 && held + buckets[i] > matches_at_once_) {
      ends.push_back(from + i * width);
      held = 0;
    }
    held += buckets[i];
  }
  ends.push_back(end);
  return ends;
}

void Matches::for_each(uint64_t from, const std::function<bool(const Match&)>& visit) const {
  if (!has_all_ || from >= shard_.position_end()) return;
  if (has_bits_) {
    for_each_by_bits(from, visit);
  } else {
    for_each_by_sorting(from, visit);
  }
}

void Matches::for_each_by_bits(uint64_t from, const std::function<bool(const Match&)>& visit) const {
  const uint64_t width = std::max<uint64_t>(1, matches_at_once_ / clauses_.size()) * kBitsPerWord;
  std::vector<std::vector<uint64_t>> bits(clauses_.size());
  for (const uint64_t end = shard_.position_end(); from < end;) {
    const uint64_t stop = from + std::min(width, end - from);
    for (size_t i = 0; i < clauses_.size(); ++i) {
      bits[i].assign((stop - from - 1) / kBitsPerWord + 1, 0);
      for_each_position(clauses_[i], from, stop, [&](uint64_t position) {
        bits[i][(position - from) / kBitsPerWord] |= uint64_t{1} << (position - from) % kBitsPerWord;
      });
    }
    for (uint64_t word = 0; word < bits.front().size(); ++word) {
      uint64_t any = 0;
      for (const auto& of_clause : bits) any |= of_clause[word];
      for (; any != 0; any &= any - 1) {
        const auto bit = static_cast<uint64_t>(std::countr_zero(any));
        for (uint32_t i = 0; i < bits.size(); ++i) {
          const bool is_set = (bits[i][word] >> bit & 1) != 0;
          if (is_set && !visit({from + word * kBitsPerWord + bit, i})) return;
        }
      }
    }
    from = stop;
  }
}

void Matches::for_each_by_sorting(uint64_t from, const std::function<bool(const Match&)>& visit) const {
  std::vector<uint64_t> held;
  for (const uint64_t end : share_out(from)) {
    held.clear();
    for (uint32_t i = 0; i < clauses_.size(); ++i) {
      for_each_position(clauses_[i], from, end, [&](uint64_t position) {
        if (is_near(position)) held.push_back(position << kClauseBits | i);
      });
    }
    if (!visit_sorted(held, visit)) return;
    from = end;
  }
}

}  // namespace tribute::lm
