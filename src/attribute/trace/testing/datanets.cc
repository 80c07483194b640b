#include "trace/testing/datanets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ngram/columns.h"

namespace tribute::trace::testing {
namespace {

void append(Tokens& tokens, const Tokens& more) { tokens.insert(tokens.end(), more.begin(), more.end()); }

template <size_t kCount>
uint32_t one_of(Maker& maker, const std::array<uint32_t, kCount>& values) {
  return values[maker.below(static_cast<uint32_t>(kCount))];
}

}  // namespace

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

ngram::Document document_of(uint64_t entry, uint64_t contributor, Tokens tokens, ngram::Role role) {
  return {.entry = EntryIndex{entry},
          .contributor = EntryIndex{contributor},
          .role = role,
          .tokens_sha256 = ngram::tokens_hash(tokens),
          .tokens = std::move(tokens)};
}

uint32_t Maker::below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

Tokens Maker::noise(uint32_t count) {
  Tokens tokens;
  for (uint32_t i = 0; i < count; ++i) tokens.emplace_back(below(sizes_.alphabet));
  return tokens;
}

Tokens Maker::part_of(const Tokens& tokens) {
  const auto size = static_cast<uint32_t>(tokens.size());
  const uint32_t begin = below(size + 1);
  const uint32_t count = chance(200) ? size - begin : below(size - begin + 1);
  return {tokens.begin() + begin, tokens.begin() + begin + count};
}

Tokens Maker::text(const std::vector<ngram::Document>& others) {
  const uint32_t count = below(sizes_.document_tokens + 1);
  Tokens tokens;
  switch (below(others.empty() ? 5 : 9)) {
    case 0: return {};
    case 1: return noise(1);
    case 2: return noise(count);
    case 3: {
      const Tokens pattern = noise(1 + below(5));
      while (tokens.size() < count) append(tokens, pattern);
      return tokens;
    }
    case 4: {
      Tokens shorter = noise(1);
      tokens = noise(1);
      while (tokens.size() < count) append(shorter, tokens), std::swap(shorter, tokens);
      return tokens;
    }
    case 5: return others[below(static_cast<uint32_t>(others.size()))].tokens;
    case 6: {
      tokens = others[below(static_cast<uint32_t>(others.size()))].tokens;
      if (!tokens.empty()) tokens[below(static_cast<uint32_t>(tokens.size()))] = noise(1).front();
      return tokens;
    }
    default:
      for (uint32_t i = below(4) + 1; i > 0; --i) {
        append(tokens, part_of(others[below(static_cast<uint32_t>(others.size()))].tokens));
        append(tokens, noise(below(4)));
      }
      return tokens;
  }
}

std::vector<ngram::Document> Maker::documents() {
  std::vector<ngram::Document> documents;
  uint64_t entry = 0;
  for (uint32_t i = 0; i < sizes_.documents; ++i) {
    entry += 1 + below(4);  // other entries and withdrawn datapoints lie between
    const auto role = chance(sizes_.guard_permille) ? ngram::Role::guard : ngram::Role::paid;
    documents.push_back(document_of(entry, 1000 + below(sizes_.contributors), text(documents), role));
  }
  return documents;
}

Tokens Maker::answer(const std::vector<ngram::Document>& documents, uint32_t max_tokens) {
  Tokens tokens;
  const uint32_t count = below(max_tokens + 1);
  while (tokens.size() < count) {
    if (documents.empty() || chance(300)) {
      append(tokens, noise(1 + below(5)));
    } else {
      append(tokens, part_of(documents[below(static_cast<uint32_t>(documents.size()))].tokens));
      if (chance(100)) append(tokens, noise(1));
    }
  }
  tokens.resize(count);
  return tokens;
}

std::vector<bool> Maker::flags(size_t count) {
  std::vector<bool> flags(count, false);
  if (chance(500)) return flags;
  bool flag = false;
  for (size_t i = 0; i < count; ++i) {
    if (chance(150)) flag = !flag;
    flags[i] = flag;
  }
  return flags;
}

Policy Maker::policy() {
  Policy policy;
  policy.min_span_tokens = one_of(*this, std::array{1U, 2U, 3U, 6U});
  policy.chance_margin_bits = one_of(*this, std::array{0U, 0U, 1U, 3U, 10U});
  policy.priority_permille = one_of(*this, std::array{0U, 1U, 300U, 600U, 667U, 999U, 1000U});
  policy.passage_bits = one_of(*this, std::array{0U, 5U, 12U, 20U, 200U, 0xFFFFFFFFU});
  const uint32_t commons = one_of(*this, std::array{0U, 1U, 2U, 3U, 100U});
  if (commons > 0) policy.commons_contributors = commons;
  policy.coverage_scaled = chance(500);
  return policy;
}

}  // namespace tribute::trace::testing
