#include "extremes/texts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tribute::extremes {
namespace {

using ngram::Document;
using ngram::Run;

Tokens part_of(const Tokens& tokens, uint64_t begin, uint64_t count) {
  begin = std::min<uint64_t>(begin, tokens.size());
  const uint64_t end = begin + std::min<uint64_t>(count, tokens.size() - begin);
  return {tokens.begin() + static_cast<std::ptrdiff_t>(begin), tokens.begin() + static_cast<std::ptrdiff_t>(end)};
}

Tokens end_of(const Tokens& tokens, uint64_t count) {
  return part_of(tokens, tokens.size() - std::min<uint64_t>(tokens.size(), count), count);
}

Tokens joined(Tokens first, const Tokens& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// The text with another token at a place, if it has that.
Text changed(const Text& text, uint64_t place, TokenId token) {
  Text other = text;
  if (place < text.tokens.size()) other.tokens[place] = token;
  other.origin += ", token " + std::to_string(place) + " made " + std::to_string(token.value());
  return other;
}

const Document* longest_of(std::span<const Document> documents) {
  const auto longest = std::ranges::max_element(
      documents, [](const Document& a, const Document& b) { return a.tokens.size() < b.tokens.size(); });
  return longest == documents.end() ? nullptr : &*longest;
}

std::vector<Text> foreign_texts(const Extreme& extreme) {
  const TokenId highest{extreme.vocabulary_size - 1};
  Numbers numbers(3);
  Tokens noise;
  Tokens outside;
  for (uint32_t i = 0; i < extreme.text_tokens; ++i) {
    noise.emplace_back(static_cast<uint32_t>(numbers.below(extreme.vocabulary_size)));
    outside.emplace_back(i % 2 == 0 ? extreme.vocabulary_size + i : std::numeric_limits<uint32_t>::max() - i);
  }
  return {{"nothing", {}},
          {"one token, the highest", {highest}},
          {"the highest token alone", Tokens(extreme.text_tokens, highest)},
          {"the lowest token alone", Tokens(extreme.text_tokens, TokenId{0})},
          {"noise", std::move(noise)},
          {"tokens of no vocabulary", std::move(outside)}};
}

}  // namespace

std::vector<Text> short_texts(const Extreme& extreme, std::span<const Document> documents) {
  const uint32_t size = extreme.text_tokens;
  std::vector<Text> texts = foreign_texts(extreme);
  const Document* const longest = longest_of(documents);
  if (longest == nullptr) return texts;
  const uint64_t middle = longest->tokens.size() / 2;
  const Text inside{"from the middle of the longest document", part_of(longest->tokens, middle, size)};
  texts.push_back(changed(inside, size / 2, inside.tokens.empty() ? TokenId{0} : inside.tokens.front()));
  texts.push_back(changed(inside, size / 2, TokenId{extreme.vocabulary_size - 1}));
  texts.push_back(changed(inside, size / 3, TokenId{extreme.vocabulary_size}));
  texts.push_back(inside);
  texts.push_back({"the longest document's begin", part_of(longest->tokens, 0, size)});
  const size_t pairs = std::min<size_t>(documents.size(), 3);
  for (size_t i = 0; i < pairs; ++i) {
    // Over an edge, where nothing stands.
    const size_t at = i * (documents.size() - 1) / std::max<size_t>(pairs - 1, 1);
    const Document& next = documents[(at + 1) % documents.size()];
    texts.push_back({"the end of document " + std::to_string(at) + " and the next one's begin",
                     joined(end_of(documents[at].tokens, size / 2), part_of(next.tokens, 0, size / 2))});
  }
  return texts;
}

std::vector<Text> long_texts(const Extreme& extreme, std::span<const Document> documents) {
  const Document* const longest = longest_of(documents);
  if (longest == nullptr || extreme.long_text_tokens == 0) return {};
  const Tokens& tokens = longest->tokens;
  const uint64_t size = std::min<uint64_t>(extreme.long_text_tokens, tokens.size());
  const Text inside{std::to_string(size) + " tokens from a third of the longest document on",
                    part_of(tokens, tokens.size() / 3, size)};
  const Text over_end{std::to_string(size) + " tokens to the longest document's end, and from its begin",
                      joined(end_of(tokens, size / 2), part_of(tokens, 0, size - size / 2))};
  return {inside, changed(inside, inside.tokens.size() * 2 / 3, TokenId{extreme.vocabulary_size - 1}), over_end};
}

std::vector<Run> runs_of(const Text& text, std::span<const uint32_t> longest, uint32_t count) {
  const auto size = static_cast<uint32_t>(text.tokens.size());
  std::vector<Run> all;
  const auto add = [&](uint32_t begin, uint32_t length) {
    if (length > 0 && begin + length <= size) all.push_back({begin, begin + length});
  };
  for (uint32_t begin = 0; begin < size; ++begin) {
    const uint32_t length = longest[begin];
    add(begin, 1);
    for (uint32_t part = 2; part < length; part += 1 + part / 8) add(begin, part);
    add(begin, length);
    add(begin, length + 1);
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  if (all.size() <= count) return all;
  std::vector<Run> some;
  for (uint64_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
  return some;
}

}  // namespace tribute::extremes
