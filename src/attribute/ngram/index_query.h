// A text's query of an IndexSource: its searches in each segment, and the match that is still open at its end.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ngram/distinct_runs.h"
#include "ngram/index_source.h"
#include "ngram/search.h"
#include "ngram/span_source.h"

namespace tribute::ngram {

class IndexQuery final : public TextQuery {
 public:
  IndexQuery(const IndexSource& source, std::span<const TokenId> text);

  void append(std::span<const TokenId> tokens) override;
  Result<std::vector<uint32_t>> longest_matches() override;
  Result<std::span<const uint32_t>> final_matches() override;
  Result<std::vector<RunFacts>> find(std::span<const Run> runs, const RunQuestion& question) override;

 private:
  // A part of the index, and the text in its symbols.
  struct Searched {
    const IndexPart* part;
    SegmentSearch search;
    SegmentSearch::Text text;
  };
  // A place where the text stands, from the first position on that is not final up to the last token looked at.
  struct OpenMatch {
    const Segment* segment = nullptr;  // nullptr: there is no such position
    uint64_t position = 0;
  };

  static std::vector<bool> runs_that_go_along(const Searched& in, const DistinctRuns& runs,
                                              std::span<const RankRange> ranges);
  void look_at_next();
  bool open_match_goes_on(uint32_t end) const;
  uint32_t open_begin() const { return static_cast<uint32_t>(final_.size()); }
  // The index of the first begin, they ascend, from which the text up to `end` stands somewhere, which is then the open
  // match; their number if there is none.
  size_t first_that_stands(std::span<const uint32_t> begins, uint32_t end);
  // Puts the open match where it is likely to go on for long.
  void choose_open_place();

  const IndexSource& source_;
  std::vector<TokenId> text_;
  std::vector<Searched> searched_;
  uint32_t looked_at_ = 0;       // tokens from the first on, for final_matches()
  std::vector<uint32_t> final_;  // the matches that nothing can change, by position
  OpenMatch open_;
};

}  // namespace tribute::ngram
