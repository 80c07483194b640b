#include "ngram/index_classes.h"

#include <bit>
#include <utility>

namespace tribute::ngram {

DuplicateClasses::DuplicateClasses(uint64_t document_count, std::function<Hash256(DocumentPlace)> hash_of)
    : hash_of_(std::move(hash_of)), slots_(std::bit_ceil(2 * document_count + 1)) {
  classes_.reserve(document_count);
}

void DuplicateClasses::fetch(const Hash256& tokens_sha256) const {
  __builtin_prefetch(&slots_[std::hash<Hash256>{}(tokens_sha256) & (slots_.size() - 1)]);
}

bool DuplicateClasses::add(const DocumentRow& row, DocumentPlace place, uint32_t manifest, bool is_live) {
  const size_t mask = slots_.size() - 1;
  const uint64_t hash = std::hash<Hash256>{}(row.tokens_sha256);
  const auto tag = static_cast<uint32_t>(hash >> 32);
  const auto is_of_row = [&](const Slot& slot) {
    return slot.tag == tag && hash_of_(classes_[slot.number - 1].any) == row.tokens_sha256;
  };
  size_t at = hash & mask;
  while (slots_[at].number != 0 && !is_of_row(slots_[at])) at = (at + 1) & mask;
  if (slots_[at].number == 0) {
    classes_.push_back({.any = place, .token_count = row.token_count});
    slots_[at] = {.tag = tag, .number = static_cast<uint32_t>(classes_.size())};
  }
  DuplicateClass& found = classes_[slots_[at].number - 1];
  const bool is_first_in_manifest = std::exchange(found.last_manifest, manifest) != manifest;
  found.manifest_count += is_first_in_manifest ? 1 : 0;
  if (is_live && row.entry < found.first_entry) {
    found.first_entry = row.entry;
    found.first = place;
  }
  return is_first_in_manifest;
}

}  // namespace tribute::ngram
