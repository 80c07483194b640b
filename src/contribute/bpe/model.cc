#include "bpe/model.h"

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "bpe/compile.h"
#include "bpe/layout.h"
#include "bpe/merger.h"

namespace tribute::bpe {
namespace {

std::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::data_loss, "the compiled encoding is damaged: " + std::string(what));
}

template <typename T>
std::span<const T> part_of(std::string_view bytes, const Part& part) {
  return {reinterpret_cast<const T*>(bytes.data() + part.begin), part.size / sizeof(T)};
}

// Which text entries their own symbols merge into.
std::vector<bool> find_whole(const Model& model) {
  std::vector<bool> whole(model.size());
  Merger merger(model);
  for (uint32_t id = 0; id < model.size(); ++id) {
    if (model.use(id) != EntryUse::text) continue;
    const std::span<const uint32_t> ids = merger.merge(model.entry(id));
    whole[id] = ids.size() == 1 && ids[0] == id;
  }
  return whole;
}

}  // namespace

Result<Model> Model::build(const Definition& definition) {
  TRY(validate(definition));
  const std::shared_ptr<Block> block = compile(definition);
  Result<Model> model = open(block->view(), block);
  CHECK(model.has_value());
  mark_whole(*block, find_whole(*model));
  return model;
}

Result<Model> Model::open(std::string_view bytes, std::shared_ptr<const void> owner) {
  Model model;
  if (reinterpret_cast<uintptr_t>(bytes.data()) % kLineBytes != 0) {
    auto copy = std::make_shared<Block>(padded_to_line(bytes.size()) / kLineBytes);
    std::memcpy(copy->data(), bytes.data(), bytes.size());
    bytes = copy->view().substr(0, bytes.size());
    owner = std::move(copy);
  }
  model.bytes_ = bytes;
  model.owner_ = std::move(owner);
  TRY(model.map_parts());
  if (!model.ids_are_in_range()) return damaged("an id, a rank or a place in it is out of range");
  return model;
}

Result<void> Model::map_parts() {
  if (bytes_.size() < sizeof(ModelHeader)) return damaged("it is cut short");
  ModelHeader header{};
  std::memcpy(&header, bytes_.data(), sizeof(header));
  const bool is_known = header.symbols <= 1 && header.ignore_merges <= 1 && header.order <= 1 && header.zero == 0 &&
                        std::ranges::all_of(header.zeros, [](uint64_t word) { return word == 0; });
  if (!is_known || header.entry_count > kMaxEntries || header.entry_bytes_size > UINT32_MAX ||
      header.entry_line_count == 0 || header.long_slot_count == 0 || header.merge_line_count == 0) {
    return damaged("its header is wrong");
  }
  const Layout layout = layout_of(header);
  if (layout.size != bytes_.size()) return damaged("its size is wrong");
  symbols_ = static_cast<Symbols>(header.symbols);
  ignore_merges_ = header.ignore_merges == 1;
  order_ = static_cast<MergeOrder>(header.order);
  // Ranks are below, and 0 stands in empty slots.
  rank_count_ = std::max(order_ == MergeOrder::listed ? header.listed_merge_count : header.entry_count, uint32_t{1});
  begins_ = part_of<uint32_t>(bytes_, layout.begins);
  uses_ = part_of<uint8_t>(bytes_, layout.uses);
  entry_bytes_ = bytes_.substr(layout.entry_bytes.begin, layout.entry_bytes.size);
  merges_ = part_of<Merge>(bytes_, layout.merges);
  entry_lines_ = part_of<EntryLine>(bytes_, layout.entry_lines);
  long_slots_ = part_of<LongSlot>(bytes_, layout.long_slots);
  merge_lines_ = part_of<MergeLine>(bytes_, layout.merge_lines);
  joins_ = part_of<uint8_t>(bytes_, layout.joins);
  byte_ids_ = part_of<uint32_t>(bytes_, layout.byte_ids);
  return {};
}

// Without branches in the loops, so that they run as fast as the bytes come.
bool Model::ids_are_in_range() const {
  bool is_sound = begins_.front() == 0 && begins_.back() == entry_bytes_.size();
  for (size_t i = 0; i + 1 < begins_.size(); ++i) is_sound &= begins_[i] <= begins_[i + 1];
  for (const uint8_t use : uses_) is_sound &= use <= static_cast<uint8_t>(EntryUse::decode_only);
  const uint32_t count = size();
  for (const uint32_t id : byte_ids_) is_sound &= id < count;
  for (const EntryLine& line : entry_lines_) {
    for (const uint32_t id : line.ids) is_sound &= (id & ~EntryLine::kWhole) < count;
  }
  for (const LongSlot& slot : long_slots_) {
    is_sound &= slot.id == kNone || (slot.id & ~EntryLine::kWhole) < count;
  }
  for (const MergeLine& line : merge_lines_) {
    for (const uint64_t word : line.words) is_sound &= MergeLine::result(word) < count;
    for (const uint32_t rank : line.ranks) is_sound &= rank < rank_count_;
  }
  return is_sound;
}

Result<void> Model::verify() const {
  for (uint32_t id = 0; id < size(); ++id) {
    if (entry(id).empty() != (use(id) == EntryUse::absent)) return damaged("an entry is empty");
  }
  const Result<Model> rebuilt = build(definition());
  if (!rebuilt) return damaged(rebuilt.error().message);
  if (rebuilt->bytes() != bytes()) return damaged("its tables are not those of its entries and merges");
  return {};
}

Definition Model::definition() const {
  Definition definition{.symbols = symbols_, .ignore_merges = ignore_merges_, .order = order_};
  for (uint32_t id = 0; id < size(); ++id) definition.entries.append(entry(id), use(id));
  definition.merges.assign(merges_.begin(), merges_.end());
  return definition;
}

void Model::hash_definition(Sha256& hash) const {
  std::string head;
  for (const uint8_t kind : {static_cast<uint8_t>(symbols_), static_cast<uint8_t>(ignore_merges_ ? 1 : 0),
                             static_cast<uint8_t>(order_), uint8_t{0}}) {
    head.push_back(static_cast<char>(kind));
  }
  append_le32(head, size());
  append_le32(head, listed_merge_count());
  hash.update(head);
  hash.update({reinterpret_cast<const char*>(begins_.data()), begins_.size_bytes()});
  hash.update({reinterpret_cast<const char*>(uses_.data()), uses_.size_bytes()});
  hash.update(entry_bytes_);
  hash.update({reinterpret_cast<const char*>(merges_.data()), merges_.size_bytes()});
}

uint32_t Model::find_long(std::string_view bytes) const {
  const uint64_t hash = hash_of_long(bytes);
  const auto count = static_cast<uint32_t>(long_slots_.size());
  uint32_t at = line_of(hash, count);
  for (uint32_t probe = 0; probe < count; ++probe, at = next_line(at, count)) {
    const LongSlot& slot = long_slots_[at];
    if (slot.id == kNone) return kNone;
    if (slot.tag == static_cast<uint32_t>(hash) && entry(slot.id & ~EntryLine::kWhole) == bytes) return slot.id;
  }
  return kNone;
}

Model::Found Model::find(std::string_view bytes) const {
  if (bytes.empty()) return {};
  uint32_t id = kNone;
  if (bytes.size() <= ShortKey::kMaxBytes) {
    const ShortKey key = short_key(bytes);
    id = find_short(entry_lines_, key, line_of(hash_of(key), static_cast<uint32_t>(entry_lines_.size())));
  } else {
    id = find_long(bytes);
  }
  if (id == kNone) return {};
  return {.id = id & ~EntryLine::kWhole, .whole = (id & EntryLine::kWhole) != 0};
}

}  // namespace tribute::bpe
