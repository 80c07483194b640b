// The rules of pre-tokenization that tokenizer files name, and the splitters that carry them out.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "pretokenize/splitter.h"

namespace tribute::pretokenize {

// What becomes of a pattern's matches and of the text between them. Persisted; values never change.
enum class Behaviour : uint8_t {
  isolated = 0,              // each match is a piece, each gap is one
  merged_with_previous = 1,  // a match is joined to the gap before it
  merged_with_next = 2,      // a match is joined to the gap after it
  contiguous = 3,            // touching matches are one piece
  removed = 4,               // matches are dropped
};

// Whose reading of a regular expression holds. Persisted; values never change.
enum class Dialect : uint8_t {
  oniguruma = 0,  // Hugging Face tokenizers: ^ and $ are at line breaks, X{n,m}+ repeats X{n,m}
  rust = 1,       // tiktoken (regex, fancy-regex): ^ and $ are at the ends of the text, X{n,m}+ is possessive
};

// A regular expression in the dialect that tokenizer files use (Oniguruma's and the Rust crates' common
// part: \p{…} by general category, \s by White_Space, (?i:…), lookahead, possessive quantifiers).
struct Split {
  std::string pattern;
  bool is_literal = false;  // the pattern is a string to find, no expression
  Behaviour behaviour = Behaviour::isolated;
  bool invert = false;  // what the pattern does not match is the match
  Dialect dialect = Dialect::oniguruma;

  friend bool operator==(const Split&, const Split&) = default;
};

// Characters of the general categories N*.
struct Digits {
  bool individual = false;  // each is a piece; else runs are

  friend bool operator==(const Digits&, const Digits&) = default;
};

// Characters of the general categories P*, and the ASCII ones of S*.
struct Punctuation {
  Behaviour behaviour = Behaviour::isolated;

  friend bool operator==(const Punctuation&, const Punctuation&) = default;
};

// Words (\w+) and runs of what is neither word nor space ([^\w\s]+); white space is dropped.
struct Whitespace {
  friend bool operator==(const Whitespace&, const Whitespace&) = default;
};

// One stage: cuts each piece of the stage before as if it were a text of its own.
using Rule = std::variant<Split, Digits, Punctuation, Whitespace>;

// The expressions of the common families, each of which has a scanner of its own.
std::string_view gpt2_pattern();    // GPT-2, GPT-NeoX, StarCoder, Falcon (ByteLevel with use_regex)
std::string_view cl100k_pattern();  // cl100k_base, Llama 3
// cl100k_base as tiktoken spells it today (for Dialect::rust). Its \s++$ makes white space at the end of a text one
// piece, even with line breaks in it; there it differs from cl100k_pattern.
std::string_view tiktoken_cl100k_pattern();
std::string_view qwen2_pattern();  // cl100k with single digits
std::string_view o200k_pattern();  // o200k_base
// The last of DeepSeek-V3's three stages; before it come splits at \p{N}{1,3} and [一-龥぀-ゟ゠-ヿ]+.
std::string_view deepseek_v3_pattern();

struct SplitterOptions {
  bool scanners = true;  // use hand-written scanners where there are some; false: PCRE2 for every pattern
};

// The splitter of the rules, applied in order; no rules: the whole text is one piece.
// A pattern that is the same as a common one, in any of its known spellings, gets that one's scanner; any
// other PCRE2's just-in-time compiler.
// Errors: invalid_argument for a pattern that does not compile or is not supported, saying where and why.
Result<std::unique_ptr<Splitter>> make_splitter(std::span<const Rule> rules, const SplitterOptions& options = {});

}  // namespace tribute::pretokenize
