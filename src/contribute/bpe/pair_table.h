// The pairs of adjacent entries that stand in the pieces at a time, with their counts and places.
#pragma once

#include <cstdint>
#include <vector>

namespace tribute::bpe {

// A pair of entries as one word, the left in the upper half.
constexpr uint64_t key_of(uint32_t left, uint32_t right) { return uint64_t{left} << 32 | right; }
constexpr uint32_t left_of(uint64_t key) { return static_cast<uint32_t>(key >> 32); }
constexpr uint32_t right_of(uint64_t key) { return static_cast<uint32_t>(key); }

// Of each pair: how often it stands side by side, and the pieces that it may stand in (each that it does stand in, and
// perhaps some that it stood in once). A pair whose count falls to zero is forgotten. Not thread-safe.
class PairTable {
 public:
  PairTable();

  // 0 for a pair that is not there. O(1).
  int64_t count(uint64_t key) const;

  // The pair stands `count` times more in `piece`. True the first time that this happens to the pair in
  // `round`, a number that never falls and is not 0.
  bool add(uint64_t key, int64_t count, uint32_t piece, uint32_t round);
  // It stands so many times less. The pair must be there so often (CHECK).
  void subtract(uint64_t key, int64_t count);

  // The pair's pieces, newest first, perhaps some of them twice; the table forgets the pair and its pieces.
  void take(uint64_t key, std::vector<uint32_t>& pieces);

  uint64_t size() const { return size_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Pair {
    uint64_t key = 0;
    int64_t count = 0;  // 0: the slot is free
    uint32_t newest = kNone;
    uint32_t round = 0;
  };
  struct Place {
    uint32_t piece = 0;
    uint32_t older = kNone;
  };

  uint64_t slot_of(uint64_t key) const;  // where the pair is or would be
  void grow();
  void erase(uint64_t slot);
  void free_places(uint32_t newest);

  std::vector<Pair> slots_;  // open addressing with linear probing; a power of two
  uint64_t mask_ = 0;
  uint64_t size_ = 0;
  std::vector<Place> places_;
  uint32_t free_place_ = kNone;
};

}  // namespace tribute::bpe
