// Compiles a definition into the block of bytes of a model.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "bpe/definition.h"
#include "bpe/tables.h"

namespace tribute::bpe {

// Bytes that begin at a multiple of 64; there is a whole number of lines of them.
class Block {
 public:
  explicit Block(size_t line_count) : lines_(line_count) {}

  std::string_view view() const { return {reinterpret_cast<const char*>(lines_.data()), lines_.size() * kLineBytes}; }
  char* data() { return reinterpret_cast<char*>(lines_.data()); }

 private:
  struct alignas(kLineBytes) Line {
    char bytes[kLineBytes] = {};
  };
  std::vector<Line> lines_;
};

// Every pair of parts that the definition lets merge, with its rank. O(bytes of all entries).
struct RankedMerge {
  Merge merge;
  uint32_t rank = 0;
};
std::vector<RankedMerge> ranked_merges(const Definition& definition);

// The block for a valid definition, a function of it alone; no entry is marked as whole yet.
std::shared_ptr<Block> compile(const Definition& definition);

// Marks the text entries of `whole`, in ids and in order, in a block that compile() made.
void mark_whole(Block& block, const std::vector<bool>& whole);

}  // namespace tribute::bpe
