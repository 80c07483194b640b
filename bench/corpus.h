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

struct CorpusOptions {
  uint64_t max_tokens = UINT64_MAX;  // no document is begun behind so many
  uint32_t word_count = 50'000;      // in the vocabulary, besides the tokens of one byte
};

// The documents of files that ContributionReader reads, and of folders: each file of text below one is a document by
// the folder's entry in which it stands, in the order of their names. They are cut into words with the space before
// them, numbers and punctuation. The most frequent ones are tokens, the others are spelled in tokens of one byte: an
// alphabet and lengths as a byte-pair tokenizer of this size has them.
// Errors: those of the reader.
Result<Corpus> read_corpus(const std::vector<std::string>& paths, const CorpusOptions& options = {});

// What the environment's TRIBUTE_BENCH_CORPUS names, paths with colons between them, else the C++ pages of
// ../shared/data.
std::vector<std::string> named_corpus();

}  // namespace tribute::bench
