#include "extremes/extreme.h"

#include <algorithm>
#include <utility>

#include "ngram/columns.h"

namespace tribute::extremes {
namespace {

constexpr uint64_t kTokens = 10'000'000;
constexpr uint64_t kMostTokens = 50'000'000;
constexpr uint64_t kCopies = 100'000;
constexpr uint64_t kCopiedTokens = 100;
constexpr uint64_t kContributors = 97;
constexpr uint32_t kVocabulary = 50'000;
constexpr uint32_t kLongText = 20'000;

Extreme periodic(std::string name, const Tokens& pattern, uint64_t size) {
  return {.name = std::move(name),
          .vocabulary_size = kVocabulary,
          .document_count = 1,
          .document =
              [pattern, size](uint64_t) {
                Tokens tokens(size);
                for (uint64_t i = 0; i < size; ++i) tokens[i] = pattern[i % pattern.size()];
                return tokens;
              },
          .periodic = Periodic{.pattern = pattern, .size = size},
          .text_tokens = 16,
          .runs_per_text = 5,
          .long_text_tokens = kLongText};
}

// No two documents are as long, so that none is a duplicate.
Extreme equal_in_documents(uint64_t part) {
  const uint64_t each = kTokens / 100 / part;
  return {.name = "equal tokens in 100 documents",
          .vocabulary_size = kVocabulary,
          .document_count = 100,
          .document = [each](uint64_t number) { return Tokens(each + number, TokenId{7}); },
          .contributor_count = 9,
          .text_tokens = 16,
          .runs_per_text = 5,
          .long_text_tokens = kLongText};
}

Extreme fibonacci(uint64_t size) {
  return {.name = "a Fibonacci word",
          .vocabulary_size = kVocabulary,
          .document_count = 1,
          .document =
              [size](uint64_t) {
                Tokens tokens = {TokenId{1}, TokenId{0}};
                tokens.reserve(size);
                // Each word is the last one and the one before it.
                for (uint64_t before = 1; tokens.size() < size;) {
                  const uint64_t last = tokens.size();
                  for (uint64_t i = 0; i < before && tokens.size() < size; ++i) tokens.push_back(tokens[i]);
                  before = last;
                }
                return tokens;
              },
          .text_tokens = 24,
          .runs_per_text = 10,
          .long_text_tokens = kLongText};
}

Tokens copied_tokens() {
  Numbers numbers(1);
  Tokens tokens;
  for (uint64_t i = 0; i < kCopiedTokens; ++i) tokens.emplace_back(static_cast<uint32_t>(numbers.below(kVocabulary)));
  return tokens;
}

Extreme copies(std::string name, uint64_t count) {
  return {.name = std::move(name),
          .vocabulary_size = kVocabulary,
          .document_count = count,
          .document = [tokens = copied_tokens()](uint64_t) { return tokens; },
          .contributor_count = kContributors,
          .text_tokens = 150};
}

// Two tokens in the middle tell them apart.
Extreme near_copies(uint64_t count) {
  Extreme extreme = copies("near copies of 100 tokens", count);
  extreme.document = [tokens = copied_tokens()](uint64_t number) {
    Tokens copy = tokens;
    copy[kCopiedTokens / 2] = TokenId{static_cast<uint32_t>(number % 400)};
    copy[kCopiedTokens / 2 + 1] = TokenId{static_cast<uint32_t>(number / 400)};
    return copy;
  };
  return extreme;
}

Extreme with_empty_documents(uint64_t count) {
  return {.name = "empty documents among short ones",
          .vocabulary_size = 3,
          .document_count = count,
          .document =
              [count](uint64_t number) {
                Numbers numbers(number);
                Tokens tokens;
                if (number == 0 || number == count - 1 || numbers.below(3) > 0) return tokens;
                for (uint64_t left = numbers.below(9); left > 0; --left) {
                  tokens.emplace_back(static_cast<uint32_t>(numbers.below(3)));
                }
                return tokens;
              },
          .contributor_count = 5,
          .text_tokens = 20,
          .runs_per_text = 100};
}

Extreme few(std::string name, uint32_t vocabulary_size, std::vector<Tokens> documents) {
  return {.name = std::move(name),
          .vocabulary_size = vocabulary_size,
          .document_count = documents.size(),
          .document = [documents = std::move(documents)](uint64_t number) { return documents[number]; },
          .contributor_count = 2};
}

// Frequent and rare tokens, one as often as all that are twice as rare, and passages from before.
Tokens tokens_with_repeats(uint64_t size) {
  constexpr uint64_t kTokensPerPassage = 300;
  Numbers numbers(2);
  Tokens tokens;
  tokens.reserve(size);
  while (tokens.size() < size) {
    if (tokens.size() > 1 && numbers.below(kTokensPerPassage) == 0) {
      uint64_t from = numbers.below(tokens.size());
      const uint64_t length = 10 + numbers.below(2000);
      for (uint64_t i = 0; i < length && tokens.size() < size; ++i) tokens.push_back(tokens[from++]);
      continue;
    }
    const uint64_t drawn = numbers.next();
    tokens.emplace_back(static_cast<uint32_t>(drawn >> 32 & ((uint64_t{1} << drawn % 16) - 1)));
  }
  return tokens;
}

Extreme one_large_document(uint64_t size) {
  return {.name = "one document of many tokens",
          .vocabulary_size = kVocabulary,
          .document_count = 1,
          .document = [size](uint64_t) { return tokens_with_repeats(size); },
          .runs_per_text = 100,
          .long_text_tokens = kLongText};
}

// Documents of the ends of the vocabulary: runs of its highest token, and that token alone.
Extreme highest_tokens(uint32_t vocabulary_size, uint64_t part) {
  constexpr uint64_t kDocuments = 200;
  return {.name = "the highest of " + std::to_string(vocabulary_size) + " tokens",
          .vocabulary_size = vocabulary_size,
          .document_count = kDocuments,
          .document =
              [vocabulary_size, size = kTokens / 10 / kDocuments / part](uint64_t number) {
                const uint32_t highest = vocabulary_size - 1;
                if (number == 0) return Tokens{TokenId{highest}};
                Numbers numbers(number);
                Tokens tokens;
                while (tokens.size() < size) {
                  const auto near_end = static_cast<uint32_t>(numbers.below(3));
                  switch (numbers.below(4)) {
                    case 0: tokens.emplace_back(near_end); break;
                    case 1: tokens.emplace_back(static_cast<uint32_t>(numbers.below(vocabulary_size))); break;
                    case 2: tokens.emplace_back(highest - near_end); break;
                    default: tokens.resize(tokens.size() + 1 + numbers.below(5), TokenId{highest});
                  }
                }
                return tokens;
              },
          .contributor_count = 11,
          .runs_per_text = 300,
          .long_text_tokens = 2'000};
}

}  // namespace

std::vector<Extreme> all_extremes(uint64_t part) {
  const TokenId only{0};
  std::vector<Extreme> extremes = {
      periodic("equal tokens", {TokenId{7}}, kTokens / part),
      equal_in_documents(part),
      periodic("period two", {TokenId{7}, TokenId{3}}, kTokens / part),
      fibonacci(kTokens / part),
      copies("copies of 100 tokens", kCopies / part),
      near_copies(kCopies / part),
      with_empty_documents(kCopies / part),
      few("no document", kVocabulary, {}),
      few("one empty document", kVocabulary, {{}}),
      few("empty documents", kVocabulary, {{}, {}, {}}),
      few("one token", kVocabulary, {{TokenId{5}}}),
      few("the only token of a vocabulary", 1, {{only}, {}, {only, only}}),
      one_large_document(kMostTokens / part),
  };
  Extreme withdrawn = copies("copies, one in 1,000 live", kCopies / part);
  withdrawn.live_every = std::min<uint64_t>(1'000, withdrawn.document_count);
  extremes.push_back(std::move(withdrawn));
  for (const uint32_t bits : {16U, 17U, 18U}) {
    for (const uint32_t less : {1U, 0U}) extremes.push_back(highest_tokens((1U << bits) - less, part));
  }
  return extremes;
}

std::vector<ngram::Document> live_documents(const Extreme& extreme) {
  std::vector<ngram::Document> documents;
  for (uint64_t number = 0; number < extreme.document_count; ++number) {
    if (!extreme.is_live(number)) continue;
    Tokens tokens = extreme.document(number);
    const Hash256 hash = ngram::tokens_hash(tokens);
    documents.push_back(
        {extreme.entry(number), extreme.contributor(number), ngram::Role::paid, hash, std::move(tokens)});
  }
  return documents;
}

}  // namespace tribute::extremes
