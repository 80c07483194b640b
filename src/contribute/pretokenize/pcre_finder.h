// Finds the matches of any regular expression through PCRE2's just-in-time compiler, in bounded time. Inside
// the module.
//
// PCRE2 limits how often a match may backtrack, not how long it takes: a backtrack may read the whole text, and so
// may each start of a search. So the text is shown to it through windows. What reaches a window's end (a
// "hard partial match") or takes more than a few steps is tried again, from that start alone, with a window twice as
// long or with more steps; and every such trial is charged with the most it can cost, which is its window times its
// steps. The bound on the charge grows with the bytes that the search has passed. It knows no clock, so a text that
// is refused is refused on every machine.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pretokenize/match_stage.h"
#include "pretokenize/rules.h"

namespace tribute::pretokenize {

// Immutable; thread-safe. Copies share the compiled expression.
class PcreFinder {
 public:
  class Session;

  // `pattern` in PCRE2's dialect, `name` as errors call it.
  // Errors: invalid_argument if it does not compile, saying where and why.
  static Result<PcreFinder> create(const std::string& pattern, std::string name);

  // Errors: resource_exhausted where the search would be charged more than its bound.
  Result<Match> find(Session& session, const TextPart& text, uint32_t position) const;

 private:
  struct Compiled;
  explicit PcreFinder(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
  Result<Match> find_from(Session& session, uint32_t start) const;

  std::shared_ptr<const Compiled> compiled_;
};

class PcreFinder::Session {
 public:
  explicit Session(const PcreFinder& finder);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

 private:
  friend class PcreFinder;
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace tribute::pretokenize
