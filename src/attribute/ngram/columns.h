// The columns of an index: what a segment keeps of every document, and what a manifest says of its
// segments. The file formats are in docs/formats/segment.md and docs/formats/manifest.md.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "record/entry.h"

namespace tribute::ngram {

using Role = record::Role;  // whether a DataNet's datapoints earn, or only tell what is common property

// SHA-256 over the tokens, each as u32 little-endian. Documents with equal hashes make one
// exact-duplicate class.
Hash256 tokens_hash(std::span<const TokenId> tokens);

// A segment's columns, one row per document, in strictly ascending order of `entry`. The order of
// rows is the order of registration, so that "the first holder" is "the lowest row".
struct DocumentRow {
  EntryIndex entry;          // of the contribution: names the datapoint; below 2^63
  EntryIndex contributor;    // of the contributor's registration; below 2^63
  Hash256 tokens_sha256;     // tokens_hash() of the document's tokens
  uint64_t token_begin = 0;  // its tokens are [token_begin, token_begin + token_count) of the segment's;
  uint64_t token_count = 0;  // the next row's begin where these end, the first row's at 0

  friend bool operator==(const DocumentRow&, const DocumentRow&) = default;
};

// Occurrences of one token. Lists of these ascend strictly by token and hold no zero counts.
struct TokenCount {
  TokenId token;
  uint64_t count = 0;

  friend bool operator==(const TokenCount&, const TokenCount&) = default;
};

// What one segment may hold.
inline constexpr uint32_t kMaxVocabularySize = uint32_t{1} << 18;
inline constexpr uint64_t kMaxSegmentTokens = uint64_t{1} << 36;
inline constexpr uint64_t kMaxSegmentDocuments = (uint64_t{1} << 32) - 1;

// A DataNet's index at one moment: the documents of all its segments except the tombstoned ones are
// its live documents. An entry stands in one segment only.
struct Manifest {
  EntryIndex datanet;
  Role role = Role::paid;
  Hash256 tokenizer_sha256;            // that made the tokens
  uint32_t vocabulary_size = 0;        // of that tokenizer; the segments' too
  uint64_t log_size = 0;               // the log's entries below it are covered
  std::vector<Hash256> segments;       // their names, strictly ascending
  std::vector<EntryIndex> tombstones;  // withdrawn documents that still stand in a segment, strictly ascending
  uint64_t live_documents = 0;         // not tombstoned
  uint64_t live_tokens = 0;            // of these
  uint64_t first_member_tokens = 0;    // of the first live document of each exact-duplicate class in this manifest
  std::vector<TokenCount> unigram_correction;  // the segments' unigram counts exceed those over these first
                                               // members by this much

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

}  // namespace tribute::ngram
