// Shard: one sorted text, whoever's format it has. What a language model of several of them asks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "ngram/columns.h"
#include "ngram/search.h"

namespace tribute::ngram {

// A document of a shard.
struct ShardDocument {
  uint64_t index = 0;  // its place among the shard's documents, which stand in the order of their positions
  uint64_t id = 0;     // what the shard's owner knows it by: opaque
  uint64_t begin = 0;  // its tokens have the positions [begin, end)
  uint64_t end = 0;
  bool is_live = true;

  friend bool operator==(const ShardDocument&, const ShardDocument&) = default;
};

// The live documents of a shard, and their tokens.
struct LiveCounts {
  uint64_t documents = 0;
  uint64_t tokens = 0;

  friend bool operator==(const LiveCounts&, const LiveCounts&) = default;
};

// What follows the live occurrences of a run: the counts and `end_count` sum to the occurrences.
struct Continuations {
  std::vector<TokenCount> tokens;
  uint64_t end_count = 0;  // of occurrences that end their document

  friend bool operator==(const Continuations&, const Continuations&) = default;
};

// Where the end of a text stands: how many of the text's last tokens do, and what follows.
struct Tail {
  uint32_t length = 0;
  std::optional<TokenId> next;  // nullopt: the document ends

  friend bool operator==(const Tail&, const Tail&) = default;
};

// Documents of tokens and the order of their suffixes, of which some documents may be dead: they stand in
// the order and do not count. A document's tokens have consecutive positions, documents ascend by
// position, and there may be positions between two documents that are no token's. A rank is a suffix's
// place in the order; the suffixes that begin with a run of tokens are one range of ranks. In which order
// tokens stand is the shard's own affair. A run never crosses a document's edge.
//
// Immutable; thread-safe. To read is not to fail: where the files are damaged, answers are wrong, never
// out of their types' ranges, and status() says so afterwards, so whoever is about to believe an answer
// asks it. Ranks, positions, indexes and ranges that are given must be of this shard (they are not all
// checked).
class Shard {
 public:
  virtual ~Shard() = default;

  // Every token of the shard is below it.
  virtual uint32_t vocabulary_size() const = 0;
  // Dead ones too.
  virtual uint64_t document_count() const = 0;
  virtual LiveCounts live() const = 0;
  // Every position is below it; may be 0 if there is no token.
  virtual uint64_t position_end() const = 0;
  // All suffixes that begin with a token.
  virtual RankRange suffixes() const = 0;

  // Per run, none of which is empty: the suffixes, dead ones too, that begin with it. Empty for a run with
  // a token that the shard cannot hold. O(log suffixes) reads each, whose waiting overlaps.
  virtual std::vector<RankRange> find(std::span<const std::span<const TokenId>> runs) const = 0;

  // Per position of `text`: the largest L such that the L tokens from there stand in a live document. A
  // search each, whose waiting overlaps. The text must be below 2^32 - 1 tokens (CHECK).
  virtual std::vector<uint32_t> longest_matches(std::span<const TokenId> text) const = 0;

  // The live suffixes of the range. O(1) where nothing is dead, else a look-up per suffix.
  virtual uint64_t count(RankRange range) const = 0;
  // Whether there is one. O(1) where nothing is dead.
  virtual bool has_live(RankRange range) const = 0;

  // Per live suffix of the range, by rank, which all begin with the last `length` tokens of `text`: how many more stand
  // before these, and what follows. Three reads for each, whose waiting overlaps, and for what more stands there.
  virtual std::vector<Tail> tails(RankRange range, std::span<const TokenId> text, uint32_t length) const = 0;

  // What follows the first `length` tokens of the range's suffixes, which are equal in these; of
  // suffixes() with length 0 their first tokens. Tokens ascend strictly, counts are at least 1.
  // O(distinct tokens · log suffixes) reads, never more than the range has suffixes, and count() of the
  // parts.
  virtual Continuations continuations(RankRange range, uint64_t length) const = 0;

  // The positions of the range's suffixes by rank, dead ones too; `positions` has the range's size.
  virtual void positions(RankRange range, std::span<uint64_t> positions) const = 0;

  // `index` must be below document_count() (CHECK).
  virtual ShardDocument document(uint64_t index) const = 0;
  // The document with the token at `position`, or where no token is one beside it, whose [begin, end) does
  // not have the position. The position must be below position_end() (CHECK). O(log documents).
  virtual ShardDocument document_at(uint64_t position) const = 0;
  // The index of the document with an id, or nullopt. O(log documents).
  virtual std::optional<uint64_t> find_document(uint64_t id) const = 0;
  // The tokens from `position` on to the end of its document, at most `count`.
  virtual std::vector<TokenId> tokens(uint64_t position, uint64_t count) const = 0;
  // What the shard's files say of a document besides: empty if they say nothing.
  virtual std::string metadata(uint64_t index) const = 0;

  // Errors: data_loss naming the file if anything that was read so far is damaged.
  virtual Result<void> status() const = 0;
};

}  // namespace tribute::ngram
