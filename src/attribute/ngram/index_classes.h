// The exact-duplicate classes of the documents of several manifests.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "ngram/columns.h"

namespace tribute::ngram {

// A document of one of several segments.
struct DocumentPlace {
  size_t part = 0;
  DocId document;
};

// The documents with equal tokens_sha256 that some manifest counts as live, and which of them still are.
struct DuplicateClass {
  DocumentPlace any;            // whose tokens are the class's
  uint64_t token_count = 0;     // of each of them
  uint32_t manifest_count = 0;  // manifests that have one
  bool has_live = false;
  EntryIndex first_entry{std::numeric_limits<uint64_t>::max()};  // of the first live one
  DocumentPlace first;
};

// Collects classes. Not thread-safe. Some 100 bytes per class.
class DuplicateClasses {
 public:
  explicit DuplicateClasses(uint64_t document_count);

  // A document that its manifest counts as live; `is_live`: it was not withdrawn since. Manifests are
  // numbered in the order in which their documents are added, all of one before the next. Returns true
  // if it is the first of its class in its manifest. O(1).
  bool add(const DocumentRow& row, DocumentPlace place, size_t manifest, bool is_live);

  const std::vector<DuplicateClass>& classes() const { return classes_; }

 private:
  struct Known {
    Hash256 tokens_sha256;
    size_t last_manifest;
  };

  std::vector<uint32_t> slots_;  // one more than a class's number, 0: none; at most half of them in use
  std::vector<Known> known_;     // per class
  std::vector<DuplicateClass> classes_;
};

}  // namespace tribute::ngram
