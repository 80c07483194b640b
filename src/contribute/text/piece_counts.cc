#include "text/piece_counts.h"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace tribute::text {
namespace {

constexpr uint64_t kFirstSlots = uint64_t{1} << 12;
constexpr uint32_t kStretchBytes = 1U << 16;

uint32_t hash_of(std::string_view piece) { return static_cast<uint32_t>(XXH3_64bits(piece.data(), piece.size())); }

}  // namespace

PieceCounts::PieceCounts() : slots_(kFirstSlots) {}

uint64_t PieceCounts::slot_of(std::string_view piece, uint32_t hash) const {
  const uint64_t mask = slots_.size() - 1;
  uint64_t slot = hash & mask;
  while (slots_[slot].count != 0 && (slots_[slot].hash != hash || bytes_of(slots_[slot]) != piece)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

Result<void> PieceCounts::add(std::string_view piece, uint64_t count) {
  if (count == 0) return {};
  const uint32_t hash = hash_of(piece);
  uint64_t slot = slot_of(piece, hash);
  if (slots_[slot].count == 0) {
    if (bytes_.size() + piece.size() > kMaxBytes) {
      return fail(ErrorCode::resource_exhausted, "the text has over 1 GiB of different pieces; train on less of it");
    }
    if ((size_ + 1) * 3 > slots_.size() * 2) {
      grow();
      slot = slot_of(piece, hash);
    }
    slots_[slot] = {.count = 0, .begin = bytes_.size(), .size = static_cast<uint32_t>(piece.size()), .hash = hash};
    bytes_ += piece;
    ++size_;
  }
  slots_[slot].count += count;
  return {};
}

Result<void> PieceCounts::add(const PieceCounts& other) {
  for (const Slot& slot : other.slots_) {
    if (slot.count != 0) TRY(add(other.bytes_of(slot), slot.count));
  }
  return {};
}

uint64_t PieceCounts::count(std::string_view piece) const { return slots_[slot_of(piece, hash_of(piece))].count; }

std::vector<bpe::CountedPiece> PieceCounts::pieces(uint64_t min_count) const {
  std::vector<bpe::CountedPiece> pieces;
  pieces.reserve(size_);
  for (const Slot& slot : slots_) {
    if (slot.count >= std::max<uint64_t>(min_count, 1))
      pieces.push_back({.bytes = bytes_of(slot), .count = slot.count});
  }
  return pieces;
}

void PieceCounts::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  const uint64_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.count == 0) continue;
    uint64_t place = slot.hash & mask;
    while (slots_[place].count != 0) place = (place + 1) & mask;
    slots_[place] = slot;
  }
}

Result<void> count_pieces(std::string_view text, const pretokenize::Splitter& splitter, uint32_t max_piece_bytes,
                          PieceCounts& counts) {
  std::vector<pretokenize::Piece> pieces;
  uint32_t begin = 0;
  while (begin < text.size()) {
    pieces.clear();
    const auto enough = static_cast<uint32_t>(std::min<uint64_t>(text.size(), uint64_t{begin} + kStretchBytes));
    begin = TRY(splitter.split(text, {.begin = begin, .enough = enough}, pieces));
    for (const pretokenize::Piece piece : pieces) {
      if (piece.end - piece.begin > max_piece_bytes) continue;
      TRY(counts.add(text.substr(piece.begin, piece.end - piece.begin)));
    }
  }
  return {};
}

}  // namespace tribute::text
