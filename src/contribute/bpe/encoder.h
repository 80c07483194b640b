// Encoder: pieces of a text to tokens, fast.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "bpe/merger.h"
#include "bpe/model.h"

namespace tribute::bpe {

// The longest piece without a place where it may be cut (Model::may_join): its merging takes 40 bytes a byte.
inline constexpr size_t kMaxPieceBytes = size_t{1} << 26;

// Scratch and a cache of pieces; the tokens do not depend on what was encoded before. For one thread at a
// time; must not outlive the model. About 4 MiB.
//
// A piece that is an entry which it would be merged into is found by one probe; any other piece of up to
// 31 bytes is remembered, in the place of another, if it has at most 7 tokens; the rest is merged.
class Encoder {
 public:
  explicit Encoder(const Model& model);

  // Appends the tokens of the pieces of `text` (anything with a `begin` and an `end` in bytes, not empty).
  // Errors: resource_exhausted for a piece over kMaxPieceBytes that cannot be cut.
  template <typename Piece>
  Result<void> encode(std::string_view text, std::span<const Piece> pieces, std::vector<TokenId>& tokens) {
    std::array<Slice, kBatch> batch;
    while (!pieces.empty()) {
      const size_t count = pieces.size() < kBatch ? pieces.size() : kBatch;
      for (size_t i = 0; i < count; ++i) batch[i] = {.begin = pieces[i].begin, .end = pieces[i].end};
      TRY(encode_batch(text, std::span(batch).first(count), tokens));
      pieces = pieces.subspan(count);
    }
    return {};
  }

 private:
  static constexpr size_t kBatch = 32;

  struct Slice {
    uint32_t begin = 0;
    uint32_t end = 0;
  };

  // A piece, zeros, its length in the last byte.
  struct Key {
    std::array<uint64_t, 4> words{};

    bool equals(const Key& other) const {
      uint64_t difference = 0;
      for (size_t i = 0; i < words.size(); ++i) difference |= words[i] ^ other.words[i];
      return difference == 0;
    }
  };
  static Key key_of(std::string_view piece);

  // One line: a piece and its tokens.
  struct alignas(kLineBytes) Remembered {
    static constexpr size_t kMaxBytes = 31;
    static constexpr size_t kMaxTokens = 7;

    Key key;
    uint32_t count = 0;
    std::array<TokenId, kMaxTokens> tokens{};
  };
  static_assert(sizeof(Remembered) == kLineBytes);

  Result<void> encode_batch(std::string_view text, std::span<const Slice> pieces, std::vector<TokenId>& tokens);
  // The two lines where a piece of up to 31 bytes is remembered, if it is.
  Remembered* remembered_for(const Key& key);
  // A piece that is no entry to be found by one probe.
  Result<void> encode_other(std::string_view piece, std::vector<TokenId>& tokens);
  // A long piece, cut where no merge joins.
  Result<void> encode_in_cuts(std::string_view piece, std::vector<TokenId>& tokens);
  Result<void> merge(std::string_view piece, std::vector<TokenId>& tokens);

  const Model& model_;
  Merger merger_;
  uint32_t added_;  // to an id that is found: with kWhole it is the token of a piece that is its entry
  std::vector<Remembered> cache_;
};

}  // namespace tribute::bpe
