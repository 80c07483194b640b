// Finds a string. Inside the module.
#pragma once

#include <cstring>
#include <string>

#include "pretokenize/match_stage.h"

namespace tribute::pretokenize {

// Immutable; thread-safe.
class LiteralFinder {
 public:
  struct Session {
    explicit Session(const LiteralFinder&) {}
  };

  // `literal` is well-formed UTF-8 and not empty, so that it is found only where characters begin and end.
  explicit LiteralFinder(std::string literal) : literal_(std::move(literal)) {}

  // O(bytes up to the match's end), whatever both are: memmem is linear.
  Result<Match> find(Session&, const TextPart& text, uint32_t position) const {
    const char* const begin = text.whole.data() + position;
    const void* const found = memmem(begin, text.end - position, literal_.data(), literal_.size());
    if (found == nullptr) return kNoMatch;
    const auto at = position + static_cast<uint32_t>(static_cast<const char*>(found) - begin);
    return Match{at, at + static_cast<uint32_t>(literal_.size())};
  }

 private:
  std::string literal_;
};

}  // namespace tribute::pretokenize
