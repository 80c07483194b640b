// Documents of a model's shards: by rank, by position, by place, by id.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "lm/model.h"
#include "lm/query.h"
#include "ngram/shard.h"

namespace tribute::lm {

// How much of a document is wanted around a position of it: at most so many tokens before it, and from it
// on. By default all.
struct Around {
  uint64_t before = ~uint64_t{0};
  uint64_t after = ~uint64_t{0};
};

// A part of a document.
struct Excerpt {
  uint32_t shard = 0;
  ngram::ShardDocument document;
  uint64_t begin = 0;           // the place of the first of `tokens` among the document's, from 0
  uint64_t at = 0;              // the place that was asked for: begin ≤ at
  std::vector<TokenId> tokens;  // none if the document is empty
  std::string metadata;         // ngram::Shard::metadata()

  friend bool operator==(const Excerpt&, const Excerpt&) = default;
};

// The document that holds the suffix of a rank, at its first token.
// Errors, here and below: out_of_range if the model has no such shard, rank, position or document;
// not_found if the document is not live; those of Shard::status(). Cost: O(log documents) and the tokens.
Result<Excerpt> document_by_rank(const Model& model, uint32_t shard, uint64_t rank, const Around& around = {});

// The document that has a token at a position of a shard. Errors: out_of_range also where no token is.
Result<Excerpt> document_by_position(const Model& model, uint32_t shard, uint64_t position, const Around& around = {});

// The document of a place, from its token `at` on or around it; `at` may be its end.
Result<Excerpt> document_by_place(const Model& model, DocumentPlace place, uint64_t at = 0, const Around& around = {});

// The document with an id, of the first shard that has it. Errors: not_found also if none has.
Result<Excerpt> document_by_id(const Model& model, uint64_t id, const Around& around = {});

}  // namespace tribute::lm
