// The files of one shard of an infini-gram index as they lie: docs/formats/infinigram_v4.md.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/hash.h"
#include "io/file_system.h"

namespace tribute::infinigram {

static_assert(std::endian::native == std::endian::little, "tokens and pointers are read where they lie");

// The width of a token in bytes.
enum class TokenType : uint8_t { u8 = 1, u16 = 2, u32 = 4 };

// "u8", "u16", "u32" both ways. Errors: invalid_argument.
std::string token_type_name(TokenType type);
Result<TokenType> token_type_named(std::string_view name);

// What stands in `tokenized.N` and its companions, mapped: tokens and separators by position, the table of
// suffixes by rank, documents by index. Tokens are given as **keys**: their bytes read with the first as the
// highest, so that keys compare as the files' order does. The separator's key is above all others.
//
// Immutable, thread-safe. Whatever the files hold, nothing is read outside of them: a value that cannot be
// is reported and another one given in its place, and status() says so afterwards.
class TableFiles {
 public:
  // Maps `<folder>/tokenized.<name>`, `table.<name>`, `offset.<name>` and, if they are there,
  // `metadata.<name>` and `metaoff.<name>`. Checks what can be checked in O(1): sizes, the first separator,
  // and that the separators are as many as the documents and stand at the table's end.
  // Errors: those of the file system; failed_precondition if a file is missing or the sizes do not fit the
  // token type; data_loss if the files contradict each other.
  static Result<std::unique_ptr<TableFiles>> open(io::FileSystem& files, const std::string& folder,
                                                  const std::string& name, TokenType type);

  TokenType type() const { return static_cast<TokenType>(width_); }
  uint32_t width() const { return width_; }
  uint32_t separator_key() const { return separator_; }
  uint32_t pointer_bytes() const { return pointer_bytes_; }
  // Tokens and separators: positions and ranks are below it.
  uint64_t suffix_count() const { return suffix_count_; }
  uint64_t document_count() const { return document_count_; }

  // The key of a token or of what has a key.
  uint32_t key_of(uint32_t token) const {
    switch (width_) {
      case 1: return token;
      case 2: return __builtin_bswap16(static_cast<uint16_t>(token));
      default: return __builtin_bswap32(token);
    }
  }
  uint32_t token_of(uint32_t key) const { return key_of(key); }
  // `position` must be below suffix_count().
  uint32_t key_at(uint64_t position) const {
    const char* const at = tokens_.data() + position * width_;
    switch (width_) {
      case 1: return static_cast<uint8_t>(*at);
      case 2: {
        uint16_t token = 0;
        std::memcpy(&token, at, sizeof(token));
        return __builtin_bswap16(token);
      }
      default: {
        uint32_t token = 0;
        std::memcpy(&token, at, sizeof(token));
        return __builtin_bswap32(token);
      }
    }
  }
  // The first 8 bytes of a suffix as one key, zeros where the file ends.
  uint64_t long_key_at(uint64_t position) const;

  // The position of a suffix; below suffix_count() whatever the file holds. `rank` must be below it too.
  uint64_t position_of(uint64_t rank) const {
    const uint64_t begin = rank * pointer_bytes_;
    uint64_t pointer = 0;
    if (begin + sizeof(pointer) <= table_.size()) [[likely]] {
      std::memcpy(&pointer, table_.data() + begin, sizeof(pointer));
      pointer &= pointer_mask_;
    } else {
      for (uint32_t i = 0; i < pointer_bytes_; ++i)
        pointer |= uint64_t{static_cast<uint8_t>(table_[begin + i])} << 8 * i;
    }
    if (pointer >= tokens_.size() || pointer % width_ != 0) [[unlikely]]
      return report_pointer(rank);
    return pointer / width_;
  }
  // Begin to fetch what position_of() and key_at() will read.
  void fetch_suffix(uint64_t rank) const { __builtin_prefetch(table_.data() + rank * pointer_bytes_); }
  void fetch_tokens(uint64_t position) const { __builtin_prefetch(tokens_.data() + position * width_); }

  // The position of a document's separator; suffix_count() for document_count(). `document` is at most that.
  uint64_t separator_of(uint64_t document) const;
  // Without the line feed that ends it; empty if there is no metadata.
  std::string metadata(uint64_t document) const;

  // SHA-256 over the token type, the three files' sizes and 64 parts of each, evenly spread, of 4096 bytes:
  // tells other files from these without reading them whole.
  Hash256 fingerprint() const;

  Result<void> status() const;
  // The error of a table that is not sorted at a rank, for whoever finds it.
  std::unexpected<Error> out_of_order(uint64_t rank) const;

 private:
  TableFiles(std::string folder, std::string name, TokenType type);
  Result<void> map(io::FileSystem& files);
  Result<void> check_sizes();
  Result<void> check_separators() const;
  std::string path(std::string_view kind) const;
  std::unexpected<Error> damaged(std::string_view kind, const std::string& what) const;
  uint64_t report_pointer(uint64_t rank) const;
  void report(std::string_view kind, const std::string& what) const;

  std::string folder_;
  std::string name_;
  uint32_t width_;
  uint32_t separator_;
  uint32_t pointer_bytes_ = 1;
  uint64_t pointer_mask_ = 0;
  uint64_t suffix_count_ = 0;
  uint64_t document_count_ = 0;
  // In the order of kKinds; the last two may be absent.
  std::array<std::unique_ptr<io::FileMap>, 5> maps_;
  std::string_view tokens_;
  std::string_view table_;
  std::string_view offsets_;
  std::string_view metadata_;
  std::string_view metadata_offsets_;
  bool has_metadata_ = false;
  mutable std::atomic<bool> is_damaged_ = false;
  mutable std::mutex mutex_;
  mutable std::string damage_;  // the first one; guarded by mutex_
};

}  // namespace tribute::infinigram
