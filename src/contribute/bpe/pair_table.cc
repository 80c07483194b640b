#include "bpe/pair_table.h"

#include <utility>

#include "base/check.h"

namespace tribute::bpe {
namespace {

constexpr uint64_t kFirstSlots = uint64_t{1} << 16;

uint64_t mix(uint64_t key) {
  key *= 0x9E37'79B9'7F4A'7C15U;
  return key ^ (key >> 32);
}

}  // namespace

PairTable::PairTable() : slots_(kFirstSlots), mask_(kFirstSlots - 1) {}

uint64_t PairTable::slot_of(uint64_t key) const {
  uint64_t slot = mix(key) & mask_;
  while (slots_[slot].count != 0 && slots_[slot].key != key) slot = (slot + 1) & mask_;
  return slot;
}

int64_t PairTable::count(uint64_t key) const { return slots_[slot_of(key)].count; }

bool PairTable::add(uint64_t key, int64_t count, uint32_t piece, uint32_t round) {
  uint64_t slot = slot_of(key);
  if (slots_[slot].count == 0) {
    if ((size_ + 1) * 4 > slots_.size() * 3) {
      grow();
      slot = slot_of(key);
    }
    ++size_;
    slots_[slot] = {.key = key, .count = 0, .newest = kNone, .round = 0};
  }
  Pair& pair = slots_[slot];
  pair.count += count;
  if (pair.newest == kNone || places_[pair.newest].piece != piece) {
    uint32_t place = free_place_;
    if (place == kNone) {
      CHECK(places_.size() < kNone);
      place = static_cast<uint32_t>(places_.size());
      places_.emplace_back();
    } else {
      free_place_ = places_[place].older;
    }
    places_[place] = {.piece = piece, .older = pair.newest};
    pair.newest = place;
  }
  return std::exchange(pair.round, round) != round;
}

void PairTable::subtract(uint64_t key, int64_t count) {
  const uint64_t slot = slot_of(key);
  CHECK(slots_[slot].count >= count);
  slots_[slot].count -= count;
  if (slots_[slot].count != 0) return;
  free_places(slots_[slot].newest);
  erase(slot);
}

void PairTable::take(uint64_t key, std::vector<uint32_t>& pieces) {
  pieces.clear();
  const uint64_t slot = slot_of(key);
  if (slots_[slot].count == 0) return;
  const uint32_t newest = slots_[slot].newest;
  for (uint32_t place = newest; place != kNone; place = places_[place].older) pieces.push_back(places_[place].piece);
  free_places(newest);
  erase(slot);
}

void PairTable::free_places(uint32_t newest) {
  if (newest == kNone) return;
  uint32_t oldest = newest;
  while (places_[oldest].older != kNone) oldest = places_[oldest].older;
  places_[oldest].older = free_place_;
  free_place_ = newest;
}

// Moves back what a probe would no longer find past the freed slot (Knuth, volume 3, algorithm 6.4 R).
void PairTable::erase(uint64_t slot) {
  --size_;
  uint64_t hole = slot;
  for (uint64_t next = (hole + 1) & mask_; slots_[next].count != 0; next = (next + 1) & mask_) {
    const uint64_t home = mix(slots_[next].key) & mask_;
    if (((next - home) & mask_) >= ((next - hole) & mask_)) {
      slots_[hole] = slots_[next];
      hole = next;
    }
  }
  slots_[hole] = Pair();
}

void PairTable::grow() {
  std::vector<Pair> old = std::exchange(slots_, std::vector<Pair>(slots_.size() * 2));
  mask_ = slots_.size() - 1;
  for (const Pair& pair : old) {
    if (pair.count != 0) slots_[slot_of(pair.key)] = pair;
  }
}

}  // namespace tribute::bpe
