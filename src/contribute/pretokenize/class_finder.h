// Finds characters of a class, alone or in runs. Inside the module.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "pretokenize/character_set.h"
#include "pretokenize/match_stage.h"

namespace tribute::pretokenize {

// Characters of a set in a row, at most `most`, after a character of `before` if there is one.
struct ClassRun {
  CharacterSet characters;
  uint32_t least = 1;          // at least 1; no fewer match
  uint32_t most = UINT32_MAX;  // UINT32_MAX: no limit
  std::optional<CharacterSet> before;
};

// Immutable; thread-safe.
class ClassFinder {
 public:
  struct Session {
    explicit Session(const ClassFinder&) {}
  };

  explicit ClassFinder(ClassRun run);

  // O(bytes up to the match's end) times `least`.
  Match find(Session&, const TextPart& text, uint32_t position) const {
    const char* const data = text.whole.data();
    while (position < text.end && !may_begin_[static_cast<uint8_t>(data[position])]) ++position;
    return position < text.end ? find_from(text, position) : kNoMatch;
  }

 private:
  Match find_from(const TextPart& text, uint32_t position) const;
  // The end of the run at `position`; `position` if too few characters of the set stand there.
  uint32_t run_end(const TextPart& text, uint32_t position) const;

  ClassRun run_;
  std::array<bool, 256> may_begin_{};  // by first byte
  std::array<bool, 128> contains_{};
};

}  // namespace tribute::pretokenize
