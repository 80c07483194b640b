#include "lm/documents.h"

#include <algorithm>
#include <string>

namespace tribute::lm {
namespace {

std::unexpected<Error> no_such(const std::string& what, uint64_t number, uint64_t count) {
  return fail(ErrorCode::out_of_range, "there is no " + what + " " + std::to_string(number) +
                                           ": they are numbered from 0, " + std::to_string(count) + " of them");
}

Result<const ngram::Shard*> shard_of(const Model& model, uint32_t shard) {
  if (shard >= model.shards().size()) return no_such("shard", shard, model.shards().size());
  return model.shards()[shard];
}

Result<Excerpt> excerpt(const ngram::Shard& shard, uint32_t shard_index, const ngram::ShardDocument& document,
                        uint64_t at, const Around& around) {
  TRY(shard.status());
  if (!document.is_live) {
    return fail(ErrorCode::not_found, "document " + std::to_string(document.id) + " is withdrawn");
  }
  Excerpt excerpt{.shard = shard_index,
                  .document = document,
                  .begin = at - std::min(at, around.before),
                  .at = at,
                  .tokens = {},
                  .metadata = shard.metadata(document.index)};
  const uint64_t length = document.end - document.begin;
  const uint64_t end = at + std::min(length - at, around.after);
  if (excerpt.begin < end) excerpt.tokens = shard.tokens(document.begin + excerpt.begin, end - excerpt.begin);
  TRY(shard.status());
  return excerpt;
}

}  // namespace

Result<Excerpt> document_by_rank(const Model& model, uint32_t shard, uint64_t rank, const Around& around) {
  const ngram::Shard& of = *TRY(shard_of(model, shard));
  const ngram::RankRange all = of.suffixes();
  if (rank < all.begin || rank >= all.end) return no_such("rank", rank, all.end);
  uint64_t position = 0;
  of.positions({rank, rank + 1}, {&position, 1});
  return document_by_position(model, shard, position, around);
}

Result<Excerpt> document_by_position(const Model& model, uint32_t shard, uint64_t position, const Around& around) {
  const ngram::Shard& of = *TRY(shard_of(model, shard));
  if (position >= of.position_end()) return no_such("position", position, of.position_end());
  const ngram::ShardDocument document = of.document_at(position);
  TRY(of.status());
  if (position < document.begin || position >= document.end) {
    return fail(ErrorCode::out_of_range, "position " + std::to_string(position) + " is between two documents");
  }
  return excerpt(of, shard, document, position - document.begin, around);
}

Result<Excerpt> document_by_place(const Model& model, DocumentPlace place, uint64_t at, const Around& around) {
  const ngram::Shard& of = *TRY(shard_of(model, place.shard));
  if (place.document >= of.document_count()) return no_such("document", place.document, of.document_count());
  const ngram::ShardDocument document = of.document(place.document);
  TRY(of.status());
  const uint64_t length = document.end - document.begin;
  if (at > length) return no_such("token", at, length);
  return excerpt(of, place.shard, document, at, around);
}

Result<Excerpt> document_by_id(const Model& model, uint64_t id, const Around& around) {
  for (uint32_t i = 0; i < model.shards().size(); ++i) {
    if (const auto index = model.shards()[i]->find_document(id))
      return document_by_place(model, {i, *index}, 0, around);
    TRY(model.shards()[i]->status());
  }
  return fail(ErrorCode::not_found, "no document has the id " + std::to_string(id));
}

}  // namespace tribute::lm
