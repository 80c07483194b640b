#include "ngram/testing/documents.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"

namespace tribute::ngram::testing {

Tokens tokens_of(std::string_view text) {
  Tokens tokens;
  for (const char c : text) tokens.emplace_back(static_cast<uint8_t>(c));
  return tokens;
}

Document document_of(uint64_t entry, uint64_t contributor, Tokens tokens, Role role) {
  const Hash256 hash = tokens_hash(tokens);
  return {EntryIndex{entry}, EntryIndex{contributor}, role, hash, std::move(tokens)};
}

Hash256 Library::write_segment(const std::vector<Document>& documents) {
  SegmentWriter writer(vocabulary_size_, page_layout_);
  for (const Document& document : documents) {
    CHECK(writer.add(document.entry, document.contributor, document.tokens).has_value());
  }
  const auto name = std::move(writer).write(files_, ".");
  CHECK(name.has_value());
  return *name;
}

Segment Library::segment(const std::vector<Document>& documents) {
  auto segment = Segment::open(files_, ".", write_segment(documents));
  CHECK(segment.has_value());
  return std::move(*segment);
}

Index Library::index(uint64_t datanet, Role role, const std::vector<std::vector<Document>>& segments,
                     const std::vector<EntryIndex>& tombstones) {
  std::vector<Segment> opened;
  for (const auto& documents : segments) opened.push_back(segment(documents));
  const ManifestHead head{.datanet = EntryIndex{datanet},
                          .role = role,
                          .tokenizer_sha256 = sha256("tokenizer"),
                          .vocabulary_size = vocabulary_size_,
                          .log_size = 1'000'000};
  const auto manifest = make_manifest(head, opened, tombstones);
  CHECK(manifest.has_value());
  const auto name = write_manifest(files_, ".", *manifest);
  CHECK(name.has_value());
  auto index = Index::open(files_, ".", *name);
  CHECK(index.has_value());
  return std::move(*index);
}

Tokens Random::text(uint32_t vocabulary_size, uint32_t alphabet, uint32_t size, const std::vector<Document>& others) {
  const auto token = [&](uint32_t letter) { return TokenId{vocabulary_size - 1 - letter % alphabet}; };
  Tokens tokens;
  switch (below(6)) {
    case 0: break;
    case 1: tokens.push_back(token(below(alphabet))); break;
    case 2:
      for (uint32_t i = below(size); i > 0; --i) tokens.push_back(token(below(alphabet)));
      break;
    case 3:
      for (uint32_t i = below(size), period = 1 + below(3); i > 0; --i) tokens.push_back(token(i % period));
      break;
    case 4: {
      Tokens shorter = {token(0)};
      tokens = {token(1)};
      while (tokens.size() < size) {
        Tokens longer = tokens;
        longer.insert(longer.end(), shorter.begin(), shorter.end());
        shorter = std::exchange(tokens, std::move(longer));
      }
      break;
    }
    default:
      for (uint32_t parts = others.empty() ? 0 : 1 + below(3); parts > 0; --parts) {
        const Tokens& other = others[below(static_cast<uint32_t>(others.size()))].tokens;
        const auto length = static_cast<uint32_t>(other.size());
        const uint32_t begin = below(length + 1);
        const uint32_t end = chance(300) ? length : begin + below(length - begin + 1);
        tokens.insert(tokens.end(), other.begin() + (chance(300) ? 0 : begin), other.begin() + end);
        if (chance(300)) tokens.push_back(token(below(alphabet)));
      }
  }
  return tokens;
}

std::vector<Tokens> texts_of(Random& random, const std::vector<Document>& documents, uint32_t vocabulary_size,
                             uint32_t max_size, uint32_t count) {
  std::vector<Tokens> texts;
  while (texts.size() < count) {
    const Tokens& from = documents[random.below(static_cast<uint32_t>(documents.size()))].tokens;
    if (from.empty()) continue;
    const uint32_t begin = random.below(static_cast<uint32_t>(from.size()));
    const uint32_t size =
        1 + random.below(std::min(max_size, static_cast<uint32_t>(from.size()) - begin) + (random.chance(200) ? 1 : 0));
    const auto first = from.begin() + begin;
    Tokens text(first, first + std::min<std::ptrdiff_t>(size, from.end() - first));
    if (random.chance(300)) text.back() = TokenId{random.below(vocabulary_size)};
    if (random.chance(300)) text.emplace_back(random.below(vocabulary_size));
    if (random.chance(400)) {
      text[random.below(static_cast<uint32_t>(text.size()))] = TokenId{random.below(vocabulary_size + 1)};
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

Tokens random_tokens(Random& random, uint32_t vocabulary_size, uint32_t size) {
  Tokens tokens;
  for (uint32_t i = 0; i < size; ++i)
    tokens.emplace_back(random.below(1 + random.below(1 + random.below(vocabulary_size))));
  return tokens;
}

std::vector<Document> periods_and_fibonacci_words(size_t size) {
  Tokens word = {TokenId{0}};
  Tokens next = {TokenId{0}, TokenId{1}};
  while (word.size() < size) {
    Tokens both = next;
    both.insert(both.end(), word.begin(), word.end());
    word = std::exchange(next, std::move(both));
  }
  Tokens period;
  for (uint32_t i = 0; i < size; ++i) period.emplace_back(i % 2);
  return {document_of(1, 1, std::move(word)), document_of(2, 1, std::move(period))};
}

std::vector<Document> copies_of_one(const Tokens& tokens, uint32_t count) {
  std::vector<Document> documents;
  for (uint32_t i = 0; i < count; ++i) documents.push_back(document_of(i, 1, i % 100 == 99 ? Tokens() : tokens));
  return documents;
}

std::vector<Document> alike_up_to_their_ends(Random& random, uint32_t vocabulary_size, uint32_t size, uint32_t count) {
  const Tokens tokens = random_tokens(random, vocabulary_size, size);
  std::vector<Document> documents;
  for (uint32_t i = 0; i < count; ++i) {
    documents.push_back(document_of(i, 1, tokens));
    for (int k = 0; k < 2; ++k) documents.back().tokens.emplace_back(random.below(vocabulary_size));
  }
  return documents;
}

Tokens random_phrase(Random& random, uint32_t evenly_permille) {
  Tokens phrase;
  uint32_t before = 0;
  for (uint32_t level = 0; level < 7; ++level) {
    const uint32_t choice =
        random.chance(evenly_permille) ? random.below(3) : random.below(1 + random.below(1 + random.below(3)));
    before = before * 31 + choice + 1;
    phrase.emplace_back(before % 40);
  }
  phrase.emplace_back(random.below(40));
  return phrase;
}

}  // namespace tribute::ngram::testing
