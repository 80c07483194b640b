// Merger: carries the merges of one piece out.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "bpe/model.h"
#include "bpe/rank_queue.h"

namespace tribute::bpe {

// Scratch of one thread. Not thread-safe; must not outlive the model.
class Merger {
 public:
  explicit Merger(const Model& model) : model_(model) {}

  // The ids that the piece's symbols merge into, valid until the next call; `ignore_merges` plays no part.
  // Short pieces are scanned for the lowest rank, O(n²) with n at most kScannedSymbols; in longer ones the
  // places to merge wait in a queue by rank: O(n log n), on repetitive pieces about O(n), 40 bytes a symbol.
  std::span<const uint32_t> merge(std::string_view piece);

  static constexpr size_t kScannedSymbols = 96;

 private:
  void take_symbols(std::string_view piece);
  void merge_by_scan();
  void merge_by_queue();
  uint64_t joined(uint32_t left, uint32_t right) const;

  const Model& model_;
  std::vector<uint32_t> ids_;
  std::vector<uint64_t> joined_;
  std::vector<uint32_t> next_;
  std::vector<uint32_t> previous_;
  std::unique_ptr<RankQueue> queue_;  // made for the first long piece
};

}  // namespace tribute::bpe
