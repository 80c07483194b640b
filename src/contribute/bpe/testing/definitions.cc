#include "bpe/testing/definitions.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace tribute::bpe::testing {
namespace {

// The same definition with its ids renamed at random.
Definition shuffled(Random& random, const Definition& original) {
  std::vector<uint32_t> old_ids(original.entries.size());
  std::iota(old_ids.begin(), old_ids.end(), 0);
  std::ranges::shuffle(old_ids, random);
  std::vector<uint32_t> new_ids(old_ids.size());
  Definition result{.symbols = original.symbols, .ignore_merges = original.ignore_merges, .order = original.order};
  for (const uint32_t id : old_ids) {
    new_ids[id] = result.entries.size();
    result.entries.append(original.entries.bytes(id), original.entries.use(id));
  }
  for (const Merge& merge : original.merges) {
    result.merges.push_back({new_ids[merge.left], new_ids[merge.right], new_ids[merge.result]});
  }
  return result;
}

}  // namespace

Definition byte_definition(Symbols symbols) {
  Definition definition{.symbols = symbols};
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(1, static_cast<char>(static_cast<uint8_t>(byte)));
    definition.entries.append(bytes, symbols == Symbols::bytes ? EntryUse::text : EntryUse::byte);
  }
  return definition;
}

Definition random_listed(Random& random, std::vector<std::string> letters, size_t merge_count, Symbols symbols) {
  Definition definition = byte_definition(symbols);
  std::map<std::string, uint32_t> ids;
  std::vector<uint32_t> parts;
  const auto add = [&](const std::string& bytes) {
    const auto [at, is_new] = ids.emplace(bytes, definition.entries.size());
    if (is_new) definition.entries.append(bytes, EntryUse::text);
    return at->second;
  };
  for (const std::string& letter : letters) {
    if (symbols == Symbols::bytes) {
      ids.emplace(letter, static_cast<uint8_t>(letter[0]));
      parts.push_back(static_cast<uint8_t>(letter[0]));
    } else if (random() % 4 != 0) {
      parts.push_back(add(letter));
    } else {  // a character without an entry: its bytes' entries may merge too
      for (const char byte : letter) parts.push_back(static_cast<uint8_t>(byte));
    }
  }
  std::set<std::pair<uint32_t, uint32_t>> pairs;
  for (size_t i = 0; i < merge_count; ++i) {
    const uint32_t left = parts[below(random, parts.size())];
    const uint32_t right = parts[below(random, parts.size())];
    const std::string both = std::string(definition.entries.bytes(left)) += definition.entries.bytes(right);
    if (both.size() > 40 || !pairs.emplace(left, right).second) continue;
    const uint32_t result = add(both);
    definition.merges.push_back({.left = left, .right = right, .result = result});
    parts.push_back(result);
  }
  if (random() % 2 == 0) std::ranges::shuffle(definition.merges, random);
  definition.ignore_merges = symbols == Symbols::bytes && random() % 4 == 0;
  return shuffled(random, definition);
}

Definition random_by_result(Random& random, std::string_view letters, size_t entry_count) {
  Definition definition = byte_definition();
  definition.order = MergeOrder::by_result;
  definition.ignore_merges = random() % 2 == 0;
  std::set<std::string> texts;
  for (size_t i = 0; i < entry_count; ++i) {
    std::string text;
    const size_t size = 2 + below(random, 2 + i % 6);
    while (text.size() < size) text.push_back(letters[below(random, letters.size())]);
    if (texts.insert(text).second) definition.entries.append(text, EntryUse::text);
  }
  return shuffled(random, definition);
}

std::string random_piece(Random& random, const std::vector<std::string>& letters, size_t count) {
  std::string piece;
  while (count > 0) {
    const size_t run = std::min<size_t>(count, random() % 3 == 0 ? 1 + below(random, 12) : 1);
    const std::string& letter = letters[below(random, letters.size())];
    for (size_t i = 0; i < run; ++i) piece += letter;
    count -= run;
  }
  return piece;
}

}  // namespace tribute::bpe::testing
