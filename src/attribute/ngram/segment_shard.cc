#include "ngram/segment_shard.h"

#include <algorithm>

#include "base/check.h"
#include "ngram/packed_ints.h"
#include "ngram/partition.h"

namespace tribute::ngram {
namespace {

// What follows a run where its document ends; a token is its number and 1.
constexpr uint64_t kEnd = 0;

}  // namespace

SegmentShard::SegmentShard(const Segment& segment, const DocumentSet* dead)
    : segment_(segment),
      dead_(dead),
      search_(segment, dead),
      live_{.documents = segment.document_count(), .tokens = segment.token_count()} {
  if (dead == nullptr) return;
  for (uint32_t i = 0; i < segment.document_count(); ++i) {
    if (!dead->contains(DocId{i})) continue;
    live_.documents -= 1;
    live_.tokens -= segment.row(DocId{i}).token_count;
  }
}

uint32_t SegmentShard::token_at(uint64_t position) const {
  const char* const text = segment_.tokens_at(position, 1);
  return static_cast<uint32_t>(packed_at(text, position, segment_.layout().token_bits()));
}

Continuations SegmentShard::continuations(RankRange range, uint64_t length) const {
  std::vector<uint64_t> found;
  const auto keys_of = [&](std::span<const uint64_t> ranks, std::span<uint64_t> keys) {
    // In two loops, so that what one suffix waits for does not hold up the next.
    found.resize(ranks.size());
    for (size_t i = 0; i < ranks.size(); ++i) found[i] = segment_.position_of(ranks[i]);
    for (size_t i = 0; i < ranks.size(); ++i) {
      const uint64_t end = segment_.end_of(segment_.document_at(found[i]));
      const bool has_next = found[i] < end && length < end - found[i];
      keys[i] = has_next ? token_at(found[i] + length) + uint64_t{1} : kEnd;
    }
  };
  Continuations continuations;
  for (const auto& [key, part] : partition(range, keys_of)) {
    const uint64_t live = count(part);
    if (key == kEnd) {
      continuations.end_count += live;
    } else if (live > 0) {
      continuations.tokens.push_back({TokenId{static_cast<uint32_t>(key - 1)}, live});
    }
  }
  tidy(continuations);
  return continuations;
}

void SegmentShard::positions(RankRange range, std::span<uint64_t> positions) const {
  CHECK(positions.size() == range.size());
  for (uint64_t i = 0; i < positions.size(); ++i) positions[i] = segment_.position_of(range.begin + i);
}

ShardDocument SegmentShard::document(uint64_t index) const {
  CHECK(index < document_count());
  const DocId name{static_cast<uint32_t>(index)};
  const DocumentRow row = segment_.row(name);
  return {.index = index,
          .id = row.entry.value(),
          .begin = row.token_begin,
          .end = row.token_begin + row.token_count,
          .is_live = dead_ == nullptr || !dead_->contains(name)};
}

ShardDocument SegmentShard::document_at(uint64_t position) const {
  CHECK(position < position_end());
  return document(segment_.document_at(position).value());
}

std::optional<uint64_t> SegmentShard::find_document(uint64_t id) const {
  const auto found = segment_.find(EntryIndex{id});
  return found ? std::optional<uint64_t>(found->value()) : std::nullopt;
}

std::vector<TokenId> SegmentShard::tokens(uint64_t position, uint64_t count) const {
  std::vector<TokenId> tokens;
  const uint64_t document_end = document_at(position).end;
  if (position >= document_end) return tokens;
  const uint64_t end = position + std::min(count, document_end - position);
  tokens.reserve(end - position);
  for (uint64_t at = position; at < end; ++at) tokens.emplace_back(token_at(at));
  return tokens;
}

}  // namespace tribute::ngram
