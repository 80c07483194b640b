#include "ngram/index_classes.h"

#include <bit>
#include <functional>

namespace tribute::ngram {

DuplicateClasses::DuplicateClasses(uint64_t document_count) : slots_(std::bit_ceil(2 * document_count + 1)) {
  known_.reserve(document_count);
  classes_.reserve(document_count);
}

bool DuplicateClasses::add(const DocumentRow& row, DocumentPlace place, size_t manifest, bool is_live) {
  const size_t mask = slots_.size() - 1;
  size_t slot = std::hash<Hash256>{}(row.tokens_sha256) & mask;
  while (slots_[slot] != 0 && known_[slots_[slot] - 1].tokens_sha256 != row.tokens_sha256) slot = (slot + 1) & mask;
  if (slots_[slot] == 0) {
    known_.push_back({row.tokens_sha256, std::numeric_limits<size_t>::max()});
    classes_.push_back({.any = place, .token_count = row.token_count});
    slots_[slot] = static_cast<uint32_t>(classes_.size());
  }
  DuplicateClass& found = classes_[slots_[slot] - 1];
  Known& known = known_[slots_[slot] - 1];
  const bool is_first_in_manifest = known.last_manifest != manifest;
  known.last_manifest = manifest;
  found.manifest_count += is_first_in_manifest ? 1 : 0;
  if (is_live) {
    found.has_live = true;
    if (row.entry < found.first_entry) {
      found.first_entry = row.entry;
      found.first = place;
    }
  }
  return is_first_in_manifest;
}

}  // namespace tribute::ngram
