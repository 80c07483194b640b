#include "lm/model.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "ngram/partition.h"

namespace tribute::lm {
namespace {

// The length of a suffix that is looked for first.
constexpr uint32_t kFirstSuffix = 8;

// So few places where a suffix stands are read: what stands before them says where longer ones do.
constexpr uint64_t kReadAtMost = 128;

}  // namespace

Model::Model(std::vector<const ngram::Shard*> shards) : shards_(std::move(shards)) {
  for (const ngram::Shard* const shard : shards_) CHECK(shard != nullptr);
}

ngram::LiveCounts Model::live() const {
  ngram::LiveCounts sum;
  for (const ngram::Shard* const shard : shards_) {
    sum.documents += shard->live().documents;
    sum.tokens += shard->live().tokens;
  }
  return sum;
}

uint32_t Model::vocabulary_size() const {
  uint32_t size = 0;
  for (const ngram::Shard* const shard : shards_) size = std::max(size, shard->vocabulary_size());
  return size;
}

Result<void> Model::status() const {
  for (const ngram::Shard* const shard : shards_) TRY(shard->status());
  return {};
}

Result<std::vector<uint64_t>> Model::count(std::span<const std::span<const TokenId>> runs) const {
  std::vector<uint64_t> counts(runs.size(), 0);
  std::vector<std::span<const TokenId>> searched;  // those that are not empty
  for (const auto run : runs) {
    if (!run.empty()) searched.push_back(run);
  }
  for (const ngram::Shard* const shard : shards_) {
    const std::vector<ngram::RankRange> ranges = shard->find(searched);
    auto range = ranges.begin();
    for (size_t i = 0; i < runs.size(); ++i) {
      counts[i] += runs[i].empty() ? shard->live().tokens + shard->live().documents : shard->count(*range++);
    }
  }
  TRY(status());
  return counts;
}

Result<uint64_t> Model::count(std::span<const TokenId> run) const {
  return TRY(count(std::span<const std::span<const TokenId>>(&run, 1))).front();
}

std::vector<ngram::RankRange> Model::find(std::span<const TokenId> run) const {
  std::vector<ngram::RankRange> ranges;
  for (const ngram::Shard* const shard : shards_) {
    ranges.push_back(run.empty() ? shard->suffixes()
                                 : shard->find(std::span<const std::span<const TokenId>>(&run, 1)).front());
  }
  return ranges;
}

Result<Distribution> Model::distribution(std::span<const TokenId> context) const {
  CHECK(context.size() < std::numeric_limits<uint32_t>::max());
  return distribution_after(find(context), static_cast<uint32_t>(context.size()));
}

Result<Distribution> Model::distribution_after(std::span<const ngram::RankRange> ranges, uint32_t length) const {
  Distribution distribution{.context_length = length};
  ngram::Continuations all;
  for (size_t i = 0; i < shards_.size(); ++i) {
    const ngram::Continuations continuations = shards_[i]->continuations(ranges[i], length);
    all.tokens.insert(all.tokens.end(), continuations.tokens.begin(), continuations.tokens.end());
    all.end_count += continuations.end_count;
    if (length == 0) all.end_count += shards_[i]->live().documents;
  }
  ngram::tidy(all);
  distribution.tokens = std::move(all.tokens);
  distribution.end_of_document = all.end_count;
  distribution.count = all.end_count;
  for (const ngram::TokenCount& one : distribution.tokens) distribution.count += one.count;
  TRY(status());
  return distribution;
}

Result<Probability> Model::probability(std::span<const TokenId> context, std::optional<TokenId> next) const {
  Probability probability{.context_length = static_cast<uint32_t>(context.size())};
  if (!next) {
    const Distribution found = TRY(distribution(context));
    probability.numerator = found.end_of_document;
    probability.denominator = found.count;
    return probability;
  }
  std::vector<TokenId> longer(context.begin(), context.end());
  longer.push_back(*next);
  const std::vector<std::span<const TokenId>> runs = {longer, context};
  const std::vector<uint64_t> counts = TRY(count(runs));
  probability.numerator = counts[0];
  probability.denominator = counts[1];
  return probability;
}

// By halves: where a suffix occurs, all shorter ones do. Longer ones stand where it does, so that as soon as one stands
// at few places these are read, and not searched for. A search alone waits less than one of several.
Result<Model::LongestSuffix> Model::find_longest_suffix(std::span<const TokenId> context) const {
  CHECK(context.size() < std::numeric_limits<uint32_t>::max());
  const auto size = static_cast<uint32_t>(context.size());
  uint32_t occurs = 0;           // so many tokens do
  uint32_t does_not = size + 1;  // and so many do not
  uint32_t length = std::min(kFirstSuffix, size);
  std::vector<ngram::RankRange> found = find({});  // the longest that does
  while (does_not - occurs > 1) {
    std::vector<ngram::RankRange> ranges = find(context.last(length));
    uint64_t places = 0;
    for (const ngram::RankRange& range : ranges) places += range.size();
    bool is_found = false;
    if (places <= kReadAtMost) {
      LongestSuffix longest{.tails = read_tails(ranges, context, length)};
      for (const ngram::Tail& tail : longest.tails) longest.length = std::max(longest.length, tail.length);
      is_found = !longest.tails.empty();
      if (is_found) {
        std::erase_if(longest.tails, [&](const ngram::Tail& tail) { return tail.length < longest.length; });
        TRY(status());
        return longest;
      }
    } else {
      for (size_t i = 0; i < shards_.size() && !is_found; ++i) is_found = shards_[i]->has_live(ranges[i]);
    }
    (is_found ? occurs : does_not) = length;
    if (is_found) found = std::move(ranges);
    length = does_not > size ? std::min(2 * occurs, size) : occurs + (does_not - occurs) / 2;
  }
  TRY(status());
  return LongestSuffix{.length = occurs, .ranges = std::move(found)};
}

std::vector<ngram::Tail> Model::read_tails(std::span<const ngram::RankRange> ranges, std::span<const TokenId> context,
                                           uint32_t length) const {
  std::vector<ngram::Tail> all;
  for (size_t i = 0; i < shards_.size(); ++i) {
    const std::vector<ngram::Tail> tails = shards_[i]->tails(ranges[i], context, length);
    all.insert(all.end(), tails.begin(), tails.end());
  }
  return all;
}

Result<uint32_t> Model::longest_suffix(std::span<const TokenId> context) const {
  return TRY(find_longest_suffix(context)).length;
}

Result<Distribution> Model::infinity_distribution(std::span<const TokenId> context) const {
  const LongestSuffix longest = TRY(find_longest_suffix(context));
  if (longest.tails.empty()) return distribution_after(longest.ranges, longest.length);
  ngram::Continuations all;
  for (const ngram::Tail& tail : longest.tails) {
    if (tail.next) {
      all.tokens.push_back({*tail.next, 1});
    } else {
      ++all.end_count;
    }
  }
  ngram::tidy(all);
  return Distribution{.context_length = longest.length,
                      .count = longest.tails.size(),
                      .tokens = std::move(all.tokens),
                      .end_of_document = all.end_count};
}

Result<Probability> Model::infinity_probability(std::span<const TokenId> context, std::optional<TokenId> next) const {
  const LongestSuffix longest = TRY(find_longest_suffix(context));
  Probability probability{.context_length = longest.length};
  if (!longest.tails.empty()) {
    probability.numerator = static_cast<uint64_t>(std::ranges::count(longest.tails, next, &ngram::Tail::next));
    probability.denominator = longest.tails.size();
    return probability;
  }
  const std::span<const TokenId> suffix = context.last(longest.length);
  if (suffix.empty() || !next) return this->probability(suffix, next);
  std::vector<TokenId> longer(suffix.begin(), suffix.end());
  longer.push_back(*next);
  probability.numerator = TRY(count(longer));
  for (size_t i = 0; i < shards_.size(); ++i) probability.denominator += shards_[i]->count(longest.ranges[i]);
  return probability;
}

Result<std::vector<uint32_t>> Model::longest_matches(std::span<const TokenId> text) const {
  CHECK(text.size() < std::numeric_limits<uint32_t>::max());
  std::vector<uint32_t> longest(text.size(), 0);
  for (const ngram::Shard* const shard : shards_) {
    const std::vector<uint32_t> lengths = shard->longest_matches(text);
    for (size_t i = 0; i < lengths.size(); ++i) longest[i] = std::max(longest[i], lengths[i]);
  }
  TRY(status());
  return longest;
}

Result<std::vector<Span>> Model::maximal_spans(std::span<const TokenId> text) const {
  const std::vector<uint32_t> lengths = TRY(longest_matches(text));
  std::vector<Span> spans;
  std::vector<std::span<const TokenId>> runs;
  uint32_t last_end = 0;
  for (uint32_t i = 0; i < lengths.size(); ++i) {
    const uint32_t end = i + lengths[i];
    if (lengths[i] == 0 || end <= last_end) continue;
    last_end = end;
    spans.push_back({.run = {i, end}});
    runs.push_back(text.subspan(i, lengths[i]));
  }
  const std::vector<uint64_t> counts = TRY(count(runs));
  for (size_t i = 0; i < spans.size(); ++i) spans[i].count = counts[i];
  return spans;
}

}  // namespace tribute::lm
