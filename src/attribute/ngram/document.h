// A live document with its tokens in memory: what attribution by brute force and the auditor work on.
#pragma once

#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "ngram/columns.h"

namespace tribute::ngram {

struct Document {
  EntryIndex entry;  // names the datapoint and gives its order
  EntryIndex contributor;
  Role role = Role::paid;
  Hash256 tokens_sha256;  // decides which documents are exact duplicates
  std::vector<TokenId> tokens;

  friend bool operator==(const Document&, const Document&) = default;
};

}  // namespace tribute::ngram
