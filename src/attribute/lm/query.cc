#include "lm/query.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "base/check.h"
#include "lm/matches.h"

namespace tribute::lm {
namespace {

constexpr size_t kMaxClauses = 256;

Result<void> check(const Query& query) {
  if (query.clauses.empty()) return fail(ErrorCode::invalid_argument, "a query needs at least one clause");
  if (query.clauses.size() > kMaxClauses) {
    return fail(ErrorCode::invalid_argument,
                "a query has at most 256 clauses, this one has " + std::to_string(query.clauses.size()));
  }
  for (const auto& clause : query.clauses) {
    if (clause.empty()) return fail(ErrorCode::invalid_argument, "a clause needs at least one run of tokens");
    for (const auto& run : clause) {
      if (run.empty()) return fail(ErrorCode::invalid_argument, "a run of a query needs at least one token");
    }
  }
  return {};
}

// Takes a shard's matches in order and finds the documents with minimal windows.
//
// Let l(r) be the highest begin of a window that ends at r: the lowest of the clauses' last matches. It
// never falls, and the window is minimal if and only if l(r) is above that of the match before r.
class Windows {
 public:
  Windows(const ngram::Shard& shard, uint32_t shard_index, const Query& query, std::function<bool(const Hit&)> visit)
      : shard_(shard),
        shard_index_(shard_index),
        max_distance_(query.max_distance),
        visit_(std::move(visit)),
        last_(query.clauses.size()) {}

  // False if no more are wanted.
  bool take(const Match& match) {
    if (!has_position_ || match.position >= document_.end) {
      if (!finish()) return false;
      document_ = shard_.document_at(match.position);
    } else if (match.position != position_) {
      look();
    }
    has_position_ = true;
    position_ = match.position;
    last_[match.clause] = match.position;
    return true;
  }

  // After the last match.
  bool finish() {
    if (has_position_) look();
    const bool goes_on = hit_.windows == 0 || visit_(hit_);
    hit_ = {};
    std::ranges::fill(last_, std::nullopt);
    has_position_ = false;
    return goes_on;
  }

 private:
  // All matches at the position are taken.
  void look() {
    const std::optional<uint64_t> begin = *std::ranges::min_element(last_);  // none is below all
    if (!document_.is_live || !begin || (left_ && *begin <= *left_)) return;
    const uint64_t left = *begin;
    left_ = left;
    if (position_ - left > max_distance_) return;
    if (hit_.windows == 0) {
      hit_ = {.place = {shard_index_, document_.index},
              .id = document_.id,
              .windows = 0,
              .first_begin = left - document_.begin,
              .first_end = position_ - document_.begin};
    }
    ++hit_.windows;
  }

  const ngram::Shard& shard_;
  uint32_t shard_index_;
  uint64_t max_distance_;
  std::function<bool(const Hit&)> visit_;
  ngram::ShardDocument document_;
  bool has_position_ = false;  // of `document_` there was a match, the last one at `position_`
  uint64_t position_ = 0;
  std::vector<std::optional<uint64_t>> last_;  // per clause its last match in the document
  std::optional<uint64_t> left_;               // where the last window with every clause began: never falls
  Hit hit_;
};

// Calls visit(hit) in order until it returns false.
Result<void> for_each_hit(const Model& model, const Query& query, DocumentPlace from, const QueryOptions& options,
                          const std::function<bool(const Hit&)>& visit) {
  TRY(check(query));
  bool goes_on = true;
  for (uint32_t i = from.shard; i < model.shards().size() && goes_on; ++i) {
    const ngram::Shard& shard = *model.shards()[i];
    const uint64_t document = i == from.shard ? from.document : 0;
    if (document >= shard.document_count()) continue;
    Windows windows(shard, i, query, [&](const Hit& hit) {
      goes_on = visit(hit);
      return goes_on;
    });
    const Matches matches(shard, query, options);
    matches.for_each(shard.document(document).begin, [&](const Match& match) { return windows.take(match); });
    if (goes_on) windows.finish();
    TRY(shard.status());
  }
  return {};
}

}  // namespace

Result<QueryCount> count(const Model& model, const Query& query, const QueryOptions& options) {
  QueryCount count;
  TRY(for_each_hit(model, query, {}, options, [&](const Hit& hit) {
    count.windows += hit.windows;
    ++count.documents;
    return true;
  }));
  return count;
}

Result<Page> search(const Model& model, const Query& query, uint32_t limit, DocumentPlace from,
                    const QueryOptions& options) {
  CHECK(limit > 0);
  Page page;
  TRY(for_each_hit(model, query, from, options, [&](const Hit& hit) {
    if (page.hits.size() == limit) {
      page.next = hit.place;
      return false;
    }
    page.hits.push_back(hit);
    return true;
  }));
  return page;
}

}  // namespace tribute::lm
