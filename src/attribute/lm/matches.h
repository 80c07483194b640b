// The places where a query's clauses match in one shard, in order.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "lm/query.h"
#include "ngram/search.h"
#include "ngram/shard.h"

namespace tribute::lm {

// A clause matches at a position.
struct Match {
  uint64_t position = 0;
  uint32_t clause = 0;
};

// How matches are put in order of their positions: what comes out is the same, but for the ones that are too
// far to matter.
enum class MatchOrder : uint8_t {
  by_density,  // as the others, whichever takes less memory
  by_sorting,  // 8 bytes per match
  by_bits,     // a bit per position and clause
};

// Finds where the clauses of a query match in a shard, in dead documents too. Keeps the shard by
// reference. Not thread-safe.
class Matches {
 public:
  // The query must be one that count() takes.
  Matches(const ngram::Shard& shard, const Query& query, const QueryOptions& options,
          MatchOrder order = MatchOrder::by_density);

  // Calls visit(match) for the matches from position `from` on, ascending by (position, clause), each
  // once, until it returns false. None if a clause does not match in the shard; else all but ones that are
  // farther than the query's distance from every match of the rarest clause. See count() for the cost.
  void for_each(uint64_t from, const std::function<bool(const Match&)>& visit) const;

 private:
  struct Clause {
    std::vector<ngram::RankRange> ranges;  // disjoint
    uint64_t match_count = 0;
  };

  // Calls visit(position) for the clause's matches in [begin, end), by rank.
  template <typename Visit>
  void for_each_position(const Clause& clause, uint64_t begin, uint64_t end, Visit visit) const;
  bool is_near(uint64_t position) const;
  void for_each_by_bits(uint64_t from, const std::function<bool(const Match&)>& visit) const;
  void for_each_by_sorting(uint64_t from, const std::function<bool(const Match&)>& visit) const;
  // Ends of shares of the positions from `from` on, with at most `matches_at_once` matches each where a
  // bucket of the histogram has no more.
  std::vector<uint64_t> share_out(uint64_t from) const;

  const ngram::Shard& shard_;
  uint64_t max_distance_;
  uint64_t matches_at_once_;
  std::vector<Clause> clauses_;
  uint64_t match_count_ = 0;      // of all clauses
  bool has_all_ = true;           // every clause matches
  bool has_bits_ = false;         // the order is by bits
  bool is_filtered_ = false;      // by the rarest clause
  std::vector<uint64_t> rarest_;  // its positions, ascending, if so
};

}  // namespace tribute::lm
