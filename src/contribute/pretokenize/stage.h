// Stages: what the rules of a splitter become. Inside the module.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "pretokenize/splitter.h"

namespace tribute::pretokenize {

// A text that is a part of another: only bytes [begin, end) exist for a rule; positions are those in the
// whole, whose bytes may be loaded (by vector instructions) but mean nothing.
struct TextPart {
  std::string_view whole;
  uint32_t begin = 0;
  uint32_t end = 0;

  std::string_view bytes() const { return whole.substr(begin, end - begin); }
};

// One rule. As a Splitter, but works on a part of a text. Immutable; thread-safe.
class Stage {
 public:
  virtual ~Stage() = default;

  // As Splitter::split, with positions in the whole text; stretch.begin is in the part.
  virtual Result<uint32_t> cut(const TextPart& text, Stretch stretch, std::vector<Piece>& pieces) const = 0;

  // Cuts each of `parts` as a text of its own.
  virtual Result<void> cut_each(std::string_view whole, std::span<const Piece> parts,
                                std::vector<Piece>& pieces) const {
    for (const Piece& part : parts) {
      TRY(cut({whole, part.begin, part.end}, {part.begin, part.end}, pieces));
    }
    return {};
  }

  virtual bool is_lossless() const = 0;
};

}  // namespace tribute::pretokenize
