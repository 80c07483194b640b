// Texts, and the encodings that they are merged by: the first bytes make a definition, the rest is a piece, and
// Encoder and its naive twin agree on it.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "bpe/encoder.h"
#include "bpe/naive.h"
#include "fuzz.h"

namespace {

using namespace tribute;

struct Slice {
  uint32_t begin = 0;
  uint32_t end = 0;
};

// Every byte, and merges of the pairs that the input names, as far as they are new.
bpe::Definition make_definition(std::string_view pairs, uint8_t kind) {
  bpe::Definition definition{.symbols = (kind & 1) != 0 ? bpe::Symbols::characters : bpe::Symbols::bytes};
  const bool is_bytes = definition.symbols == bpe::Symbols::bytes;
  definition.ignore_merges = is_bytes && (kind & 2) != 0;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes(1, static_cast<char>(static_cast<uint8_t>(byte)));
    definition.entries.append(bytes, is_bytes ? bpe::EntryUse::text : bpe::EntryUse::byte);
  }
  for (size_t i = 0; i + 1 < pairs.size(); i += 2) {
    const auto part = [&](size_t at) {
      const auto byte = static_cast<uint8_t>(pairs[at]);
      // Half of the values name the newest entries.
      return byte < 128 ? uint32_t{byte} : definition.entries.size() - 1 - (byte & 15U);
    };
    const uint32_t left = part(i);
    const uint32_t right = part(i + 1);
    const std::string both = std::string(definition.entries.bytes(left)) += definition.entries.bytes(right);
    if (both.size() > 64) continue;
    const uint32_t result = definition.entries.size();
    definition.entries.append(both, bpe::EntryUse::text);
    if ((kind & 4) == 0) definition.merges.push_back({.left = left, .right = right, .result = result});
  }
  if ((kind & 4) != 0 && is_bytes) definition.order = bpe::MergeOrder::by_result;
  return definition;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::view_of(data, size);
  if (input.size() < 3 || input.size() > 4096) return 0;
  const size_t pairs_size = std::min<size_t>(static_cast<uint8_t>(input[1]), input.size() - 2);
  const bpe::Definition definition = make_definition(input.substr(2, pairs_size), static_cast<uint8_t>(input[0]));
  const std::string_view piece = input.substr(2 + pairs_size);
  const auto model = bpe::Model::build(definition);
  if (!model || piece.empty()) return 0;  // two pairs made one entry
  bpe::Encoder encoder(*model);
  const std::vector<Slice> pieces{{.begin = 0, .end = static_cast<uint32_t>(piece.size())}};
  std::vector<TokenId> tokens;
  CHECK(encoder.encode<Slice>(piece, pieces, tokens).has_value());
  const std::vector<uint32_t> expected = bpe::NaiveEncoder(definition).encode(piece);
  CHECK(tokens.size() == expected.size());
  for (size_t i = 0; i < tokens.size(); ++i) CHECK(tokens[i].value() == expected[i]);
  CHECK(model->verify().has_value());
  return 0;
}
