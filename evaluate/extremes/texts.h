// Texts to ask an extreme about: from it, changed, and foreign.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "extremes/extreme.h"
#include "ngram/document.h"
#include "ngram/span_source.h"

namespace tribute::extremes {

struct Text {
  std::string origin;  // what it was made from
  Tokens tokens;
};

// Texts of about extreme.text_tokens.
std::vector<Text> short_texts(const Extreme& extreme, std::span<const ngram::Document> documents);

// Texts of up to extreme.long_text_tokens from the longest document; none if that is 0.
std::vector<Text> long_texts(const Extreme& extreme, std::span<const ngram::Document> documents);

// Runs of a text, each position's longest match and the run that is one token longer among them, at most about `count`
// from everywhere in it; by begin and end.
std::vector<ngram::Run> runs_of(const Text& text, std::span<const uint32_t> longest, uint32_t count);

}  // namespace tribute::extremes
