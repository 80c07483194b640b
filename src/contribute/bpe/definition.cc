#include "bpe/definition.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "bpe/string_index.h"

namespace tribute::bpe {
namespace {

std::string entry_name(const Entries& entries, uint32_t id) {
  return "entry " + std::to_string(id) + " ('" + to_printable_utf8(entries.bytes(id)) + "')";
}

Result<void> check_entries(const Definition& definition) {
  const Entries& entries = definition.entries;
  if (entries.size() > kMaxEntries) {
    return fail(ErrorCode::invalid_argument, "the vocabulary has " + std::to_string(entries.size()) +
                                                 " entries, more than " + std::to_string(kMaxEntries));
  }
  StringIndex texts(entries.size());
  std::array<bool, 256> has_byte{};
  const EntryUse symbol_use = definition.symbols == Symbols::bytes ? EntryUse::text : EntryUse::byte;
  for (uint32_t id = 0; id < entries.size(); ++id) {
    if (id + kPrefetchAhead < entries.size()) texts.prefetch(entries.bytes(id + kPrefetchAhead));
    const std::string_view bytes = entries.bytes(id);
    const EntryUse use = entries.use(id);
    if (use == EntryUse::text && texts.insert(bytes, id) != kNone) {
      return fail(ErrorCode::invalid_argument, entry_name(entries, id) + " is there twice");
    }
    if (use == EntryUse::byte && bytes.size() != 1) {
      return fail(ErrorCode::invalid_argument, entry_name(entries, id) + " is no single byte");
    }
    if (use == symbol_use && bytes.size() == 1) {
      bool& seen = has_byte[static_cast<uint8_t>(bytes[0])];
      if (seen) return fail(ErrorCode::invalid_argument, entry_name(entries, id) + " is there twice");
      seen = true;
    }
  }
  const auto* missing = std::ranges::find(has_byte, false);
  if (missing == has_byte.end()) return {};
  const char byte = static_cast<char>(static_cast<uint8_t>(missing - has_byte.begin()));
  return fail(ErrorCode::invalid_argument, "the vocabulary has no entry for the byte 0x" + to_hex({&byte, 1}) +
                                               "; without it some texts could not be given back");
}

Result<void> check_merge(const Entries& entries, const Merge& merge, size_t rank) {
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorCode::invalid_argument, "merge " + std::to_string(rank) + " " + what);
  };
  for (const uint32_t part : {merge.left, merge.right, merge.result}) {
    if (part >= entries.size()) return wrong("names the entry " + std::to_string(part) + ", which is not there");
    const bool may_be_byte = part != merge.result || entries.use(part) == EntryUse::text;
    if ((entries.use(part) != EntryUse::text && entries.use(part) != EntryUse::byte) || !may_be_byte) {
      return wrong("names " + entry_name(entries, part) + ", which no piece is made of");
    }
  }
  const std::string_view left = entries.bytes(merge.left);
  const std::string_view right = entries.bytes(merge.right);
  const std::string_view result = entries.bytes(merge.result);
  if (result.size() == left.size() + right.size() && result.starts_with(left) && result.ends_with(right)) return {};
  return wrong("does not join " + entry_name(entries, merge.left) + " and " + entry_name(entries, merge.right));
}

}  // namespace

void Entries::append(std::string_view bytes, EntryUse use) {
  CHECK(bytes.empty() == (use == EntryUse::absent));
  CHECK(bytes.size() <= UINT32_MAX - bytes_.size());
  bytes_ += bytes;
  begins_.push_back(static_cast<uint32_t>(bytes_.size()));
  uses_.push_back(use);
}

Result<void> validate(const Definition& definition) {
  TRY(check_entries(definition));
  if (definition.order == MergeOrder::by_result) {
    if (definition.merges.empty() && definition.symbols == Symbols::bytes) return {};
    return fail(ErrorCode::invalid_argument, "an encoding that merges by result lists no merges and begins with bytes");
  }
  std::vector<std::pair<uint64_t, size_t>> pairs;  // with the rank
  pairs.reserve(definition.merges.size());
  for (size_t rank = 0; rank < definition.merges.size(); ++rank) {
    const Merge& merge = definition.merges[rank];
    TRY(check_merge(definition.entries, merge, rank));
    pairs.emplace_back(pair_key(merge.left, merge.right), rank);
  }
  std::ranges::sort(pairs);
  const auto twice = std::ranges::adjacent_find(pairs, {}, [](const auto& pair) { return pair.first; });
  if (twice != pairs.end()) {
    return fail(ErrorCode::invalid_argument, "merge " + std::to_string(std::next(twice)->second) + " is there twice");
  }
  return {};
}

}  // namespace tribute::bpe
