#include "ngram/segment_shard.h"

#include <algorithm>
#include <limits>

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

uint64_t SegmentShard::symbol_at(uint64_t position) const {
  return packed_at(segment_.text_at(position, 1), position, segment_.layout().symbol_bits());
}

std::vector<RankRange> SegmentShard::find(std::span<const std::span<const TokenId>> runs) const {
  if (runs.size() == 1) {
    CHECK(!runs[0].empty());
    return {search_.find(runs[0])};
  }
  // The search takes the runs of one text.
  std::vector<TokenId> text;
  std::vector<Run> places;
  places.reserve(runs.size());
  for (const auto run : runs) {
    CHECK(!run.empty());
    const auto begin = static_cast<uint32_t>(text.size());
    text.insert(text.end(), run.begin(), run.end());
    CHECK(text.size() < std::numeric_limits<uint32_t>::max());
    places.push_back({begin, static_cast<uint32_t>(text.size())});
  }
  return search_.find(text, places);
}

bool SegmentShard::has_live(RankRange range) const {
  return dead_ == nullptr ? !range.is_empty() : search_.first_position(range).has_value();
}

uint32_t SegmentShard::shared_before(uint64_t end, std::span<const TokenId> text, uint32_t length) const {
  const auto most = static_cast<uint32_t>(std::min<uint64_t>(text.size(), end));
  if (length >= most) return length;
  const uint32_t bits = segment_.layout().symbol_bits();
  const char* const symbols = segment_.text_at(end - most, most - length);
  // The symbol of a document's end is no token's.
  while (length < most &&
         packed_at(symbols, end - length - 1, bits) == uint64_t{text[text.size() - length - 1].value()} + 1) {
    ++length;
  }
  return length;
}

std::vector<Tail> SegmentShard::tails(RankRange range, std::span<const TokenId> text, uint32_t length) const {
  std::vector<Tail> tails;
  tails.reserve(range.size());
  search_.for_each_positions(range, [&](std::span<const uint64_t> positions) {
    for (const uint64_t position : positions) {
      segment_.fetch_text(position - std::min<uint64_t>(position, 1));
      segment_.fetch_text(std::min(position + length, position_end() - 1));
    }
    for (const uint64_t position : positions) {
      if (dead_ != nullptr && dead_->contains(segment_.document_at(position))) continue;
      const uint64_t end = std::min(position + length, position_end());
      const uint64_t symbol = end < position_end() ? symbol_at(end) : kEnd;
      Tail& tail = tails.emplace_back();
      tail.length = shared_before(end, text, length);
      if (symbol != kEnd) tail.next = TokenId{static_cast<uint32_t>(symbol - 1)};
    }
    return true;
  });
  return tails;
}

// In loops of their own, so that what one suffix waits for does not hold up the next. `keys` holds their positions
// meanwhile.
void SegmentShard::read_keys(std::span<const uint64_t> ranks, uint64_t length, std::span<uint64_t> keys) const {
  segment_.positions_of(ranks, keys);
  for (uint64_t& key : keys) segment_.fetch_text(key += length);
  for (uint64_t& key : keys) key = key < position_end() ? symbol_at(key) : kEnd;
}

Continuations SegmentShard::continuations(RankRange range, uint64_t length) const {
  const auto keys_of = [&](std::span<const uint64_t> ranks, std::span<uint64_t> keys) {
    read_keys(ranks, length, keys);
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
          .begin = segment_.text_begin(name),
          .end = segment_.text_begin(name) + row.token_count,
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
  for (uint64_t at = position; at < end; ++at) tokens.emplace_back(static_cast<uint32_t>(symbol_at(at) - 1));
  return tokens;
}

}  // namespace tribute::ngram
