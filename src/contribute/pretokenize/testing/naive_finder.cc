#define PCRE2_CODE_UNIT_WIDTH 8
#include "pretokenize/testing/naive_finder.h"

#include <pcre2.h>

#include <algorithm>

#include "base/check.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize::testing {

std::vector<NaiveMatch> naive_matches(const std::string& pcre_pattern, std::string_view text) {
  int error = 0;
  size_t offset = 0;
  pcre2_code* const code =
      pcre2_compile(reinterpret_cast<const unsigned char*>(pcre_pattern.data()), pcre_pattern.size(),
                    PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY, &error, &offset, nullptr);
  CHECK(code != nullptr);
  pcre2_match_data* const data = pcre2_match_data_create(1, nullptr);
  std::vector<NaiveMatch> matches;
  size_t last_end = SIZE_MAX;
  for (size_t start = 0; start <= text.size();) {
    const int result =
        pcre2_match(code, reinterpret_cast<const unsigned char*>(text.data()), text.size(), start, 0, data, nullptr);
    CHECK(result >= 0 || result == PCRE2_ERROR_NOMATCH);
    if (result == PCRE2_ERROR_NOMATCH) break;
    const size_t* const bounds = pcre2_get_ovector_pointer(data);
    if (bounds[0] == bounds[1] && bounds[1] == last_end) {
      start += start < text.size() ? decode(text.data() + start, text.data() + text.size()).size : 1;
      continue;
    }
    matches.push_back({bounds[0], bounds[1], true});
    start = last_end = bounds[1];
  }
  pcre2_match_data_free(data);
  pcre2_code_free(code);
  return matches;
}

std::vector<Piece> naive_pieces(const std::vector<NaiveMatch>& matches, size_t text_size, Behaviour behaviour,
                                bool invert) {
  std::vector<NaiveMatch> parts;
  size_t end = 0;
  for (const NaiveMatch& match : matches) {
    if (match.begin > end) parts.push_back({end, match.begin, invert});
    parts.push_back({match.begin, match.end, !invert});
    end = match.end;
  }
  if (end < text_size) parts.push_back({end, text_size, invert});

  std::vector<NaiveMatch> joined;
  const bool is_backwards = behaviour == Behaviour::merged_with_next;
  if (is_backwards) std::ranges::reverse(parts);
  bool previous_is_match = false;
  for (const NaiveMatch& part : parts) {
    bool joins = false;
    if (behaviour == Behaviour::contiguous) joins = part.is_match == previous_is_match;
    if (behaviour == Behaviour::merged_with_previous || is_backwards) joins = part.is_match && !previous_is_match;
    if (behaviour == Behaviour::removed && part.is_match) continue;
    if (joins && !joined.empty()) {
      (is_backwards ? joined.back().begin : joined.back().end) = is_backwards ? part.begin : part.end;
    } else {
      joined.push_back(part);
    }
    previous_is_match = part.is_match;
  }
  if (is_backwards) std::ranges::reverse(joined);

  std::vector<Piece> pieces;
  for (const NaiveMatch& part : joined) {
    if (part.begin < part.end) pieces.push_back({static_cast<uint32_t>(part.begin), static_cast<uint32_t>(part.end)});
  }
  return pieces;
}

}  // namespace tribute::pretokenize::testing
