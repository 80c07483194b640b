#include "text/piece_encoding.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <span>
#include <utility>

#include "base/workers.h"

namespace tribute::text {
namespace {

using pretokenize::Piece;
using pretokenize::Splitter;

// A character's begin at or after `at`: no character has more than three continuation bytes.
uint32_t character_begin(std::string_view text, size_t at) {
  for (int i = 0; i < 3 && at < text.size() && (static_cast<uint8_t>(text[at]) & 0xC0) == 0x80; ++i) ++at;
  return static_cast<uint32_t>(std::min(at, text.size()));
}

// Cuts and encodes cell by cell. The text is laid out in cells of equal size; a cell is done when the first
// boundary at or after its end is met. Two cuttings that meet at one cell's end are equal from there on.
class CellWalk {
 public:
  CellWalk(std::string_view text, const Splitter& splitter, bpe::Encoder& encoder, uint32_t cell_bytes)
      : text_(text), splitter_(splitter), encoder_(encoder), cell_bytes_(cell_bytes) {}

  // Encodes from `begin` up to the first boundary at or after the end of `cell`, and returns it.
  Result<uint32_t> walk(uint32_t begin, uint64_t cell, std::vector<TokenId>& tokens) {
    const uint64_t enough = std::min<uint64_t>(text_.size(), (cell + 1) * cell_bytes_);
    if (begin >= enough) return begin;
    pieces_.clear();
    const uint32_t end =
        TRY(splitter_.split(text_, {.begin = begin, .enough = static_cast<uint32_t>(enough)}, pieces_));
    TRY(encoder_.encode<Piece>(text_, pieces_, tokens));
    return end;
  }

 private:
  std::string_view text_;
  const Splitter& splitter_;
  bpe::Encoder& encoder_;
  uint32_t cell_bytes_;
  std::vector<Piece> pieces_;
};

// What one thread made of cells [first, last): its tokens, and after each cell their number and the boundary.
struct Share {
  struct Mark {
    uint32_t boundary = 0;
    size_t token_count = 0;
  };

  uint64_t first = 0;
  uint64_t last = 0;
  std::vector<TokenId> tokens;
  std::vector<Mark> marks;
  Result<void> done;
  std::atomic<bool> is_made = false;
};

// Joins shares in their order. Past the end of what is joined, cells are walked again until the boundary is one
// that the share has too; its tokens before that are of no use, those after it follow. For one thread at a time.
class Joining {
 public:
  Joining(CellWalk walk, std::vector<TokenId>& tokens) : walk_(std::move(walk)), tokens_(tokens) {}

  Result<void> add(const Share& share) {
    // A share's failure may lie in what is of no use, so it counts only if its walk is the one that is needed.
    uint64_t cell = share.first;
    size_t of_no_use = 0;
    bool meets = cell == 0;
    for (; !meets && cell < share.last; ++cell) {
      boundary_ = TRY(walk_.walk(boundary_, cell, tokens_));
      if (cell - share.first >= share.marks.size()) continue;
      const Share::Mark& mark = share.marks[cell - share.first];
      meets = mark.boundary == boundary_;
      of_no_use = mark.token_count;
    }
    if (!meets) return {};
    TRY(Result<void>(share.done));
    tokens_.insert(tokens_.end(), share.tokens.begin() + static_cast<std::ptrdiff_t>(of_no_use), share.tokens.end());
    boundary_ = share.marks.back().boundary;
    return {};
  }

 private:
  CellWalk walk_;
  std::vector<TokenId>& tokens_;
  uint32_t boundary_ = 0;
};

// The threads take the shares in order. Whoever has made one joins what can be joined, unless another is at it,
// so that joining goes on beside the encoding and a share's memory serves the next one.
class ParallelEncoding {
 public:
  ParallelEncoding(std::string_view text, const Splitter& splitter, EncoderPool& encoders, const PieceEncoding& how,
                   std::vector<TokenId>& tokens)
      : text_(text),
        splitter_(splitter),
        encoders_(encoders),
        how_(how),
        tokens_(tokens),
        joining_encoder_(encoders.lend()),
        joining_(CellWalk(text, splitter, *joining_encoder_, how.cell_bytes), tokens) {}

  Result<void> run(uint32_t thread_count) {
    const uint64_t cells = (text_.size() + how_.cell_bytes - 1) / how_.cell_bytes;
    // More shares than threads, so that none waits long for a slower one.
    const uint64_t count = std::min<uint64_t>(cells, uint64_t{thread_count} * 16);
    shares_ = std::vector<Share>(count);
    for (uint64_t i = 0; i < count; ++i) {
      shares_[i].first = cells * i / count;
      shares_[i].last = cells * (i + 1) / count;
    }
    Workers(thread_count).run([this](uint32_t) { take_shares(); });
    join_made();
    return std::move(joined_);
  }

 private:
  void take_shares() {
    EncoderPool::Lease encoder = encoders_.lend();
    CellWalk walk(text_, splitter_, *encoder, how_.cell_bytes);
    for (size_t i = next_++; i < shares_.size(); i = next_++) {
      shares_[i].done = make(shares_[i], walk);
      shares_[i].is_made = true;
      join_made();
    }
  }

  Result<void> make(Share& share, CellWalk& walk) {
    uint32_t boundary = character_begin(text_, share.first * how_.cell_bytes);
    for (uint64_t cell = share.first; cell < share.last; ++cell) {
      boundary = TRY(walk.walk(boundary, cell, share.tokens));
      share.marks.push_back({.boundary = boundary, .token_count = share.tokens.size()});
    }
    return {};
  }

  void join_made() {
    const std::unique_lock lock(joining_mutex_, std::try_to_lock);
    if (!lock) return;
    for (; joined_ && joined_count_ < shares_.size() && shares_[joined_count_].is_made; ++joined_count_) {
      Share& share = shares_[joined_count_];
      // Room for all shares at once, were they like the first.
      if (joined_count_ == 0) tokens_.reserve(tokens_.size() + share.tokens.size() * shares_.size() * 9 / 8);
      joined_ = joining_.add(share);
      share.tokens = {};
    }
  }

  std::string_view text_;
  const Splitter& splitter_;
  EncoderPool& encoders_;
  PieceEncoding how_;
  std::vector<TokenId>& tokens_;
  std::vector<Share> shares_;
  std::atomic<size_t> next_ = 0;

  std::mutex joining_mutex_;  // guards what is below, and tokens_
  EncoderPool::Lease joining_encoder_;
  Joining joining_;
  size_t joined_count_ = 0;
  Result<void> joined_;
};

}  // namespace

Result<void> encode_by_pieces(std::string_view text, const Splitter& splitter, EncoderPool& encoders,
                              const PieceEncoding& how, std::vector<TokenId>& tokens) {
  const uint64_t useful = text.size() / how.bytes_per_thread;
  const auto threads = static_cast<uint32_t>(std::min<uint64_t>(how.threads, useful));
  if (threads > 1) return ParallelEncoding(text, splitter, encoders, how, tokens).run(threads);
  EncoderPool::Lease encoder = encoders.lend();
  CellWalk walk(text, splitter, *encoder, how.cell_bytes);
  uint32_t boundary = 0;
  for (uint64_t cell = 0; boundary < text.size(); ++cell) boundary = TRY(walk.walk(boundary, cell, tokens));
  return {};
}

}  // namespace tribute::text
