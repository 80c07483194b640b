#include <algorithm>
#include <map>

#include "base/check.h"
#include "trace/trace.h"

namespace tribute::trace {
namespace {

// The suffix automaton of a text (Blumer et al., 1985): a state stands for the runs of the text that
// end at the same places. At most 2n states for n tokens.
class SuffixAutomaton {
 public:
  static constexpr uint32_t kRoot = 0;

  struct State {
    uint32_t length = 0;    // of its longest run
    uint32_t link = kRoot;  // the state of that run's longest suffix that ends at more places
    std::map<TokenId, uint32_t> next;
  };

  explicit SuffixAutomaton(std::span<const TokenId> text) : states_(1) {
    for (const TokenId token : text) extend(token);
  }

  const std::vector<State>& states() const { return states_; }

 private:
  void extend(TokenId token) {
    const uint32_t last = whole_;
    whole_ = add({.length = states_[last].length + 1, .link = kRoot, .next = {}});
    uint32_t state = last;
    while (states_[state].next.try_emplace(token, whole_).second) {
      if (state == kRoot) return;
      state = states_[state].link;
    }
    states_[whole_].link = suffix_state(state, token);
  }

  // The state of the runs of `state` with `token` after them and no longer ones.
  uint32_t suffix_state(uint32_t state, TokenId token) {
    const uint32_t target = states_[state].next[token];
    if (states_[target].length == states_[state].length + 1) return target;
    State shorter = states_[target];
    shorter.length = states_[state].length + 1;
    const uint32_t split = add(std::move(shorter));
    states_[target].link = split;
    for (;; state = states_[state].link) {
      const auto next = states_[state].next.find(token);
      if (next == states_[state].next.end() || next->second != target) break;
      next->second = split;
      if (state == kRoot) break;
    }
    return split;
  }

  uint32_t add(State state) {
    states_.push_back(std::move(state));
    return static_cast<uint32_t>(states_.size() - 1);
  }

  std::vector<State> states_;
  uint32_t whole_ = kRoot;  // the state of the whole text so far
};

// Walks over any text, keeping to its longest suffix of at most `window` tokens that stands in the
// automaton's own text. Amortised O(1) look-ups per token.
class WindowWalk {
 public:
  WindowWalk(const SuffixAutomaton& automaton, uint32_t window) : states_(automaton.states()), window_(window) {}

  void step(TokenId token) {
    auto next = states_[state_].next.find(token);
    while (next == states_[state_].next.end() && state_ != SuffixAutomaton::kRoot) {
      state_ = states_[state_].link;
      length_ = states_[state_].length;
      next = states_[state_].next.find(token);
    }
    if (next == states_[state_].next.end()) return;
    state_ = next->second;
    length_ = std::min(length_ + 1, window_);
    if (states_[states_[state_].link].length >= length_) state_ = states_[state_].link;
  }

  bool at_window() const { return length_ == window_; }
  // Where at_window(): one state for equal windows, another one for others.
  uint32_t state() const { return state_; }

 private:
  const std::vector<SuffixAutomaton::State>& states_;
  uint32_t window_;
  uint32_t state_ = SuffixAutomaton::kRoot;
  uint32_t length_ = 0;
};

}  // namespace

std::vector<bool> copied_tokens(std::span<const TokenId> answer, std::span<const std::vector<TokenId>> messages,
                                uint32_t min_span_tokens) {
  CHECK(min_span_tokens >= 1 && answer.size() < size_t{1} << 31);
  std::vector<bool> copied(answer.size(), false);
  if (answer.size() < min_span_tokens) return copied;
  const SuffixAutomaton automaton(answer);
  std::vector<bool> seen(automaton.states().size(), false);
  for (const std::vector<TokenId>& message : messages) {
    WindowWalk walk(automaton, min_span_tokens);
    for (const TokenId token : message) {
      walk.step(token);
      if (walk.at_window()) seen[walk.state()] = true;
    }
  }
  // Every longer run that was copied consists of windows that were.
  WindowWalk walk(automaton, min_span_tokens);
  size_t copied_end = 0;
  for (size_t end = 1; end <= answer.size(); ++end) {
    walk.step(answer[end - 1]);
    if (!walk.at_window() || !seen[walk.state()]) continue;
    for (size_t i = std::max(copied_end, end - min_span_tokens); i < end; ++i) copied[i] = true;
    copied_end = end;
  }
  return copied;
}

}  // namespace tribute::trace
