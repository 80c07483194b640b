// The stage of a grammar: a hand-written scanner whose matches tile every text. Inside the module.
//
// A grammar has `uint32_t piece_end(const Scanned&, uint32_t position) const`: the end of the piece that begins
// at `position`, which is before the end. It looks at nothing before `position`.
#pragma once

#include <algorithm>
#include <vector>

#include "pretokenize/runs.h"
#include "pretokenize/stage.h"

namespace tribute::pretokenize {

template <typename Grammar>
class ScannerStage final : public Stage {
 public:
  explicit ScannerStage(Grammar grammar = {}) : grammar_(grammar), table_(CharacterTable::get()) {}

  Result<uint32_t> cut(const TextPart& text, Stretch stretch, std::vector<Piece>& pieces) const override {
    return scan(text, stretch, pieces);
  }
  Result<void> cut_each(std::string_view whole, std::span<const Piece> parts,
                        std::vector<Piece>& pieces) const override {
    for (const Piece& part : parts) scan({whole, part.begin, part.end}, {part.begin, part.end}, pieces);
    return {};
  }
  bool is_lossless() const override { return true; }

 private:
  uint32_t scan(const TextPart& text, Stretch stretch, std::vector<Piece>& pieces) const {
    const Scanned scanned(text, table_);
    const uint32_t enough = std::min(stretch.enough, text.end);
    uint32_t position = stretch.begin;
    while (position < enough) {
      const uint32_t end = grammar_.piece_end(scanned, position);
      pieces.push_back({position, end});
      position = end;
    }
    return position;
  }

  Grammar grammar_;
  const CharacterTable& table_;
};

}  // namespace tribute::pretokenize
