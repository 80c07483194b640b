// SpanSource: what attribution asks of an index. A local manifest is one; a remote shard may be another.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/ids.h"

namespace tribute::ngram {

// Tokens [begin, end) of the text that is asked about; begin < end.
struct Run {
  uint32_t begin = 0;
  uint32_t end = 0;

  uint32_t length() const { return end - begin; }
  friend auto operator<=>(const Run&, const Run&) = default;
};

// A datapoint and who contributed it.
struct Holder {
  EntryIndex datapoint;
  EntryIndex contributor;

  friend auto operator<=>(const Holder&, const Holder&) = default;
};

// What there is to match against. "First members": of each class of live datapoints with equal
// tokens, the one with the lowest entry index.
struct CorpusFacts {
  uint64_t token_count = 0;        // N: tokens of the first members, guards included
  uint64_t contributor_count = 0;  // distinct contributors of paid first members
};

// What is counted of a run. An index knows the occurrences of a run by its range of suffixes, but must
// read each of them for its datapoints, and a common passage has very many.
enum class Counted : uint8_t { nothing, occurrences, occurrences_and_datapoints };

// How often a run stands in one contributor's datapoints.
struct ContributorCount {
  EntryIndex contributor;
  uint64_t occurrences = 0;

  friend bool operator==(const ContributorCount&, const ContributorCount&) = default;
};

// How much to find out about each run; more costs more.
struct RunQuestion {
  std::optional<uint32_t> contributor_limit;              // whether more contributors than this contribute it
  uint32_t datapoint_limit = 0;                           // list this many datapoints, in order
  Counted counted = Counted::occurrences_and_datapoints;  // the other counts stay 0
  bool holders = true;                                    // else in_guard, first and first_paid stay unset
  bool holders_beyond_limit = true;                       // else they do where the limit is exceeded
  bool histogram = false;                                 // else `histogram` stays empty; reads each occurrence
};

// The exact answer about one run. Only live datapoints count, and a run never crosses a document's edge.
struct RunFacts {
  uint64_t occurrence_count = 0;            // overlapping ones too, duplicates and guards included
  uint64_t datapoint_count = 0;             // datapoints that contain it, duplicates and guards included
  bool in_guard = false;                    // some guard's datapoint contains it
  std::optional<Holder> first;              // the first datapoint in order that contains it, guards included
  std::optional<Holder> first_paid;         // the first paid datapoint in order that contains it
  bool exceeds_contributor_limit = false;   // the paid first members that contain it have more contributors
  std::vector<ContributorCount> histogram;  // ascending, none of 0: the occurrences by contributor
  std::vector<EntryIndex> datapoints;       // the first datapoint_limit that contain it, ascending, guards included

  friend bool operator==(const RunFacts&, const RunFacts&) = default;
};

// Whether the question wants to know who holds a run of these facts, once it is known whether the limit is exceeded.
inline bool asks_for_holders(const RunQuestion& question, const RunFacts& facts) {
  return question.holders && (question.holders_beyond_limit || !facts.exceeds_contributor_limit);
}

// The questions about one text, which may grow at its end. What one of them has found makes the next cheaper: a run
// that begins where a longest match was looked for is not looked for again. Not thread-safe; the source that began it
// must outlive it. Answers and errors are those of the source.
class TextQuery {
 public:
  virtual ~TextQuery() = default;

  // The text must stay below 2^32 - 1 tokens (CHECK).
  virtual void append(std::span<const TokenId> tokens) = 0;

  // Per position of the text so far, as SpanSource::longest_matches().
  virtual Result<std::vector<uint32_t>> longest_matches() = 0;

  // The same of the positions, from the first on, that nothing appended can change: those whose matches end before the
  // text does. Asked after each token, all of this costs what one longest_matches() of the whole does, within a
  // small factor. Valid until the next call of anything.
  virtual Result<std::span<const uint32_t>> final_matches() = 0;

  // Per run of the text so far, as SpanSource::find().
  virtual Result<std::vector<RunFacts>> find(std::span<const Run> runs, const RunQuestion& question) = 0;
};

// A fixed set of live datapoints, in the order of their entry indexes, that can be searched for
// exact runs of tokens. Immutable; thread-safe. Answers are exact: no sampling, no caps but the
// caller's own limits. Questions come in batches so that a source can overlap their waiting.
// Errors: data_loss where the index is found corrupt; unavailable where a source cannot be reached.
class SpanSource {
 public:
  virtual ~SpanSource() = default;

  virtual CorpusFacts facts() const = 0;

  // Occurrences of each token over the first members; 0 for a token that does not occur.
  virtual Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const = 0;

  // Per position i of `text`: the largest L such that text[i, i + L) stands inside one live datapoint.
  virtual Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const = 0;

  // Per run of `text`, in the order of `runs`.
  virtual Result<std::vector<RunFacts>> find(std::span<const TokenId> text, std::span<const Run> runs,
                                             const RunQuestion& question) const = 0;

  // Begins a query of a text; of none, to append to. A source that can keep nothing from one question for the next
  // leaves this one, which asks it anew each time.
  virtual std::unique_ptr<TextQuery> query(std::span<const TokenId> text) const;
};

}  // namespace tribute::ngram
