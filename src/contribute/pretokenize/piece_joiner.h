// What a Behaviour makes of a pattern's matches and the gaps between them. Inside the module.
#pragma once

#include <cstdint>
#include <vector>

#include "pretokenize/rules.h"

namespace tribute::pretokenize {

// Matches and gaps, which touch each other and come in their order, become pieces.
class PieceJoiner {
 public:
  PieceJoiner(Behaviour behaviour, std::vector<Piece>& pieces) : behaviour_(behaviour), pieces_(&pieces) {}

  // True if a match, or a gap, that came now would begin a piece: what came before is settled.
  bool would_begin_piece(bool is_match) const {
    if (held_.begin == held_.end || is_cut_) return true;
    switch (behaviour_) {
      case Behaviour::isolated:
      case Behaviour::removed: return true;
      case Behaviour::merged_with_previous: return !is_match || held_is_match_;
      case Behaviour::merged_with_next: return is_match || !held_is_match_;
      case Behaviour::contiguous: return is_match != held_is_match_;
    }
    return true;
  }

  // The next match or gap, not empty.
  void add(uint32_t begin, uint32_t end, bool is_match) {
    if (would_begin_piece(is_match)) {
      flush();
      held_.begin = begin;
    }
    held_.end = end;
    held_is_match_ = is_match;
    is_cut_ = false;
    if (behaviour_ == Behaviour::isolated || behaviour_ == Behaviour::removed) flush();
  }

  // A match of no bytes parts the gaps on its both sides.
  void cut() { is_cut_ = true; }

  // Appends what has been held back, since something might have been joined to it.
  void flush() {
    const bool is_dropped = behaviour_ == Behaviour::removed && held_is_match_;
    if (held_.begin < held_.end && !is_dropped) pieces_->push_back(held_);
    held_ = {};
  }

  // True if nothing is held back.
  bool is_settled() const { return held_.begin == held_.end; }

 private:
  Behaviour behaviour_;
  std::vector<Piece>* pieces_;
  Piece held_;
  bool held_is_match_ = false;  // of the last one joined to it
  bool is_cut_ = false;
};

}  // namespace tribute::pretokenize
