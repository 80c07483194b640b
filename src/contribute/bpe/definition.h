// What a byte-pair encoding is: entries and the merges that build them, in their one canonical form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace tribute::bpe {

// Token ids are below this, so that a pair of them and their result fit one word.
inline constexpr uint32_t kMaxEntries = uint32_t{1} << 18;

// What a piece is cut into before the first merge. Persisted; values never change.
enum class Symbols : uint8_t {
  bytes = 0,       // each byte is the entry of that byte
  characters = 1,  // each UTF-8 character is its entry; one that has none is its bytes' `byte` entries
};

// Which pairs of adjacent parts may merge, and which first. Persisted; values never change.
enum class MergeOrder : uint8_t {
  listed = 0,     // those of a list, the earlier the sooner
  by_result = 1,  // every pair whose concatenation is an entry, the lower that entry's id the sooner
};

// What a token id stands for. Persisted; values never change.
enum class EntryUse : uint8_t {
  absent = 0,       // nothing: the id is not used
  text = 1,         // bytes that pieces are made of
  byte = 2,         // one byte of a character that has no entry
  decode_only = 3,  // bytes that no piece becomes by merging (an added token)
};

// The pair (left, right) becomes `result`, whose bytes are those of left and right.
struct Merge {
  uint32_t left = 0;
  uint32_t right = 0;
  uint32_t result = 0;

  friend auto operator<=>(const Merge&, const Merge&) = default;
};

// Byte strings by id. Move or copy it; not thread-safe while it grows.
class Entries {
 public:
  // Appends the entry of the next id. `bytes` is empty if and only if `use` is `absent`.
  void append(std::string_view bytes, EntryUse use);

  uint32_t size() const { return static_cast<uint32_t>(uses_.size()); }
  std::string_view bytes(uint32_t id) const {
    return std::string_view(bytes_).substr(begins_[id], begins_[id + 1] - begins_[id]);
  }
  EntryUse use(uint32_t id) const { return uses_[id]; }

  // The columns: all bytes, where each entry's begin (one more than there are entries), the uses.
  const std::string& all_bytes() const { return bytes_; }
  const std::vector<uint32_t>& begins() const { return begins_; }
  const std::vector<EntryUse>& uses() const { return uses_; }

  friend bool operator==(const Entries&, const Entries&) = default;

 private:
  std::string bytes_;
  std::vector<uint32_t> begins_{0};
  std::vector<EntryUse> uses_;
};

// A whole encoding. What a piece becomes: with `ignore_merges`, a piece that is a text entry is that
// entry. Any other is cut into symbols, and as long as two adjacent parts may merge, the pair that
// comes first in the order, and among equals the leftmost, does (Sennrich, Haddow, Birch 2016).
struct Definition {
  Symbols symbols = Symbols::bytes;
  bool ignore_merges = false;
  MergeOrder order = MergeOrder::listed;
  Entries entries;
  std::vector<Merge> merges;  // ascending rank; empty for `by_result`

  friend bool operator==(const Definition&, const Definition&) = default;
};

// Errors: invalid_argument, naming the entry or merge, unless: there are at most kMaxEntries entries; no
// two text entries and no two byte entries are the same; every byte has an entry of the use that the
// symbols need; a merge names text or byte entries, its result is a text entry of the concatenated bytes,
// and no pair is listed twice; a `by_result` encoding lists none and begins with bytes. O(bytes).
Result<void> validate(const Definition& definition);

}  // namespace tribute::bpe
