#include "bpe/merger.h"

#include <algorithm>

#include "base/bytes.h"

namespace tribute::bpe {
namespace {

constexpr uint64_t kApart = UINT64_MAX;

// The bytes of the well-formed character at the front of `bytes`, or 1 where none is.
size_t character_size(std::string_view bytes) {
  const auto lead = static_cast<uint8_t>(bytes[0]);
  if (lead < 0x80) return 1;
  const size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return size <= bytes.size() && is_valid_utf8(bytes.substr(0, size)) ? size : 1;
}

}  // namespace

std::span<const uint32_t> Merger::merge(std::string_view piece) {
  take_symbols(piece);
  if (ids_.size() <= kScannedSymbols) {
    merge_by_scan();
  } else {
    merge_by_queue();
  }
  return ids_;
}

void Merger::take_symbols(std::string_view piece) {
  const std::span<const uint32_t> byte_ids = model_.byte_ids();
  ids_.clear();
  if (model_.symbols() == Symbols::bytes) {
    ids_.reserve(piece.size());
    for (const char byte : piece) ids_.push_back(byte_ids[static_cast<uint8_t>(byte)]);
    return;
  }
  while (!piece.empty()) {
    const size_t size = character_size(piece);
    const uint32_t id = size == 1 ? kNone : model_.find(piece.substr(0, size)).id;
    if (id != kNone) {
      ids_.push_back(id);
    } else {
      // A byte's symbol is the entry of the ASCII character, where there is one.
      for (const char byte : piece.substr(0, size)) ids_.push_back(byte_ids[static_cast<uint8_t>(byte)]);
    }
    piece.remove_prefix(size);
  }
}

// Rank and result as one word: the least word has the least rank. Pairs of one rank have one result.
uint64_t Merger::joined(uint32_t left, uint32_t right) const {
  const Joined found = find_merge(model_.merge_lines(), left, right);
  return found.rank == kNone ? kApart : uint64_t{found.rank} << 32 | found.result;
}

void Merger::merge_by_scan() {
  joined_.clear();
  for (size_t i = 0; i + 1 < ids_.size(); ++i) prefetch_merge(model_.merge_lines(), ids_[i], ids_[i + 1]);
  for (size_t i = 0; i + 1 < ids_.size(); ++i) joined_.push_back(joined(ids_[i], ids_[i + 1]));
  while (!joined_.empty()) {
    const auto lowest = std::ranges::min_element(joined_);  // the leftmost of equals
    if (*lowest == kApart) return;
    const auto at = static_cast<size_t>(lowest - joined_.begin());
    ids_[at] = static_cast<uint32_t>(*lowest);
    ids_.erase(ids_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    joined_.erase(lowest);
    if (at < joined_.size()) prefetch_merge(model_.merge_lines(), ids_[at], ids_[at + 1]);
    if (at > 0) joined_[at - 1] = joined(ids_[at - 1], ids_[at]);
    if (at < joined_.size()) joined_[at] = joined(ids_[at], ids_[at + 1]);
  }
}

// Parts are a list, linked both ways, of places in ids_; the part that ends the list has `size` as its next.
// A part that was joined to the one before it has id kNone. A place that comes out of the queue is stale
// unless the merge that waits there still has its rank.
void Merger::merge_by_queue() {
  if (queue_ == nullptr) queue_ = std::make_unique<RankQueue>(model_.rank_count());
  const auto size = static_cast<uint32_t>(ids_.size());
  next_.resize(size);
  previous_.resize(size);
  for (uint32_t i = 0; i < size; ++i) {
    next_[i] = i + 1;
    previous_[i] = i == 0 ? kNone : i - 1;
  }
  const auto find = [&](uint32_t place) {
    return next_[place] == size ? Joined{} : find_merge(model_.merge_lines(), ids_[place], ids_[next_[place]]);
  };
  const auto push = [&](uint32_t place) {
    if (const Joined found = find(place); found.rank != kNone) queue_->push(found.rank, place);
  };
  for (uint32_t i = 0; i < size; ++i) push(i);
  uint32_t rank = 0;
  uint32_t place = 0;
  while (queue_->pop(rank, place)) {
    if (ids_[place] == kNone) continue;
    const Joined found = find(place);
    if (found.rank != rank) continue;
    const uint32_t right = next_[place];
    ids_[place] = found.result;
    ids_[right] = kNone;
    next_[place] = next_[right];
    if (next_[place] != size) previous_[next_[place]] = place;
    if (previous_[place] != kNone) push(previous_[place]);
    push(place);
  }
  std::erase(ids_, kNone);
}

}  // namespace tribute::bpe
