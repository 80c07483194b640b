#include "ngram/cold_source.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "ngram/distinct_runs.h"
#include "ngram/range_reader.h"
#include "ngram/run_facts.h"

namespace tribute::ngram {

// Keeps the first error, and reads nothing after it.
class ColdSource::Ranges final : public RangeReader {
 public:
  Ranges(const IndexPart& part, ColdSearch& search) : RangeReader(part), search_(&search) {}

  const Result<void>& status() const { return status_; }

  void for_each_positions(RankRange range, const VisitPositions& visit) override {
    if (status_) status_ = search_->for_each_positions(range, visit);
  }

  void positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions) override {
    if (status_) status_ = search_->positions_of(ranks, positions);
    if (!status_) std::ranges::fill(positions, 0);
  }

  std::optional<uint64_t> first_position(RankRange range) override {
    if (!status_) return std::nullopt;
    if (part().has_dead) return first_live_position(range);
    const auto first = search_->first_position(range);
    if (first) return *first;
    status_ = std::unexpected(first.error());
    return std::nullopt;
  }

  bool has_live(RankRange range) {
    bool has_live = false;
    const auto look_at = [&](std::span<const uint64_t> positions) {
      has_live = std::ranges::any_of(positions, [this](uint64_t position) { return is_live(position); });
      return !has_live;
    };
    for_each_positions(range, std::cref(look_at));
    return has_live;
  }

 private:
  bool is_live(uint64_t position) const { return !part().dead.contains(part().segment->document_at(position)); }

  std::optional<uint64_t> first_live_position(RankRange range) {
    std::optional<uint64_t> first;
    const auto look_at = [&](std::span<const uint64_t> positions) {
      for (const uint64_t position : positions) {
        if ((!first || position < *first) && is_live(position)) first = position;
      }
      return true;
    };
    for_each_positions(range, std::cref(look_at));
    return first;
  }

  ColdSearch* search_;
  Result<void> status_;
};

namespace {

// What is known of the longest match from a position in documents that count: at least `low` tokens, at most `high`.
struct Bounds {
  uint32_t begin = 0;
  uint32_t low = 0;
  uint32_t high = 0;
  bool is_tried = false;

  // The length to try next: first all that stands in any document.
  uint32_t probe() const { return is_tried ? low + (high - low + 1) / 2 : high; }
  // Whether that stands in a document that counts.
  void tell(bool is_live) {
    const uint32_t tried = probe();
    is_tried = true;
    (is_live ? low : high) = is_live ? tried : tried - 1;
  }
};

}  // namespace

Result<std::unique_ptr<ColdSource>> ColdSource::open(io::FileSystem& files, IndexSource source,
                                                     const ColdOptions& options) {
  std::unique_ptr<ColdSource> cold(new ColdSource(std::move(source)));
  for (const IndexPart& part : cold->source_.parts()) {
    cold->searches_.push_back(TRY(ColdSearch::open(files, *part.segment, options)));
  }
  return cold;
}

Result<std::vector<uint64_t>> ColdSource::token_counts(std::span<const TokenId> tokens) const {
  return source_.token_counts(tokens);
}

// By halves, all positions together. Shortened are those of over `enough` tokens alone: what another segment has is no
// worse, whoever this one's is.
Result<void> ColdSource::shorten_to_live(size_t k, std::span<const TokenId> text, std::span<const uint32_t> enough,
                                         std::span<uint32_t> lengths) const {
  std::vector<Bounds> open;
  for (uint32_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] > enough[i]) open.push_back({.begin = i, .high = lengths[i]});
  }
  Ranges ranges(source_.parts()[k], searches_[k]);
  while (!open.empty()) {
    std::vector<Run> runs;
    for (const Bounds& bounds : open) runs.push_back({bounds.begin, bounds.begin + bounds.probe()});
    const std::vector<RankRange> found = TRY(searches_[k].find(text, runs));
    for (size_t i = 0; i < open.size(); ++i) open[i].tell(ranges.has_live(found[i]));
    TRY(Result<void>(ranges.status()));
    for (const Bounds& bounds : open) lengths[bounds.begin] = bounds.low;
    std::erase_if(open, [](const Bounds& bounds) { return bounds.low == bounds.high; });
  }
  return {};
}

Result<std::vector<uint32_t>> ColdSource::longest_matches(std::span<const TokenId> text) const {
  const std::scoped_lock lock(mutex_);
  std::vector<uint32_t> longest(text.size(), 0);
  for (size_t k = 0; k < searches_.size(); ++k) {
    std::vector<uint32_t> lengths = TRY(searches_[k].longest_matches(text));
    if (source_.parts()[k].has_dead) TRY(shorten_to_live(k, text, longest, lengths));
    std::ranges::transform(longest, lengths, longest.begin(), [](uint32_t a, uint32_t b) { return std::max(a, b); });
  }
  TRY(source_.status());
  return longest;
}

Result<std::vector<RunFacts>> ColdSource::find(std::span<const TokenId> text, std::span<const Run> runs,
                                               const RunQuestion& question) const {
  const std::scoped_lock lock(mutex_);
  const DistinctRuns distinct(text, runs);
  std::vector<Ranges> readers;
  std::vector<FoundRuns> found;
  readers.reserve(searches_.size());
  for (size_t k = 0; k < searches_.size(); ++k) {
    found.push_back(
        {&readers.emplace_back(source_.parts()[k], searches_[k]), TRY(searches_[k].find(text, distinct.distinct()))});
    if (question.holders) TRY(searches_[k].fetch_edges(found.back().ranges));
  }
  auto facts = describe_runs(distinct, found, question, source_.facts().contributor_count);
  for (const Ranges& reader : readers) TRY(Result<void>(reader.status()));
  TRY(source_.status());
  return facts;
}

ColdCounts ColdSource::counts() const {
  const std::scoped_lock lock(mutex_);
  ColdCounts all;
  for (const ColdSearch& search : searches_) {
    const ColdCounts counts = search.counts();
    all.blocks_read += counts.blocks_read;
    all.rounds += counts.rounds;
    all.most_rounds = std::max(all.most_rounds, counts.most_rounds);
  }
  return all;
}

}  // namespace tribute::ngram
