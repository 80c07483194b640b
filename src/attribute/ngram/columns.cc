#include "ngram/columns.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/bytes.h"

namespace tribute::ngram {

Hash256 tokens_hash(std::span<const TokenId> tokens) {
  constexpr size_t kTokensAtOnce = 4096;
  Sha256 hasher;
  std::string bytes;
  while (!tokens.empty()) {
    const auto part = tokens.first(std::min(tokens.size(), kTokensAtOnce));
    bytes.clear();
    for (const TokenId token : part) append_le32(bytes, token.value());
    hasher.update(bytes);
    tokens = tokens.subspan(part.size());
  }
  return std::move(hasher).finish();
}

}  // namespace tribute::ngram
