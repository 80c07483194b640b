// Added tokens: strings that are cut out of a text before anything else is done to it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pretokenize/normalizer.h"

namespace tribute::text {

struct AddedToken {
  uint32_t id = 0;
  std::string content;       // not empty
  bool special = false;      // plain text unless EncodeOptions::special_tokens
  bool single_word = false;  // not where a word's character stands before or after it
  bool lstrip = false;       // takes the white space before it
  bool rstrip = false;       // takes the white space after it
  bool normalized = false;   // looked for in the normalized text, by its own normalized form

  friend bool operator==(const AddedToken&, const AddedToken&) = default;
};

// A part of a text: an added token, or text between.
struct Cut {
  static constexpr uint32_t kText = UINT32_MAX;

  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t token = kText;

  friend bool operator==(const Cut&, const Cut&) = default;
};

// Finds the tokens of one kind (normalized, or not) as the Rust crate `tokenizers` does: leftmost, and there
// the longest; a match that is refused, as a special one or for single_word, hides what overlaps it. Where
// white space that one match took would begin another, the other is left as text. Immutable; thread-safe.
class AddedTokenFinder {
 public:
  // Tokens with equal contents: a special one first, else the first.
  explicit AddedTokenFinder(std::vector<AddedToken> tokens);

  // False if cut() finds nothing in any text.
  bool finds(bool special_tokens) const { return special_tokens ? !tokens_.empty() : has_plain_; }
  // The text's parts, which tile it; none of an empty text. O(n · the longest content).
  std::vector<Cut> cut(std::string_view text, bool special_tokens) const;

 private:
  // The longest token at `begin`; nullptr if there is none.
  const AddedToken* match(std::string_view text, size_t begin) const;
  size_t next_candidate(std::string_view text, size_t begin) const;

  std::vector<AddedToken> tokens_;  // sorted by content, no two the same
  std::vector<bool> starts_;        // by the first two bytes, whether a content may begin so
  bool has_plain_ = false;
};

// The tokens whose `normalized` is so; with their contents normalized, if it is true.
// Errors: those of normalize().
Result<AddedTokenFinder> make_finder(std::span<const AddedToken> tokens, bool normalized,
                                     const pretokenize::Normalizer& normalizer);

}  // namespace tribute::text
