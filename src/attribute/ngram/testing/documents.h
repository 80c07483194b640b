// Documents, and indexes of them in memory, for tests.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

#include "io/memory_file_system.h"
#include "ngram/document.h"
#include "ngram/index.h"
#include "ngram/segment.h"

namespace tribute::ngram::testing {

using Tokens = std::vector<TokenId>;

// One token per byte.
Tokens tokens_of(std::string_view text);

Document document_of(uint64_t entry, uint64_t contributor, Tokens tokens, Role role = Role::paid);

// Writes segments and manifests into a file system in memory. What fails is a failed CHECK.
class Library {
 public:
  explicit Library(uint32_t vocabulary_size, PageLayout page_layout = PageLayout::standard)
      : vocabulary_size_(vocabulary_size), page_layout_(page_layout) {}

  io::MemoryFileSystem& files() { return files_; }
  Hash256 write_segment(const std::vector<Document>& documents);
  Segment segment(const std::vector<Document>& documents);
  Index index(uint64_t datanet, Role role, const std::vector<std::vector<Document>>& segments,
              const std::vector<EntryIndex>& tombstones = {});

 private:
  uint32_t vocabulary_size_;
  PageLayout page_layout_;
  io::MemoryFileSystem files_;
};

// Makes the same things for the same seed.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  uint32_t below(uint32_t end) { return static_cast<uint32_t>(engine_() % end); }
  bool chance(uint32_t permille) { return below(1000) < permille; }
  // Empty, one token, noise, a pattern, a Fibonacci word, or parts of `others`, of `alphabet` tokens
  // that end at the vocabulary's end, at most some `size` tokens.
  Tokens text(uint32_t vocabulary_size, uint32_t alphabet, uint32_t size, const std::vector<Document>& others);

 private:
  std::mt19937_64 engine_;
};

// Parts of the documents, some of them with other tokens in them or behind.
std::vector<Tokens> texts_of(Random& random, const std::vector<Document>& documents, uint32_t vocabulary_size,
                             uint32_t max_size, uint32_t count);

// Small numbers are frequent, as in a vocabulary by rank.
Tokens random_tokens(Random& random, uint32_t vocabulary_size, uint32_t size);

// A Fibonacci word and a text of period two, over two tokens, each of `size` tokens or some more.
std::vector<Document> periods_and_fibonacci_words(size_t size);

// So many copies of one document, every hundredth of them empty.
std::vector<Document> copies_of_one(const Tokens& tokens, uint32_t count);

// So many documents that share their first `size` tokens, of which two more are each one's own.
std::vector<Document> alike_up_to_their_ends(Random& random, uint32_t vocabulary_size, uint32_t size, uint32_t count);

// A phrase of tokens below 40 by choices, the first one the likeliest, where what stands before tells which token a
// choice is.
Tokens random_phrase(Random& random, uint32_t evenly_permille);

}  // namespace tribute::ngram::testing
