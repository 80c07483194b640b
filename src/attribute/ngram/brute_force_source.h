// BruteForceSource: a SpanSource that walks all documents for every question.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/document.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

// Holds the live documents in memory and finds matches by the recurrence of the longest common
// extension: what matches at text position i and document position p is one longer than what matches
// at i + 1 and p + 1, if the tokens are equal, and else nothing.
//
// A question costs one step per pair of equal tokens of the text and the documents, and a look-up per
// token of the documents: for a collection of a few megabytes. Immutable; thread-safe.
class BruteForceSource final : public SpanSource {
 public:
  // `documents` must ascend strictly by entry (CHECK); see live_documents().
  explicit BruteForceSource(std::vector<Document> documents);

  const std::vector<Document>& documents() const { return documents_; }

  CorpusFacts facts() const override { return facts_; }
  Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const override;
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const override;
  Result<std::vector<RunFacts>> find(std::span<const TokenId> text, std::span<const Run> runs,
                                     const RunQuestion& question) const override;

 private:
  std::vector<Document> documents_;
  std::vector<bool> is_first_member_;  // per document
  std::unordered_map<TokenId, uint64_t> counts_;
  CorpusFacts facts_;
};

}  // namespace tribute::ngram
