// Sorted runs: a part of the documents with the order of its suffixes, as a scratch file. docs/formats/sorted_run.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "io/file_system.h"
#include "suffix/checked_blocks.h"

namespace tribute::suffix {

inline constexpr uint32_t kRunVersion = 1;
// Of all runs that are merged.
inline constexpr uint64_t kMaxMergedSymbols = (uint64_t{1} << 31) - 1;
// So many symbols behind what a suffix shares with the one before it stand beside it in the file.
inline constexpr uint32_t kSymbolsAhead = 6;

struct RunHeader {
  Hash256 contents;             // the writer's name for what is in it; also the seed of the checksums
  uint32_t symbol_bytes = 2;    // 2 or 4
  uint64_t symbol_count = 0;    // of the text, separators among them
  uint64_t document_count = 0;  // separators
  uint64_t suffix_block_count = 0;

  uint64_t suffix_count() const { return symbol_count - document_count; }
  uint64_t symbols_per_block() const { return kPayloadBytes / symbol_bytes; }
  uint64_t text_block_count() const { return (symbol_count + symbols_per_block() - 1) / symbols_per_block(); }
  uint64_t first_text_block() const { return 1; }
  uint64_t first_suffix_block() const { return first_text_block() + text_block_count(); }
  uint64_t file_bytes() const { return (first_suffix_block() + suffix_block_count) * kBlockBytes; }
  uint64_t seed() const;

  friend bool operator==(const RunHeader&, const RunHeader&) = default;
};

// A suffix of a run, as the file has it.
struct RunSuffix {
  uint32_t position = 0;  // in the run's text
  uint32_t shared = 0;    // with the suffix before it in the run, up to the separator
  // The symbols behind these, up to the separator, behind which there are more of it.
  std::array<uint32_t, kSymbolsAhead> ahead{};
};

// Sorts the suffixes of `text`, as sort_suffixes() takes it, and writes the run to `path`: the file is wholly there and
// durable or not at all, but for a left-over `path` + ".tmp", which the next call overwrites.
// Memory besides the text: 8 bytes per symbol and kRunBufferBytes a thread, and what sort_suffixes() takes
// for its alphabet. Errors: those of the file system.
struct RunOptions {
  Hash256 contents;
  uint32_t symbol_count = 0;  // of the alphabet
  uint32_t threads = 1;       // 1 to 16
};
inline constexpr uint64_t kRunBufferBytes = uint64_t{1} << 20;
Result<void> write_run(io::FileSystem& files, const std::string& path, std::span<const uint16_t> text,
                       const RunOptions& options);
Result<void> write_run(io::FileSystem& files, const std::string& path, std::span<const uint32_t> text,
                       const RunOptions& options);

// An open run. Movable, not thread-safe.
class RunFile {
 public:
  // Errors: those of the file system; data_loss where it is no run, or not whole.
  static Result<RunFile> open(io::FileSystem& files, const std::string& path);

  const RunHeader& header() const { return header_; }
  // Blocks [index, index + count) of the file, checked. Errors: those of the file; data_loss.
  Result<std::string> blocks(uint64_t index, uint64_t count) const {
    return read_blocks(*file_, path_, header_.seed(), index, count);
  }
  // The error for a block that passes its check and is wrong nevertheless.
  std::unexpected<Error> damaged() const;

 private:
  RunFile(std::unique_ptr<io::File> file, std::string path, const RunHeader& header)
      : file_(std::move(file)), path_(std::move(path)), header_(header) {}

  std::unique_ptr<io::File> file_;
  std::string path_;
  RunHeader header_;
};

// The suffixes of a run in their order, read in parts of `blocks_at_once`. The run must outlive it. Not thread-safe.
class RunSuffixes {
 public:
  RunSuffixes(const RunFile& run, uint64_t blocks_at_once)
      : run_(&run), blocks_at_once_(blocks_at_once), next_block_(run.header().first_suffix_block()) {}

  // The next suffixes, until the next call; none after the last ones.
  // Errors: those of RunFile::blocks(); data_loss.
  Result<std::span<const RunSuffix>> next();

 private:
  // False where the block is not as it should be.
  template <typename Symbol>
  bool decode(const char* block);

  const RunFile* run_;
  uint64_t blocks_at_once_;
  uint64_t next_block_;
  std::string part_;
  size_t in_part_ = 0;  // where the next block begins there
  std::vector<RunSuffix> decoded_;
  uint64_t given_ = 0;
};

}  // namespace tribute::suffix
