// Finds characters of a class, alone or in runs. Inside the module.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>

#include "pretokenize/match_stage.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {

// A set of characters by code point. A byte outside well-formed UTF-8 has the code kCodePoints. Immutable; copies
// share its 139 kB.
class CharacterSet {
 public:
  // Of the code points, and kCodePoints, that satisfy the predicate `contains(code, properties)`.
  template <typename Predicate>
  static CharacterSet of(Predicate contains) {
    auto codes = std::make_shared<Codes>();
    const CharacterTable& table = CharacterTable::get();
    for (uint32_t code = 0; code < kCodePoints; ++code) {
      if (contains(code, table[code])) codes->set(code);
    }
    if (contains(kCodePoints, Properties())) codes->set(kCodePoints);
    return CharacterSet(std::move(codes));
  }

  bool contains(uint32_t code) const { return (*codes_)[code]; }

 private:
  using Codes = std::bitset<kCodePoints + 1>;
  explicit CharacterSet(std::shared_ptr<const Codes> codes) : codes_(std::move(codes)) {}

  std::shared_ptr<const Codes> codes_;
};

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
  Result<Match> find(Session&, const TextPart& text, uint32_t position) const;

 private:
  // The end of the run at `position`; `position` if too few characters of the set stand there.
  uint32_t run_end(const TextPart& text, uint32_t position) const;

  ClassRun run_;
  std::array<bool, 256> may_begin_{};  // by first byte
  std::array<bool, 128> contains_{};
};

}  // namespace tribute::pretokenize
