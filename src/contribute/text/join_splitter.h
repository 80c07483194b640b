// JoinSplitter: cuts where no merge of an encoding joins, for tokenizers that cut by no rule.
#pragma once

#include "bpe/model.h"
#include "pretokenize/splitter.h"

namespace tribute::text {

// The tokens of its pieces are those of the whole text as one piece, if the model does not ignore merges:
// texts are cut so that words are found in one probe, and several threads can share a text. Immutable;
// thread-safe; must not outlive the model.
class JoinSplitter final : public pretokenize::Splitter {
 public:
  explicit JoinSplitter(const bpe::Model& model) : model_(model) {}

  Result<uint32_t> split(std::string_view text, pretokenize::Stretch stretch,
                         std::vector<pretokenize::Piece>& pieces) const override {
    const auto size = static_cast<uint32_t>(text.size());
    uint32_t begin = stretch.begin;
    while (begin < size && begin < stretch.enough) {
      uint32_t end = begin + 1;
      while (end < size && model_.may_join(static_cast<uint8_t>(text[end - 1]), static_cast<uint8_t>(text[end]))) ++end;
      pieces.push_back({.begin = begin, .end = end});
      begin = end;
    }
    return begin;
  }

  bool is_lossless() const override { return true; }

 private:
  const bpe::Model& model_;
};

}  // namespace tribute::text
