// IndexSource: a SpanSource over the suffix arrays of several manifests.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/index.h"
#include "ngram/index_classes.h"
#include "ngram/index_part.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

// Answers from the segments of some DataNets' manifests, less what was withdrawn since; exactly what a
// BruteForceSource says of live_documents() of the same. Immutable, thread-safe, movable.
//
// A text's longest matches take one search per position and segment (search.h), a run one or two, and
// where its counts are asked or a segment has documents that do not count, one step per occurrence.
class IndexSource final : public SpanSource {
 public:
  // Takes the opened manifests. `withdrawn`: entries that are not live though the manifests say so, in any
  // order; those that stand in no manifest are ignored.
  // O(documents), and the tokens of documents that are withdrawn or have equals in another manifest: a few
  // milliseconds for 50,000 documents of one manifest.
  // Errors: invalid_argument if an entry stands in two manifests or these are of different tokenizers;
  // data_loss naming a segment that is damaged or a manifest that disagrees with its segments.
  static Result<IndexSource> open(std::vector<Index> indexes, std::span<const EntryIndex> withdrawn = {});

  const std::vector<Index>& indexes() const { return indexes_; }
  // A segment each, in the order of the indexes and of their manifests.
  std::span<const IndexPart> parts() const { return parts_; }
  // Errors: data_loss naming a segment if anything that was read of it so far is damaged.
  Result<void> status() const;

  CorpusFacts facts() const override { return facts_; }
  Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const override;
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const override;
  Result<std::vector<RunFacts>> find(std::span<const TokenId> text, std::span<const Run> runs,
                                     const RunQuestion& question) const override;
  std::unique_ptr<TextQuery> query(std::span<const TokenId> text) const override;

 private:
  explicit IndexSource(std::vector<Index> indexes) : indexes_(std::move(indexes)) {}
  Result<void> prepare(std::span<const EntryIndex> withdrawn);
  void add_parts(std::span<const EntryIndex> withdrawn);
  Result<void> check_parts() const;
  Result<DuplicateClasses> find_classes() const;
  Result<void> count_corpus(const DuplicateClasses& classes);
  Result<void> count_tokens(const std::unordered_map<TokenId, uint64_t>& excess);
  void find_contributors();

  std::vector<Index> indexes_;
  std::vector<IndexPart> parts_;
  std::vector<uint64_t> token_counts_;  // by token: its occurrences over the first members
  CorpusFacts facts_;
};

}  // namespace tribute::ngram
