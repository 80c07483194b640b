// Texts of passages of known documents and unrelated text in turn.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ngram/span_source.h"
#include "quotes/corpus.h"
#include "text/tokenizer.h"

namespace tribute::evaluate {

// Lengths from `low` to `high` tokens.
struct Bucket {
  uint32_t low = 0;
  uint32_t high = 0;
};
inline constexpr std::array<Bucket, 5> kBuckets = {{{10, 14}, {15, 19}, {20, 29}, {30, 49}, {50, 100}}};

// Of unrelated text between two passages.
inline constexpr uint32_t kShortestStretch = 20;
inline constexpr uint32_t kLongestStretch = 60;

// Some tokens of a document, as bytes of a text. `document` is a place in Corpus::known.
struct Passage {
  size_t bucket = 0;  // of kBuckets, by the length in the document's own tokens
  size_t document = 0;
  ngram::Run source;  // of the document's tokens
  text::ByteRange bytes;
};

struct StitchedText {
  std::string bytes;
  std::vector<Passage> passages;  // as they stand in the text
};

// Makes the same texts of the same corpus and seed on every machine. The corpus must outlive it, and have a known
// document as long as the longest passage and an unrelated one as long as the longest stretch.
class Stitcher {
 public:
  Stitcher(const Corpus& corpus, uint64_t seed) : corpus_(&corpus), random_(seed) {}

  // Stretches of unrelated text and passages in turn, a stretch first and last, until
  // their own tokens are at least `token_count`. Every bucket is as likely, in it every length, and then every
  // document that is long enough and every place in it.
  StitchedText next(uint32_t token_count);

 private:
  uint32_t between(uint32_t low, uint32_t high);  // both included
  // Appends some tokens of a document that has so many, and returns where it is and which they are.
  std::pair<size_t, ngram::Run> append(std::string& bytes, const std::vector<Document>& documents, uint32_t length);

  const Corpus* corpus_;
  std::mt19937_64 random_;
};

// Where a passage is among the tokens of the whole text. At its edges tokens may be cut otherwise than in
// the document.
struct Located {
  ngram::Run tokens;  // those wholly inside its bytes; begin = end if there are none
  ngram::Run core;    // the longest part of these that are the document's own; begin = end if there is none
};

Located locate(const Passage& passage, const Document& document, const text::TokenizedText& answer);

}  // namespace tribute::evaluate
