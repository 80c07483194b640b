// Model: an encoding compiled into tables, in one block of bytes that a file holds as it is.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "bpe/definition.h"
#include "bpe/tables.h"

namespace tribute::bpe {

// Immutable; thread-safe. Holds its bytes, or what keeps them mapped.
class Model {
 public:
  // Errors: those of validate(). O(bytes of all entries, and their merging).
  static Result<Model> build(const Definition& definition);

  // The model whose bytes() these are, used in place; `owner` keeps them. Bytes at an address that is no
  // multiple of 64 are copied. Checks what memory safety needs: sizes and that every id and rank is in
  // range; that the tables are those of the definition is checked by verify().
  // Errors: data_loss. O(bytes) at memory speed.
  static Result<Model> open(std::string_view bytes, std::shared_ptr<const void> owner);

  // The compiled form (docs/formats/tokenizer.md); its size is a multiple of 64.
  std::string_view bytes() const { return bytes_; }

  // Errors: data_loss if the definition is not valid or the tables are not those it compiles to.
  Result<void> verify() const;

  Definition definition() const;
  // Feeds `hash` what decides how texts are encoded, and nothing else. docs/formats/tokenizer.md says which bytes.
  void hash_definition(Sha256& hash) const;

  Symbols symbols() const { return symbols_; }
  bool ignore_merges() const { return ignore_merges_; }
  MergeOrder order() const { return order_; }
  uint32_t size() const { return static_cast<uint32_t>(uses_.size()); }
  uint32_t listed_merge_count() const { return static_cast<uint32_t>(merges_.size()); }
  EntryUse use(uint32_t id) const { return static_cast<EntryUse>(uses_[id]); }
  std::string_view entry(uint32_t id) const { return entry_bytes_.substr(begins_[id], begins_[id + 1] - begins_[id]); }
  uint32_t entry_size(uint32_t id) const { return begins_[id + 1] - begins_[id]; }

  // The id of the text entry, and kNone if there is none; `whole` says that its symbols merge into it.
  struct Found {
    uint32_t id = kNone;
    bool whole = false;
  };
  Found find(std::string_view bytes) const;

  // False only if no merge ever joins a part that ends in `last` with one that begins with `first`, and no
  // character spans them: there a piece may be cut without changing its tokens.
  bool may_join(uint8_t last, uint8_t first) const { return (joins_[last * 32U + first / 8] >> (first % 8) & 1) != 0; }

  // The tables, for encoders.
  std::span<const EntryLine> entry_lines() const { return entry_lines_; }
  std::span<const MergeLine> merge_lines() const { return merge_lines_; }
  std::span<const uint32_t> byte_ids() const { return byte_ids_; }  // 256: a byte's symbol
  uint32_t rank_count() const { return rank_count_; }               // ranks are below
  uint32_t find_long(std::string_view bytes) const;                 // id with kWhole, or kNone

 private:
  Model() = default;

  Result<void> map_parts();
  bool ids_are_in_range() const;

  std::shared_ptr<const void> owner_;
  std::string_view bytes_;
  Symbols symbols_ = Symbols::bytes;
  bool ignore_merges_ = false;
  MergeOrder order_ = MergeOrder::listed;
  uint32_t rank_count_ = 0;
  std::span<const uint32_t> begins_;
  std::span<const uint8_t> uses_;
  std::string_view entry_bytes_;
  std::span<const Merge> merges_;
  std::span<const EntryLine> entry_lines_;
  std::span<const LongSlot> long_slots_;
  std::span<const MergeLine> merge_lines_;
  std::span<const uint8_t> joins_;
  std::span<const uint32_t> byte_ids_;
};

}  // namespace tribute::bpe
