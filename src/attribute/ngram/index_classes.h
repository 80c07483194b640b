// The exact-duplicate classes of the documents of several manifests.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "ngram/columns.h"

namespace tribute::ngram {

// A document of one of several segments.
struct DocumentPlace {
  uint32_t part = 0;
  DocId document;
};

// The documents with equal tokens_sha256 that some manifest counts as live, and which of them still are.
struct DuplicateClass {
  static constexpr EntryIndex kNone{std::numeric_limits<uint64_t>::max()};

  DocumentPlace any;    // whose tokens are the class's
  DocumentPlace first;  // the first live one, if there is one
  EntryIndex first_entry = kNone;
  uint64_t token_count = 0;     // of each of them
  uint32_t manifest_count = 0;  // manifests that have one
  uint32_t last_manifest = std::numeric_limits<uint32_t>::max();

  bool has_live() const { return first_entry != kNone; }
};

// Collects classes. Not thread-safe. Some 60 bytes per class.
class DuplicateClasses {
 public:
  // `hash_of`: the tokens_sha256 of a document that was added; asked where two documents are most likely equal.
  DuplicateClasses(uint64_t document_count, std::function<Hash256(DocumentPlace)> hash_of);

  // Begins to fetch what add() will read for a document with these tokens, and reads nothing.
  void fetch(const Hash256& tokens_sha256) const;

  // A document that its manifest counts as live; `is_live`: it was not withdrawn since. Manifests are
  // numbered in the order in which their documents are added, all of one before the next. Returns true
  // if it is the first of its class in its manifest. O(1).
  bool add(const DocumentRow& row, DocumentPlace place, uint32_t manifest, bool is_live);

  const std::vector<DuplicateClass>& classes() const { return classes_; }

 private:
  // A part of the hash, so that others are told apart at once, and one more than a class's number, 0: none.
  struct Slot {
    uint32_t tag = 0;
    uint32_t number = 0;
  };

  std::function<Hash256(DocumentPlace)> hash_of_;
  std::vector<Slot> slots_;  // at most half of them in use
  std::vector<DuplicateClass> classes_;
};

}  // namespace tribute::ngram
