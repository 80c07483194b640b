#include "quotes/stitch.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tribute::evaluate {
namespace {

using ngram::Run;

uint32_t begin_of(const Document& document, uint32_t token) { return token == 0 ? 0 : document.ends[token - 1]; }

// The document's token that ends at the byte, or no token's place.
size_t token_ending_at(const Document& document, uint32_t byte) {
  const auto found = std::ranges::lower_bound(document.ends, byte);
  const bool is_end = found != document.ends.end() && *found == byte;
  return is_end ? static_cast<size_t>(found - document.ends.begin()) : document.ends.size();
}

}  // namespace

uint32_t Stitcher::between(uint32_t low, uint32_t high) {
  return low + static_cast<uint32_t>(random_() % (high - low + 1));
}

std::pair<size_t, Run> Stitcher::append(std::string& bytes, const std::vector<Document>& documents, uint32_t length) {
  const auto last = static_cast<uint32_t>(documents.size() - 1);
  size_t chosen = between(0, last);
  while (documents[chosen].tokens.size() < length) chosen = between(0, last);
  const Document& document = documents[chosen];
  const uint32_t begin = between(0, static_cast<uint32_t>(document.tokens.size()) - length);
  const uint32_t first_byte = begin_of(document, begin);
  bytes.append(document.text, first_byte, document.ends[begin + length - 1] - first_byte);
  return {chosen, Run{begin, begin + length}};
}

StitchedText Stitcher::next(uint32_t token_count) {
  StitchedText text;
  uint32_t tokens = 0;
  const auto stretch = [&] {
    const uint32_t length = between(kShortestStretch, kLongestStretch);
    append(text.bytes, corpus_->unrelated, length);
    tokens += length;
  };
  stretch();
  while (tokens < token_count) {
    Passage passage;
    passage.bucket = between(0, kBuckets.size() - 1);
    const uint32_t length = between(kBuckets[passage.bucket].low, kBuckets[passage.bucket].high);
    passage.bytes.begin = static_cast<uint32_t>(text.bytes.size());
    std::tie(passage.document, passage.source) = append(text.bytes, corpus_->known, length);
    passage.bytes.end = static_cast<uint32_t>(text.bytes.size());
    text.passages.push_back(passage);
    tokens += length;
    stretch();
  }
  return text;
}

Located locate(const Passage& passage, const Document& document, const text::TokenizedText& answer) {
  const uint32_t first_byte = begin_of(document, passage.source.begin);
  Located located;
  Run core;  // the one that grows
  size_t expected = document.tokens.size();
  bool inside = false;
  for (uint32_t i = 0; i < answer.tokens.size(); ++i) {
    const text::ByteRange range = answer.ranges[i];
    if (range.begin < passage.bytes.begin || range.end > passage.bytes.end || range.begin == range.end) continue;
    if (!inside) located.tokens = {i, i};
    inside = true;
    located.tokens.end = i + 1;
    const size_t token = token_ending_at(document, range.end - passage.bytes.begin + first_byte);
    const bool is_own =
        token < document.tokens.size() && document.tokens[token] == answer.tokens[i] &&
        begin_of(document, static_cast<uint32_t>(token)) == range.begin - passage.bytes.begin + first_byte;
    if (!is_own) {
      core = {};
      continue;
    }
    if (core.begin == core.end || token != expected) core = {i, i};
    core.end = i + 1;
    expected = token + 1;
    if (core.length() > located.core.length()) located.core = core;
  }
  return located;
}

}  // namespace tribute::evaluate
