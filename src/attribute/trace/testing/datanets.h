// Random DataNets, answers and policies of every shape, for tests that compare and attack.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "ngram/document.h"
#include "trace/policy.h"

namespace tribute::trace::testing {

using Tokens = std::vector<TokenId>;

// One token per byte.
Tokens tokens_of(std::string_view text);

ngram::Document document_of(uint64_t entry, uint64_t contributor, Tokens tokens, ngram::Role role = ngram::Role::paid);

// How large and how varied the things are that a Maker makes.
struct Sizes {
  uint32_t alphabet = 4;
  uint32_t documents = 8;
  uint32_t document_tokens = 40;
  uint32_t contributors = 4;
  uint32_t guard_permille = 100;
};

// Makes the same things for the same seed and sizes. Documents repeat themselves and quote each other.
class Maker {
 public:
  Maker(uint64_t seed, const Sizes& sizes) : random_(seed), sizes_(sizes) {}

  // A number from 0 to below `end`, which is at least 1.
  uint32_t below(uint32_t end);
  bool chance(uint32_t permille) { return below(1000) < permille; }

  Tokens noise(uint32_t count);
  // A random part, possibly empty or all, of `tokens`.
  Tokens part_of(const Tokens& tokens);
  // Empty, one token, noise, a repeated pattern, a Fibonacci word, or made of parts of `others`.
  Tokens text(const std::vector<ngram::Document>& others);
  std::vector<ngram::Document> documents();
  // Parts of documents with noise between them, at most `max_tokens`.
  Tokens answer(const std::vector<ngram::Document>& documents, uint32_t max_tokens);
  std::vector<bool> flags(size_t count);
  // Every value from among the edges of its range and the sizes at which it matters here.
  Policy policy();

 private:
  std::mt19937_64 random_;
  Sizes sizes_;
};

}  // namespace tribute::trace::testing
