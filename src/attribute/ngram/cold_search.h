// Search in a segment that is larger than memory: by reads of blocks, those of all searches of a batch at once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "io/file_system.h"
#include "io/page_file.h"
#include "ngram/cold_places.h"
#include "ngram/page_cache.h"
#include "ngram/search.h"
#include "ngram/segment.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

struct ColdOptions {
  // Blocks of 4 KiB that stay in memory between searches; 0 and more. Besides there are those of the searches that are
  // under way: of kSearchesAtOnce, three each in the disk layout, some ten in the standard one, more for runs of over
  // 15 tokens that stand in many documents.
  uint64_t cached_blocks = 16'384;
  io::PageAccess access = io::PageAccess::queued;
};

// What it took so far, as the I/O layer counts it.
struct ColdCounts {
  uint64_t blocks_read = 0;
  uint64_t rounds = 0;       // of blocks that were asked for together
  uint32_t most_rounds = 0;  // that one search waited for
};

// What SegmentSearch answers of a segment all of whose documents count, from blocks that are read when they are needed
// (io::PageFile), past the system's page cache. In memory are the segment's columns, its directory, minima and
// checksums (Segment::open_columns()): some 0.03 bytes per token, and 60 per document.
//
// Searches go on together, from one round of reads to the next. In the disk layout a run of up to 15 tokens of 16 bits
// takes three rounds at most, and two or three blocks (cold_places.h); in the standard layout some ten, one round each.
// The bytes of every block are compared with their checksum before anything is made of them.
//
// Not thread-safe, movable: a thread has one of its own over the same segment, which must outlive it.
class ColdSearch {
 public:
  // `columns`: of Segment::open_columns(), or any segment of the file. Errors: those of the file system.
  static Result<ColdSearch> open(io::FileSystem& files, const Segment& columns, const ColdOptions& options = {});

  const Segment& segment() const { return *segment_; }

  // Of all: data_loss naming the file and what is damaged; unavailable where the disk fails. Nothing is known then.

  // Per run of `text`, in the order of `runs`: the suffixes that begin with it.
  Result<std::vector<RankRange>> find(std::span<const TokenId> text, std::span<const Run> runs);
  // Per position of `text`: the largest L such that the L tokens from there stand in a document. Five batches of
  // searches, none between two positions whose matches end at the same place (SegmentSearch).
  Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text);
  // The lowest position of the range; nullopt if it is empty. Two blocks at most.
  Result<std::optional<uint64_t>> first_position(RankRange range);
  // The positions of the range's suffixes by rank. A block for each page.
  Result<std::vector<uint64_t>> positions(RankRange range);
  // Calls visit(positions) for them, at most Segment::kLookupsAtOnce at a time, until it returns false. A round for
  // some pages, more from one to the next.
  Result<void> for_each_positions(RankRange range, const std::function<bool(std::span<const uint64_t>)>& visit);
  // The positions of single suffixes, in one round; both have the same size (CHECK).
  Result<void> positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions);
  // Reads what first_position() needs of each range, in one round, so that it finds it in memory.
  Result<void> fetch_edges(std::span<const RankRange> ranges);

  ColdCounts counts() const;
  // "io_uring, direct" and the like.
  std::string_view way() const { return cache_->file().way(); }
  // Forgets all blocks: the next search finds nothing in memory.
  void forget() { cache_->clear(); }

  static constexpr size_t kSearchesAtOnce = 512;

 private:
  class Needles;

  ColdSearch(const Segment& columns, std::unique_ptr<PageCache> cache) : segment_(&columns), cache_(std::move(cache)) {}
  Result<void> search(std::span<ColdRun> runs);
  Result<void> search_batch(std::span<ColdRun> runs);
  uint64_t least_minimum(uint64_t begin_page, uint64_t end_page) const;
  // The pages [first, second) that stand in the range as a whole; all of it lies in one or two if there are none.
  std::pair<uint64_t, uint64_t> whole_pages(RankRange range) const;
  // Calls visit(position) for each suffix of the ranges, whose pages are read in one round.
  template <typename Visit>
  Result<void> visit_pages(std::span<const RankRange> ranges, Visit visit);

  const Segment* segment_;
  std::unique_ptr<PageCache> cache_;
  uint32_t most_rounds_ = 0;
};

}  // namespace tribute::ngram
