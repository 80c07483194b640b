// SegmentShard: a segment as a Shard.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ngram/document_set.h"
#include "ngram/search.h"
#include "ngram/segment.h"
#include "ngram/shard.h"

namespace tribute::ngram {

// One segment of which `dead` documents, if any, do not count. Keeps both by reference. Its positions and
// ranks are the segment's, whose documents' separators have positions too; a document's index is its DocId and
// its id the entry's index.
//
// Every separator is a symbol of its own below all tokens, so of the suffixes that begin with a run the
// first are those whose document ends with it, then the others by the next token, ascending: what follows a
// run never falls from rank to rank.
class SegmentShard final : public Shard {
 public:
  // `dead`: nullptr if all documents count. O(documents) if not.
  explicit SegmentShard(const Segment& segment, const DocumentSet* dead = nullptr);

  uint32_t vocabulary_size() const override { return segment_.vocabulary_size(); }
  uint64_t document_count() const override { return segment_.document_count(); }
  LiveCounts live() const override { return live_; }
  uint64_t position_end() const override { return segment_.token_count() == 0 ? 0 : segment_.layout().symbol_count(); }
  RankRange suffixes() const override { return {0, segment_.token_count()}; }
  std::vector<RankRange> find(std::span<const std::span<const TokenId>> runs) const override;
  std::vector<uint32_t> longest_matches(std::span<const TokenId> text) const override {
    return search_.longest_matches(text);
  }
  uint64_t count(RankRange range) const override { return search_.count(range); }
  bool has_live(RankRange range) const override;
  std::vector<Tail> tails(RankRange range, std::span<const TokenId> text, uint32_t length) const override;
  Continuations continuations(RankRange range, uint64_t length) const override;
  void positions(RankRange range, std::span<uint64_t> positions) const override;
  ShardDocument document(uint64_t index) const override;
  ShardDocument document_at(uint64_t position) const override;
  std::optional<uint64_t> find_document(uint64_t id) const override;
  std::vector<TokenId> tokens(uint64_t position, uint64_t count) const override;
  std::string metadata(uint64_t) const override { return {}; }
  Result<void> status() const override { return segment_.status(); }

 private:
  // A token + 1, or 0 where a document ends.
  uint64_t symbol_at(uint64_t position) const;
  // How many of the last tokens of `text` stand before `end`, of which the last `length` do.
  uint32_t shared_before(uint64_t end, std::span<const TokenId> text, uint32_t length) const;
  // The symbol behind the first `length` of each suffix.
  void read_keys(std::span<const uint64_t> ranks, uint64_t length, std::span<uint64_t> keys) const;

  const Segment& segment_;
  const DocumentSet* dead_;
  SegmentSearch search_;
  LiveCounts live_;
};

}  // namespace tribute::ngram
