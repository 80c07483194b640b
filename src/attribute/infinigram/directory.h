// The directory that Tribute puts beside a table: which page of it has a suffix. docs/formats/infinigram_directory.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "infinigram/table_files.h"
#include "io/file_system.h"
#include "ngram/search.h"

namespace tribute::infinigram {

// `<folder>/tribute.directory.<name>`
std::string directory_path(const std::string& folder, const std::string& name);

// The first 8 bytes of the first suffix that begins in each 4096-byte page of a table, so that a search reads
// one page of the table, or those that begin with the same 8 bytes, and the text at its suffixes. 8 bytes per
// page: 0.2 % of the table, read when it is opened. Immutable; thread-safe.
class Directory {
 public:
  // Maps the file, verifies all of it and that it was made for `table`. O(its size).
  // Errors: those of the file system; data_loss if it is damaged; failed_precondition for an unknown version
  // or if it was made for other files.
  static Result<std::unique_ptr<Directory>> open(io::FileSystem& files, const std::string& path,
                                                 const TableFiles& table);

  // The token type that a directory was made for, from its header alone. Errors: as above.
  static Result<TokenType> token_type(io::FileSystem& files, const std::string& path);

  // Where a run of keys stands: before the range all suffixes are below it, from its end on all are above it
  // and do not begin with it. `width` as the table's. O(log pages).
  ngram::RankRange bracket(std::span<const uint32_t> run, uint32_t width) const;

  // Pages of the table: what write() reads.
  static uint64_t page_count(const TableFiles& table);

  // Reads a suffix of every page and writes the directory, atomically: to a temporary name, synced, renamed.
  // Returns its size. Calls advance(pages) with those read since the last call; stops when it returns false.
  // Errors: those of the file system; data_loss if the table is damaged, or not sorted from one page to the
  // next; cancelled if it was stopped.
  static Result<uint64_t> write(io::FileSystem& files, const std::string& path, const TableFiles& table,
                                const std::function<bool(uint64_t)>& advance);

 private:
  Directory(std::unique_ptr<io::FileMap> map, uint64_t suffix_count, uint32_t pointer_bytes);
  static Result<uint64_t> write_temporary(io::FileSystem& files, const std::string& path, const TableFiles& table,
                                          const std::function<bool(uint64_t)>& advance);
  uint64_t key_of(uint64_t page) const;
  uint64_t first_page_above(uint64_t key, bool or_equal) const;
  uint64_t first_rank(uint64_t page) const;

  std::unique_ptr<io::FileMap> map_;
  std::string_view blocks_;
  uint64_t suffix_count_;
  uint32_t pointer_bytes_;
  uint64_t page_count_;
};

}  // namespace tribute::infinigram
