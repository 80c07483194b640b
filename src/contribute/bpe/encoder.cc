#include "bpe/encoder.h"

#include <bit>
#include <cstring>
#include <string>

namespace tribute::bpe {
namespace {

// Pairs of lines in the cache: the piece that came last, and the one before it.
constexpr size_t kRememberedPairs = size_t{1} << 15;
// Pieces from here on are cut first: shorter ones are merged as soon as looked through.
constexpr size_t kLongBytes = 64;

}  // namespace

Encoder::Encoder(const Model& model)
    : model_(model),
      merger_(model),
      added_(model.ignore_merges() ? EntryLine::kWhole : 0),
      cache_(kRememberedPairs * 2) {}

Result<void> Encoder::encode_batch(std::string_view text, std::span<const Slice> pieces, std::vector<TokenId>& tokens) {
  const std::span<const EntryLine> lines = model_.entry_lines();
  const auto line_count = static_cast<uint32_t>(lines.size());
  std::array<ShortKey, kBatch> keys;
  std::array<uint32_t, kBatch> at;
  // All keys first, so that the lines that are not in the caches come while others are waited for.
  for (size_t i = 0; i < pieces.size(); ++i) {
    const auto [begin, end] = pieces[i];
    const size_t size = end - begin;
    if (size > ShortKey::kMaxBytes) {
      keys[i] = {};
      continue;
    }
    keys[i] = begin + size_t{16} <= text.size() ? wide_short_key(text.data() + begin, size)
                                                : short_key(text.substr(begin, size));
    at[i] = line_of(hash_of(keys[i]), line_count);
    __builtin_prefetch(&lines[at[i]]);
  }
  std::array<uint32_t, kBatch> ids;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view piece = text.substr(pieces[i].begin, pieces[i].end - pieces[i].begin);
    const uint32_t id = keys[i].high != 0 ? find_short(lines, keys[i], at[i]) : model_.find_long(piece);
    ids[i] = id != kNone && ((id | added_) & EntryLine::kWhole) != 0 ? id & ~EntryLine::kWhole : kNone;
    // Likewise what is remembered of the others.
    if (ids[i] == kNone && piece.size() <= Remembered::kMaxBytes) __builtin_prefetch(remembered_for(key_of(piece)));
  }
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (ids[i] != kNone) [[likely]] {
      tokens.emplace_back(ids[i]);
    } else {
      TRY(encode_other(text.substr(pieces[i].begin, pieces[i].end - pieces[i].begin), tokens));
    }
  }
  return {};
}

Encoder::Key Encoder::key_of(std::string_view piece) {
  Key key;
  std::memcpy(key.words.data(), piece.data(), piece.size());
  key.words[3] |= uint64_t{piece.size()} << 56;
  return key;
}

Encoder::Remembered* Encoder::remembered_for(const Key& key) {
  const uint64_t hash = mix(key.words[0] ^ 0x9E37'79B9'7F4A'7C15, key.words[1] ^ 0xD1B5'4A32'D192'ED03) ^
                        mix(key.words[2] ^ 0xA076'1D64'78BD'642F, key.words[3] ^ 0xE703'7ED1'A0B4'28DB);
  return &cache_[hash % kRememberedPairs * 2];
}

Result<void> Encoder::encode_other(std::string_view piece, std::vector<TokenId>& tokens) {
  if (piece.size() >= kLongBytes) return encode_in_cuts(piece, tokens);
  if (piece.size() > Remembered::kMaxBytes) return merge(piece, tokens);
  const Key key = key_of(piece);
  Remembered* const pair = remembered_for(key);
  for (const Remembered* remembered : {pair, pair + 1}) {
    if (!remembered->key.equals(key)) continue;
    for (size_t i = 0; i < remembered->count; ++i) tokens.push_back(remembered->tokens[i]);
    return {};
  }
  const size_t before = tokens.size();
  TRY(merge(piece, tokens));
  const size_t count = tokens.size() - before;
  if (count > Remembered::kMaxTokens) return {};
  pair[1] = pair[0];
  pair[0].key = key;
  pair[0].count = static_cast<uint32_t>(count);
  std::copy(tokens.begin() + static_cast<std::ptrdiff_t>(before), tokens.end(), pair[0].tokens.begin());
  return {};
}

Result<void> Encoder::encode_in_cuts(std::string_view piece, std::vector<TokenId>& tokens) {
  size_t begin = 0;
  for (size_t i = 1; i <= piece.size(); ++i) {
    if (i < piece.size() && model_.may_join(static_cast<uint8_t>(piece[i - 1]), static_cast<uint8_t>(piece[i]))) {
      continue;
    }
    const std::string_view part = piece.substr(begin, i - begin);
    begin = i;
    // A part is no piece of its own to `ignore_merges`: only an entry that it merges into stands for it.
    if (const Model::Found found = model_.find(part); found.whole) {
      tokens.emplace_back(found.id);
    } else if (part.size() < kLongBytes) {
      TRY(encode_other(part, tokens));
    } else {
      TRY(merge(part, tokens));
    }
  }
  return {};
}

Result<void> Encoder::merge(std::string_view piece, std::vector<TokenId>& tokens) {
  if (piece.size() > kMaxPieceBytes) {
    return fail(ErrorCode::resource_exhausted, "the text has a stretch of " + std::to_string(piece.size()) +
                                                   " bytes that the tokenizer can cut nowhere; the limit is " +
                                                   std::to_string(kMaxPieceBytes));
  }
  for (const uint32_t id : merger_.merge(piece)) tokens.emplace_back(id);
  return {};
}

}  // namespace tribute::bpe
