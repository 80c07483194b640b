#include "lm/model.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/check.h"
#include "ngram/partition.h"

namespace tribute::lm {
namespace {

// So many candidates for the longest suffix are tried together: most are found in two rounds, and few searches go to
// waste.
constexpr uint32_t kSuffixesAtOnce = 6;

// Lengths of suffixes to try where one of `occurs` tokens occurs and one of `does_not` does not: from the shorter ones
// on, in steps that grow, while all that were tried occur, and evenly in between afterwards.
std::vector<uint32_t> lengths_between(uint32_t occurs, uint32_t does_not, uint32_t size) {
  std::vector<uint32_t> lengths;
  const bool is_open = does_not > size;
  const uint32_t step = (does_not - occurs) / (kSuffixesAtOnce + 1) + 1;
  for (uint32_t length = occurs; lengths.size() < kSuffixesAtOnce;) {
    length = std::min(length + (is_open ? 2 + length / 3 : step), does_not - 1);
    lengths.push_back(length);
    if (length == does_not - 1) break;
  }
  return lengths;
}

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

Result<Distribution> Model::distribution(std::span<const TokenId> context) const {
  CHECK(context.size() < std::numeric_limits<uint32_t>::max());
  Distribution distribution{.context_length = static_cast<uint32_t>(context.size())};
  ngram::Continuations all;
  for (const ngram::Shard* const shard : shards_) {
    const ngram::RankRange range =
        context.empty() ? shard->suffixes() : shard->find(std::span<const std::span<const TokenId>>(&context, 1))[0];
    const ngram::Continuations continuations = shard->continuations(range, context.size());
    all.tokens.insert(all.tokens.end(), continuations.tokens.begin(), continuations.tokens.end());
    all.end_count += continuations.end_count;
    if (context.empty()) all.end_count += shard->live().documents;
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

// Where a suffix occurs, all shorter ones do, and one of n tokens does if the longest match from its
// begin has n tokens.
Result<uint32_t> Model::longest_suffix(std::span<const TokenId> context) const {
  CHECK(context.size() < std::numeric_limits<uint32_t>::max());
  const auto size = static_cast<uint32_t>(context.size());
  uint32_t occurs = 0;           // so many tokens do
  uint32_t does_not = size + 1;  // and so many do not
  while (does_not - occurs > 1) {
    const std::vector<uint32_t> lengths = lengths_between(occurs, does_not, size);
    std::vector<uint32_t> begins;
    for (const uint32_t length : lengths) begins.push_back(size - length);
    std::vector<uint32_t> longest(lengths.size());
    for (const ngram::Shard* const shard : shards_) {
      const std::vector<uint32_t> found = shard->longest_matches(context, begins);
      for (size_t i = 0; i < found.size(); ++i) longest[i] = std::max(longest[i], found[i]);
    }
    for (size_t i = 0; i < lengths.size(); ++i) {
      if (longest[i] >= lengths[i]) {
        occurs = std::max(occurs, lengths[i]);
      } else {
        does_not = std::min(does_not, lengths[i]);
      }
    }
    if (does_not <= occurs) break;  // only where a shard is damaged
  }
  TRY(status());
  return occurs;
}

Result<Distribution> Model::infinity_distribution(std::span<const TokenId> context) const {
  return distribution(context.last(TRY(longest_suffix(context))));
}

Result<Probability> Model::infinity_probability(std::span<const TokenId> context, std::optional<TokenId> next) const {
  return probability(context.last(TRY(longest_suffix(context))), next);
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
