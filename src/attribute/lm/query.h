// Queries of several parts: how often do they stand near each other, and in which documents.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "lm/model.h"
#include "ngram/shard.h"

namespace tribute::lm {

// A query in conjunctive normal form: every clause must match, a clause matches where one of its runs
// begins. A simple query is one clause of one run.
//
// What is found are **minimal windows**: [l, r], r - l ≤ max_distance, within one live document, such that
// every clause matches at some position from l to r and no smaller window within it has that. Of a simple
// query they are its occurrences; of one clause its distinct places, so that a run and its beginning in
// one clause do not count twice. The order of clauses and runs does not matter, what stands nested counts
// once, and a document has a window if and only if its clauses match within the distance. These are the
// minimal-interval semantics of Clarke, Cormack, Burkowski: "An Algebra for Structured Text Search and a
// Framework for its Implementation" (1995).
struct Query {
  std::vector<std::vector<std::vector<TokenId>>> clauses;
  // Between the begins of the first and the last match of a window, in tokens; any number. 0: all clauses
  // begin at one place.
  uint64_t max_distance = 100;
};

struct QueryOptions {
  // So many matches, or 64 times as many bits, are held at once, 8 bytes each; any number. By default 128 MiB.
  // More of it means that positions are read fewer times; see count().
  uint64_t matches_at_once = uint64_t{1} << 24;
};

struct QueryCount {
  uint64_t windows = 0;
  uint64_t documents = 0;  // that have one

  friend bool operator==(const QueryCount&, const QueryCount&) = default;
};

// A document's place: shards in the order in which the model has them, documents by index.
struct DocumentPlace {
  uint32_t shard = 0;
  uint64_t document = 0;

  friend auto operator<=>(const DocumentPlace&, const DocumentPlace&) = default;
};

// A document that a query matches.
struct Hit {
  DocumentPlace place;
  uint64_t id = 0;           // ngram::ShardDocument::id
  uint64_t windows = 0;      // in all of the document
  uint64_t first_begin = 0;  // of the first window, in tokens of the document
  uint64_t first_end = 0;    // where its last match begins

  friend bool operator==(const Hit&, const Hit&) = default;
};

struct Page {
  std::vector<Hit> hits;              // ascending by place
  std::optional<DocumentPlace> next;  // where the next page begins, if there is one

  friend bool operator==(const Page&, const Page&) = default;
};

// Exact, in the memory of `matches_at_once`. Nothing is read of a shard in which a clause does not match. Else the
// positions of all m matches are read and put in order:
// - where a clause is rare, only the matches near one of its are held and sorted;
// - where matches are dense (one for 64 positions and clause), they are marked in bits, O(m + positions), in
//   as many stretches of the shard as the memory needs, for each of which the positions are read again;
// - else they are sorted, O(m log m); where they do not fit into the memory, the positions are read once to count
//   them by place, and once for each share of them.
// Errors: invalid_argument if there is no clause, or more than 256, a clause without a run, or an empty
// run; those of Shard::status().
Result<QueryCount> count(const Model& model, const Query& query, const QueryOptions& options = {});

// The first `limit` (at least 1: CHECK) documents from `from` on that have a window. Pages that follow each
// other by Page::next list every document once, in one order, whatever their limits. Each page reads the
// positions of the query's matches in its shards as a count does, O(m), and puts only as many of them in order
// as it needs.
// Errors: as above.
Result<Page> search(const Model& model, const Query& query, uint32_t limit, DocumentPlace from = {},
                    const QueryOptions& options = {});

}  // namespace tribute::lm
