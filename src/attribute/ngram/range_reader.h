// What is read of a run's occurrences, wherever the segment lies.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "ngram/index_part.h"
#include "ngram/search.h"

namespace tribute::ngram {

// The suffixes of ranges of one part of an index, from memory or from disk. Reading fails silently: answers are made up
// then, and whoever owns the reader knows afterwards. Not thread-safe; the part must outlive it.
class RangeReader {
 public:
  // What is called with some positions at a time, at most Segment::kLookupsAtOnce, until it returns false.
  using VisitPositions = std::function<bool(std::span<const uint64_t>)>;
  using VisitDocuments = std::function<void(std::span<const DocId>)>;

  explicit RangeReader(const IndexPart& part) : part_(&part) {}
  RangeReader(const RangeReader&) = default;
  RangeReader& operator=(const RangeReader&) = default;
  virtual ~RangeReader() = default;

  const IndexPart& part() const { return *part_; }

  // Of the suffixes of the range, dead ones too, by rank.
  virtual void for_each_positions(RankRange range, const VisitPositions& visit) = 0;
  // The same of single ranks, whose waiting overlaps; both have the same size (CHECK).
  virtual void positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions) = 0;
  // The lowest position of the range whose document counts; nullopt if none does.
  virtual std::optional<uint64_t> first_position(RankRange range) = 0;

  // The documents of the suffixes of the range that count, one for each suffix, by rank.
  void for_each_documents(RankRange range, const VisitDocuments& visit);
  // The suffixes of the range whose documents count. O(1) if all do, else one look-up per suffix.
  uint64_t count(RankRange range);

 private:
  const IndexPart* part_;
};

// From memory.
class SegmentRanges final : public RangeReader {
 public:
  explicit SegmentRanges(const IndexPart& part) : RangeReader(part), search_(part.search()) {}

  void for_each_positions(RankRange range, const VisitPositions& visit) override {
    search_.for_each_positions(range, visit);
  }
  void positions_of(std::span<const uint64_t> ranks, std::span<uint64_t> positions) override {
    search_.segment().positions_of(ranks, positions);
  }
  std::optional<uint64_t> first_position(RankRange range) override { return search_.first_position(range); }

 private:
  SegmentSearch search_;
};

}  // namespace tribute::ngram
