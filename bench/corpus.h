// Real documents as tokens, for benchmarks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"

namespace tribute::bench {

struct Corpus {
  uint32_t vocabulary_size = 0;
  std::vector<std::vector<TokenId>> documents;
  std::vector<std::string> contributors;  // of each document
  uint64_t token_count = 0;
};

// The documents of a file that ContributionReader reads, at most `max_tokens` of them, cut into words with
// the space before them, numbers and punctuation. The 50,000 most frequent ones are tokens, the others are
// spelled in tokens of one byte: an alphabet and lengths as a byte-pair tokenizer of this size has them.
// Errors: those of the reader.
Result<Corpus> read_corpus(const std::string& path, uint64_t max_tokens = UINT64_MAX);

}  // namespace tribute::bench
