// What stands where, by walking all documents with the automaton of Knuth, Morris and Pratt.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "extremes/extreme.h"
#include "ngram/document.h"
#include "ngram/span_source.h"

namespace tribute::extremes {

// Beside BruteForceSource for what is long: a question takes O(tokens of the documents + tokens asked about), however
// often they are equal, but is about one run. Keeps the documents by reference. Immutable; thread-safe.
class Scan {
 public:
  explicit Scan(std::span<const ngram::Document> documents);

  // The largest L such that the first L tokens of `text` stand in one document.
  uint32_t longest_match(std::span<const TokenId> text) const;

  // What SpanSource::find() says of a run, which is not empty. All documents must be paid.
  ngram::RunFacts find(std::span<const TokenId> run, const ngram::RunQuestion& question) const;

 private:
  std::span<const ngram::Document> documents_;
  std::vector<bool> is_first_member_;  // per document
};

// The same of a Periodic by arithmetic. The text's matches in O(text · pattern), a run's occurrences in O(pattern).
std::vector<uint32_t> longest_matches(const Periodic& periodic, std::span<const TokenId> text);
uint64_t occurrences(const Periodic& periodic, std::span<const TokenId> run);

}  // namespace tribute::extremes
