#include "bpe/naive.h"

#include "base/bytes.h"

namespace tribute::bpe {

NaiveEncoder::NaiveEncoder(const Definition& definition) : definition_(definition) {
  for (uint32_t id = 0; id < definition.entries.size(); ++id) {
    const std::string_view bytes = definition.entries.bytes(id);
    if (definition.entries.use(id) == EntryUse::text) texts_[std::string(bytes)] = id;
    if (definition.entries.use(id) == EntryUse::byte) bytes_[static_cast<uint8_t>(bytes[0])] = id;
  }
  for (size_t rank = 0; rank < definition.merges.size(); ++rank) {
    const Merge& merge = definition.merges[rank];
    listed_[{merge.left, merge.right}] = {.rank = rank, .result = merge.result};
  }
}

std::vector<uint32_t> NaiveEncoder::encode(std::string_view piece) const {
  if (const auto whole = texts_.find(piece); definition_.ignore_merges && whole != texts_.end()) {
    return {whole->second};
  }
  std::vector<uint32_t> parts = symbols_of(piece);
  while (true) {
    Found best;
    size_t at = 0;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      const Found found = find(parts[i], parts[i + 1]);
      if (found.rank < best.rank) {
        best = found;
        at = i;
      }
    }
    if (best.rank == UINT64_MAX) return parts;
    parts[at] = best.result;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

NaiveEncoder::Found NaiveEncoder::find(uint32_t left, uint32_t right) const {
  if (definition_.order == MergeOrder::listed) {
    const auto found = listed_.find({left, right});
    return found == listed_.end() ? Found{} : found->second;
  }
  const std::string both = std::string(definition_.entries.bytes(left)) += definition_.entries.bytes(right);
  const auto found = texts_.find(both);
  return found == texts_.end() ? Found{} : Found{.rank = found->second, .result = found->second};
}

std::vector<uint32_t> NaiveEncoder::symbols_of(std::string_view piece) const {
  std::vector<uint32_t> symbols;
  while (!piece.empty()) {
    size_t size = 1;
    if (definition_.symbols == Symbols::characters) {
      // The one length at which a well-formed character of several bytes ends, if there is one.
      for (const size_t length : {2U, 3U, 4U}) {
        if (length <= piece.size() && static_cast<uint8_t>(piece[0]) >= 0xC0 &&
            is_valid_utf8(piece.substr(0, length))) {
          size = length;
          break;
        }
      }
    }
    const std::string_view symbol = piece.substr(0, size);
    const auto text = texts_.find(symbol);
    const bool is_text = definition_.symbols == Symbols::bytes || is_valid_utf8(symbol);
    if (text != texts_.end() && is_text) {
      symbols.push_back(text->second);
    } else {
      for (const char byte : symbol) symbols.push_back(bytes_.at(static_cast<uint8_t>(byte)));
    }
    piece.remove_prefix(size);
  }
  return symbols;
}

}  // namespace tribute::bpe
