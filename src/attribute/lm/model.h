// The ∞-gram language model over several shards: counts, probabilities, next-token distributions, matches.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/columns.h"
#include "ngram/shard.h"
#include "ngram/span_source.h"

namespace tribute::lm {

// What stands after the last `context_length` tokens of a context, as counts of occurrences. The counts
// and `end_of_document` sum to `count`.
struct Distribution {
  uint32_t context_length = 0;
  uint64_t count = 0;                     // occurrences of these tokens
  std::vector<ngram::TokenCount> tokens;  // ascending by token, no zeros
  uint64_t end_of_document = 0;           // of the occurrences that end their document

  friend bool operator==(const Distribution&, const Distribution&) = default;
};

// numerator / denominator: of the occurrences of the last `context_length` tokens of a context so many are
// followed by the token that was asked about. The probability of anything after a context that does not
// occur is not defined: the denominator is 0.
struct Probability {
  uint32_t context_length = 0;
  uint64_t numerator = 0;
  uint64_t denominator = 0;

  friend bool operator==(const Probability&, const Probability&) = default;
};

// A maximal span of a text: a longest match that no other one contains, and how often it occurs.
struct Span {
  ngram::Run run;
  uint64_t count = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

// The model of Liu, Min, Zettlemoyer, Choi, Hajishirzi: "Infini-gram: Scaling Unbounded n-gram Language
// Models to a Trillion Tokens" (2024), over the live documents of some shards as if they were one corpus.
// Everything is exact: no sampling, no caps. docs/design/0011-the-infinity-gram-model.md.
//
// An occurrence of a run lies within one document. Each is followed by a token of that document or by its
// end, which is an outcome like a token, so that distributions sum to the counts of their contexts. The
// empty run occurs before every token and at the end of every document: tokens + documents times.
//
// Keeps the shards by pointer. Immutable; thread-safe. Errors of all questions: those of Shard::status().
class Model {
 public:
  // The pointers must not be null (CHECK).
  explicit Model(std::vector<const ngram::Shard*> shards);

  std::span<const ngram::Shard* const> shards() const { return shards_; }
  // Of all shards together.
  ngram::LiveCounts live() const;
  // Every token is below it.
  uint32_t vocabulary_size() const;

  // The occurrences of each run. A search per run and shard, whose waiting overlaps; where a shard has dead
  // documents, a look-up per occurrence.
  Result<std::vector<uint64_t>> count(std::span<const std::span<const TokenId>> runs) const;
  Result<uint64_t> count(std::span<const TokenId> run) const;

  // n-gram: what stands after the whole context. Reads O(distinct tokens · log occurrences) suffixes.
  Result<Distribution> distribution(std::span<const TokenId> context) const;
  // Of one token, or of the document's end (nullopt), after the whole context. Two searches per shard.
  Result<Probability> probability(std::span<const TokenId> context, std::optional<TokenId> next) const;

  // The length of the longest suffix of the context that occurs. Some three searches per shard, one after another, and
  // few places that are read.
  Result<uint32_t> longest_suffix(std::span<const TokenId> context) const;
  // ∞-gram: the same as above after the context's longest suffix that occurs. The count and the denominator
  // are at least 1 unless there is no live document.
  Result<Distribution> infinity_distribution(std::span<const TokenId> context) const;
  Result<Probability> infinity_probability(std::span<const TokenId> context, std::optional<TokenId> next) const;

  // Per position i of the text the largest L such that text[i, i + L) occurs. A search per position and
  // shard, whose waiting overlaps. The text must be below 2^32 - 1 tokens (CHECK), here and above.
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const;
  // Of these the ones with at least one token that end later than all that begin before them, by begin.
  Result<std::vector<Span>> maximal_spans(std::span<const TokenId> text) const;

 private:
  // The longest suffix of a context that occurs, and all places where it does, if these are few, else its suffixes by
  // shard.
  struct LongestSuffix {
    uint32_t length = 0;
    std::vector<ngram::Tail> tails = {};
    std::vector<ngram::RankRange> ranges = {};
  };

  // By shard: the suffixes that begin with a run, all of them with an empty one.
  std::vector<ngram::RankRange> find(std::span<const TokenId> run) const;
  Result<Distribution> distribution_after(std::span<const ngram::RankRange> ranges, uint32_t length) const;
  Result<LongestSuffix> find_longest_suffix(std::span<const TokenId> context) const;
  std::vector<ngram::Tail> read_tails(std::span<const ngram::RankRange> ranges, std::span<const TokenId> context,
                                      uint32_t length) const;
  Result<void> status() const;

  std::vector<const ngram::Shard*> shards_;
};

}  // namespace tribute::lm
