#include "bpe/compile.h"

#include <algorithm>
#include <cstring>

#include "bpe/layout.h"
#include "bpe/string_index.h"

namespace tribute::bpe {
namespace {

// Lines for so many slots in use that most searches end in the first one.
uint32_t line_count_for(size_t slots_used, size_t slots_per_line) {
  return static_cast<uint32_t>(slots_used * 3 / (slots_per_line * 2) + 1);
}

template <typename T>
std::span<T> part_of(Block& block, const Part& part) {
  return {reinterpret_cast<T*>(block.data() + part.begin), part.size / sizeof(T)};
}

template <typename T>
void copy_part(Block& block, const Part& part, const T* values) {
  if (part.size > 0) std::memcpy(block.data() + part.begin, values, part.size);
}

void insert_short(std::span<EntryLine> lines, std::string_view bytes, uint32_t id) {
  const auto count = static_cast<uint32_t>(lines.size());
  const ShortKey key = short_key(bytes);
  for (uint32_t at = line_of(hash_of(key), count);; at = next_line(at, count)) {
    for (size_t i = 0; i < EntryLine::kSlots; ++i) {
      if (lines[at].keys[i].high != 0) continue;
      lines[at].keys[i] = key;
      lines[at].ids[i] = id;
      return;
    }
  }
}

void insert_long(std::span<LongSlot> slots, std::string_view bytes, uint32_t id) {
  const auto count = static_cast<uint32_t>(slots.size());
  const uint64_t hash = hash_of_long(bytes);
  uint32_t at = line_of(hash, count);
  while (slots[at].id != kNone) at = next_line(at, count);
  slots[at] = {.tag = static_cast<uint32_t>(hash), .id = id};
}

void insert_merge(std::span<MergeLine> lines, const RankedMerge& ranked) {
  const Merge& merge = ranked.merge;
  const auto count = static_cast<uint32_t>(lines.size());
  for (uint32_t at = merge_home(lines, merge.left, merge.right);; at = next_line(at, count)) {
    for (size_t i = 0; i < MergeLine::kSlots; ++i) {
      if (lines[at].words[i] != 0) continue;
      lines[at].words[i] = MergeLine::word(merge.left, merge.right, merge.result);
      lines[at].ranks[i] = ranked.rank;
      return;
    }
  }
}

void fill_entries(const Entries& entries, std::span<EntryLine> lines, std::span<LongSlot> slots) {
  std::ranges::fill(slots, LongSlot{.tag = 0, .id = kNone});
  for (uint32_t id = 0; id < entries.size(); ++id) {
    if (entries.use(id) != EntryUse::text) continue;
    const std::string_view bytes = entries.bytes(id);
    bytes.size() <= ShortKey::kMaxBytes ? insert_short(lines, bytes, id) : insert_long(slots, bytes, id);
  }
}

void fill_joins(std::span<uint8_t> joins, const Definition& definition, std::span<const RankedMerge> merges) {
  const auto set = [&](uint8_t last, uint8_t first) {
    uint8_t& bits = joins[last * size_t{32} + first / 8];
    bits = static_cast<uint8_t>(bits | 1U << (first % 8));
  };
  for (const auto& [merge, rank] : merges) {
    set(static_cast<uint8_t>(definition.entries.bytes(merge.left).back()),
        static_cast<uint8_t>(definition.entries.bytes(merge.right).front()));
  }
  if (definition.symbols == Symbols::bytes) return;
  // A character is never cut: none begins with a continuation byte.
  for (uint32_t last = 0; last < 256; ++last) {
    for (uint32_t first = 0x80; first < 0xC0; ++first) set(static_cast<uint8_t>(last), static_cast<uint8_t>(first));
  }
}

void fill_byte_ids(std::span<uint32_t> byte_ids, const Definition& definition) {
  // An ASCII character's own entry goes before its byte's.
  for (const EntryUse use : {EntryUse::byte, EntryUse::text}) {
    for (uint32_t id = 0; id < definition.entries.size(); ++id) {
      const std::string_view bytes = definition.entries.bytes(id);
      if (definition.entries.use(id) != use || bytes.size() != 1) continue;
      const auto byte = static_cast<uint8_t>(bytes[0]);
      if (definition.symbols == Symbols::bytes ? use == EntryUse::text : use == EntryUse::byte || byte < 0x80) {
        byte_ids[byte] = id;
      }
    }
  }
}

// (left, right) of every way to cut each text entry into two.
std::vector<RankedMerge> pairs_by_result(const Entries& entries) {
  StringIndex ids(entries.size());
  for (uint32_t id = 0; id < entries.size(); ++id) {
    if (entries.use(id) == EntryUse::text) ids.insert(entries.bytes(id), id);
  }
  std::vector<RankedMerge> merges;
  for (uint32_t id = 0; id < entries.size(); ++id) {
    if (entries.use(id) != EntryUse::text) continue;
    const std::string_view bytes = entries.bytes(id);
    for (size_t cut = 1; cut < bytes.size(); ++cut) {
      const uint32_t left = ids.find(bytes.substr(0, cut));
      const uint32_t right = left == kNone ? kNone : ids.find(bytes.substr(cut));
      if (right != kNone) merges.push_back({.merge = {.left = left, .right = right, .result = id}, .rank = id});
    }
  }
  return merges;
}

ModelHeader header_for(const Definition& definition, size_t merge_count) {
  ModelHeader header{};
  const Entries& entries = definition.entries;
  uint32_t long_count = 0;
  uint32_t short_count = 0;
  for (uint32_t id = 0; id < entries.size(); ++id) {
    if (entries.use(id) != EntryUse::text) continue;
    ++(entries.bytes(id).size() <= ShortKey::kMaxBytes ? short_count : long_count);
  }
  header.entry_count = entries.size();
  header.listed_merge_count = static_cast<uint32_t>(definition.merges.size());
  header.symbols = static_cast<uint8_t>(definition.symbols);
  header.ignore_merges = definition.ignore_merges ? 1 : 0;
  header.order = static_cast<uint8_t>(definition.order);
  header.entry_line_count = line_count_for(short_count, EntryLine::kSlots);
  header.long_slot_count = line_count_for(long_count, 1);
  header.merge_line_count = line_count_for(merge_count, MergeLine::kSlots);
  header.entry_bytes_size = entries.all_bytes().size();
  return header;
}

}  // namespace

std::vector<RankedMerge> ranked_merges(const Definition& definition) {
  if (definition.order == MergeOrder::by_result) return pairs_by_result(definition.entries);
  std::vector<RankedMerge> merges;
  merges.reserve(definition.merges.size());
  for (const Merge& merge : definition.merges) {
    merges.push_back({.merge = merge, .rank = static_cast<uint32_t>(merges.size())});
  }
  return merges;
}

std::shared_ptr<Block> compile(const Definition& definition) {
  const std::vector<RankedMerge> merges = ranked_merges(definition);
  const ModelHeader header = header_for(definition, merges.size());
  const Layout layout = layout_of(header);
  auto block = std::make_shared<Block>(layout.size / kLineBytes);
  std::memcpy(block->data(), &header, sizeof(header));
  copy_part(*block, layout.begins, definition.entries.begins().data());
  copy_part(*block, layout.uses, definition.entries.uses().data());
  copy_part(*block, layout.entry_bytes, definition.entries.all_bytes().data());
  copy_part(*block, layout.merges, definition.merges.data());
  fill_entries(definition.entries, part_of<EntryLine>(*block, layout.entry_lines),
               part_of<LongSlot>(*block, layout.long_slots));
  const std::span<MergeLine> merge_lines = part_of<MergeLine>(*block, layout.merge_lines);
  for (size_t i = 0; i < merges.size(); ++i) {
    if (i + kPrefetchAhead < merges.size()) {
      const Merge& ahead = merges[i + kPrefetchAhead].merge;
      prefetch_merge(merge_lines, ahead.left, ahead.right);
    }
    insert_merge(merge_lines, merges[i]);
  }
  fill_joins(part_of<uint8_t>(*block, layout.joins), definition, merges);
  fill_byte_ids(part_of<uint32_t>(*block, layout.byte_ids), definition);
  return block;
}

void mark_whole(Block& block, const std::vector<bool>& whole) {
  ModelHeader header{};
  std::memcpy(&header, block.data(), sizeof(header));
  const Layout layout = layout_of(header);
  const auto mark = [&](uint32_t& id) {
    if (id != kNone && whole[id]) id |= EntryLine::kWhole;
  };
  for (EntryLine& line : part_of<EntryLine>(block, layout.entry_lines)) {
    for (size_t i = 0; i < EntryLine::kSlots; ++i) {
      if (line.keys[i].high != 0) mark(line.ids[i]);
    }
  }
  for (LongSlot& slot : part_of<LongSlot>(block, layout.long_slots)) mark(slot.id);
}

}  // namespace tribute::bpe
