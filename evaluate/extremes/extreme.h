// Corpora at the edges of what an index takes, each made anew from numbers alone whenever it is read.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "ngram/document.h"

namespace tribute::extremes {

using Tokens = std::vector<TokenId>;

// One document that repeats a pattern of different tokens to its end: what stands where in it is arithmetic.
struct Periodic {
  Tokens pattern;
  uint64_t size = 0;
};

struct Extreme {
  std::string name;
  uint32_t vocabulary_size = 1;
  uint64_t document_count = 0;
  std::function<Tokens(uint64_t)> document;  // by its number; the same whenever it is asked
  uint64_t contributor_count = 1;            // they contribute in turn
  uint64_t live_every = 1;                   // the last one of so many documents is live, the others are withdrawn
  std::optional<Periodic> periodic;
  // A question to the twin costs a step for each pair of equal tokens: so many tokens of a text, so many runs of it.
  uint32_t text_tokens = 40;
  uint32_t runs_per_text = 1000;
  uint32_t long_text_tokens = 0;  // 0: no document is long

  EntryIndex entry(uint64_t number) const { return EntryIndex{10 + 3 * number}; }
  EntryIndex contributor(uint64_t number) const { return EntryIndex{1 + number % contributor_count}; }
  bool is_live(uint64_t number) const { return number % live_every == live_every - 1; }
};

// All of them. `part`: their tokens, or documents, are one in so many of the full number, for a quick look.
std::vector<Extreme> all_extremes(uint64_t part);

// The live ones in memory, as a BruteForceSource takes them.
std::vector<ngram::Document> live_documents(const Extreme& extreme);

// Numbers that look random and are the same everywhere: splitmix64.
class Numbers {
 public:
  explicit Numbers(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
  }
  uint64_t below(uint64_t end) { return next() % end; }

 private:
  uint64_t state_;
};

}  // namespace tribute::extremes
