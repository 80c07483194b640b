// The naive twins of the finders and of the joining of pieces.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pretokenize/rules.h"

namespace tribute::pretokenize::testing {

struct NaiveMatch {
  size_t begin = 0;
  size_t end = 0;
  bool is_match = true;

  friend bool operator==(const NaiveMatch&, const NaiveMatch&) = default;
};

// All matches of an expression in PCRE2's dialect in a well-formed text, by PCRE2's interpreter over the whole text:
// an empty one right behind another is none.
std::vector<NaiveMatch> naive_matches(const std::string& pcre_pattern, std::string_view text);

// Matches and the gaps between them, joined in the way that Hugging Face's tokenizers document for each behaviour.
std::vector<Piece> naive_pieces(const std::vector<NaiveMatch>& matches, size_t text_size, Behaviour behaviour,
                                bool invert);

}  // namespace tribute::pretokenize::testing
