// Splitter: cuts a text into pieces that no token crosses.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tribute::pretokenize {

// Bytes [begin, end) of a text, never empty.
struct Piece {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend auto operator<=>(const Piece&, const Piece&) = default;
};

// Where a splitter's work on a text begins and how far it must go.
struct Stretch {
  uint32_t begin = 0;   // a boundary that a call returned, 0, or any character's begin (see Splitter)
  uint32_t enough = 0;  // cut at least up to here
};

// A rule that cuts texts (any bytes below 4 GiB) into pieces. A byte that belongs to no well-formed
// UTF-8 character is a character of its own that has no property: no letter, number, mark, punctuation,
// symbol or space. Immutable; thread-safe.
//
// Restarts. What a call appends depends on the text and on `begin` alone. So a text may be cut in
// stretches, each beginning where the one before ended, with the same pieces as in one. And of two
// cuttings of one text that return a common boundary, all pieces after it are equal, wherever they
// began: this is how a long text is cut by several threads.
class Splitter {
 public:
  virtual ~Splitter() = default;

  // Appends the pieces from `stretch.begin` on, ascending and disjoint, until the first boundary at or after
  // `stretch.enough`, and returns that boundary, where the next call may begin; the last one is the text's size.
  // Bytes in no piece are dropped from the tokens (only a rule that drops white space does that).
  // O(bytes cut), and what a rule looks ahead.
  // Errors: resource_exhausted, naming the pattern, where a regular expression would need more steps
  // on this text than its bound; a bound that does not depend on the machine.
  virtual Result<uint32_t> split(std::string_view text, Stretch stretch, std::vector<Piece>& pieces) const = 0;

  // True if the pieces of every text tile it: no byte is dropped.
  virtual bool is_lossless() const = 0;
};

}  // namespace tribute::pretokenize
