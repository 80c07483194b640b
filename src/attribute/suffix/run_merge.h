// Merging sorted runs: the order of the suffixes of all their documents.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "io/file_system.h"
#include "suffix/run_compare.h"
#include "suffix/run_file.h"
#include "suffix/run_text.h"

namespace tribute::suffix {

// What a merge may keep in memory. It changes no result.
struct MergeOptions {
  uint64_t stream_blocks = 16;  // of each run, of kBlockBytes; at least 1
  uint64_t text_blocks = 1024;  // of all texts, of kBlockBytes; at least 2
  uint64_t passages = 1 << 14;  // of RunCompare::kPassageBytes
  // MergedSuffix::symbol_before is found out where fewer symbols than so many are shared: 0 to 256. It takes reads of
  // the texts where neighbours of one run share many more symbols than those before them.
  uint32_t parting_symbols = 0;
};
inline constexpr uint32_t kMostPartingSymbols = 256;
// Besides: so much for each run.
inline constexpr uint64_t kMergeRunBytes = uint64_t{16} << 10;

struct MergedSuffix {
  uint32_t position = 0;       // in the texts of the runs, one after another
  uint32_t shared = 0;         // with the suffix before it, up to the separator
  uint32_t symbol = 0;         // behind these
  uint32_t symbol_before = 0;  // the same of the suffix before it, where it is asked for; of the first one 0
};

// The order is that of sort_suffixes() of all texts together, without the separators: suffixes that are equal up to
// their separators stand by their positions.
//
// A tree of losers each of which keeps what it shares with whom it lost to (Ng, Kakehi: Merging String Sequences by
// Longest Common Prefixes, 2008; Bingmann, Sanders, Schimek 2020): two suffixes are compared by what they
// share with the last one that was given, and only where that is equal by the symbols behind it. These stand in
// the runs' files, and where they are equal, too, RunCompare reads the texts. So copies of a document in all runs
// cost no more than other documents.
//
// O(n log runs) and what RunCompare reads. Not thread-safe, movable.
class RunMerge {
 public:
  // Opens the runs, in the order of their texts.
  // Errors: those of RunFile::open(); data_loss where they do not belong together; resource_exhausted where they have
  // more than kMaxMergedSymbols symbols.
  static Result<RunMerge> open(io::FileSystem& files, const std::vector<std::string>& paths,
                               const MergeOptions& options);

  // Fills `suffixes` with the next ones and returns how many these are, fewer only at the end.
  // Errors: those of RunFile::blocks(); data_loss.
  Result<size_t> next(std::span<MergedSuffix> suffixes);

  RunText& text() { return *text_; }

 private:
  static constexpr int64_t kExhausted = -1;

  // The next suffix of a run.
  struct Head {
    int64_t shared = 0;     // with the suffix that was given last, or that it lost to; kExhausted where there is none
    uint32_t position = 0;  // in the text of all runs
    uint32_t ahead_begin = 0;  // the symbols of which it knows, from this one behind its position
    uint32_t ahead_end = 0;
    std::array<uint32_t, kSymbolsAhead> ahead{};
    uint32_t symbol_before = 0;  // where the one with which `shared` is shared parts from it

    bool knows(uint32_t i) const { return i >= ahead_begin && i < ahead_end; }
  };
  struct Run {
    RunSuffixes suffixes;
    std::span<const RunSuffix> decoded;
    // The symbols of the suffix that was taken last, as far as they are known: none behind its end.
    std::vector<uint32_t> known;
  };
  static constexpr uint32_t kUnknown = UINT32_MAX;

  RunMerge(std::vector<RunFile> files, const MergeOptions& options);
  Result<void> begin();
  Result<void> advance(uint32_t run);
  Result<uint32_t> symbol_at_parting(Run& run, uint32_t position, const RunSuffix& next);
  // Whether the first one of two heads, each with what it shares with one suffix, is the smaller one. The larger one
  // then has what it shares with the smaller one. Where the texts cannot be read, failure_ says so.
  bool is_smaller(Head& first, Head& second);
  bool is_smaller_by_text(Head& first, Head& second, uint32_t shared);

  std::unique_ptr<std::vector<RunFile>> files_;  // pointers: they do not move
  std::unique_ptr<RunText> text_;
  std::unique_ptr<RunCompare> compare_;
  std::vector<Run> runs_;
  std::vector<Head> heads_;       // a power of two
  std::vector<uint32_t> losers_;  // by node of the tree; node 0 has the winner
  uint32_t parting_symbols_;
  std::optional<Error> failure_;
};

}  // namespace tribute::suffix
