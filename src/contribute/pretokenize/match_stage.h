// The stage of a pattern that is searched for. Inside the module.
//
// A finder has a type Session, made once per call and given to all searches of it, and
//   Result<Match> find(Session&, const TextPart&, uint32_t position) const
// the leftmost match that begins at or after `position`, which is before the end; kNoMatch if there is none.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "pretokenize/piece_joiner.h"
#include "pretokenize/stage.h"
#include "pretokenize/unicode.h"

namespace tribute::pretokenize {

struct Match {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const Match&, const Match&) = default;
};
inline constexpr Match kNoMatch = {UINT32_MAX, UINT32_MAX};

template <typename Finder>
class MatchStage final : public Stage {
 public:
  MatchStage(Finder finder, Behaviour behaviour, bool invert)
      : finder_(std::move(finder)), behaviour_(behaviour), invert_(invert) {}

  Result<uint32_t> cut(const TextPart& text, Stretch stretch, std::vector<Piece>& pieces) const override {
    typename Finder::Session session(finder_);
    return cut_with(session, text, stretch, pieces);
  }
  Result<void> cut_each(std::string_view whole, std::span<const Piece> parts,
                        std::vector<Piece>& pieces) const override {
    typename Finder::Session session(finder_);
    for (const Piece& part : parts) {
      TRY(cut_with(session, {whole, part.begin, part.end}, {part.begin, part.end}, pieces));
    }
    return {};
  }
  bool is_lossless() const override { return behaviour_ != Behaviour::removed; }

 private:
  Result<uint32_t> cut_with(typename Finder::Session& session, const TextPart& text, Stretch stretch,
                            std::vector<Piece>& pieces) const {
    PieceJoiner joiner(behaviour_, pieces);
    const uint32_t enough = std::min(stretch.enough, text.end);
    uint32_t given = stretch.begin;  // up to here all is given to the joiner
    uint32_t search = stretch.begin;
    // Gives the joiner a match or gap that ends at `end`; false where the work is done before it.
    const auto give = [&](uint32_t end, bool is_match) {
      if (given >= enough && joiner.would_begin_piece(is_match)) return false;
      joiner.add(given, end, is_match);
      given = end;
      return true;
    };
    while (given < enough || !joiner.is_settled()) {
      const Match match = search < text.end ? TRY(finder_.find(session, text, search)) : kNoMatch;
      const uint32_t gap_end = std::min(match.begin, text.end);
      if (gap_end > given && !give(gap_end, invert_)) break;
      if (match == kNoMatch) break;
      if (match.begin < match.end) {
        if (!give(match.end, !invert_)) break;
        search = match.end;
      } else {
        // A match of no bytes parts what is on its sides, and the search goes on behind the next character.
        joiner.cut();
        const char* const data = text.whole.data();
        search = match.end < text.end ? match.end + decode(data + match.end, data + text.end).size : text.end;
      }
    }
    joiner.flush();
    return given;
  }

  Finder finder_;
  Behaviour behaviour_;
  bool invert_;
};

}  // namespace tribute::pretokenize
