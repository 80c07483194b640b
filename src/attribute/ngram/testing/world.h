// DataNets of every shape, and the naive twin's answers about them, for tests of sources.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ngram/brute_force_source.h"
#include "ngram/index.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram::testing {

// The twin's answers to everything that can be asked of a text.
inline void expect_agreement(const SpanSource& source, const BruteForceSource& twin, const Tokens& text,
                             Random& random) {
  ASSERT_EQ(source.facts().token_count, twin.facts().token_count);
  ASSERT_EQ(source.facts().contributor_count, twin.facts().contributor_count);
  ASSERT_EQ(source.token_counts(text), twin.token_counts(text));
  const auto lengths = source.longest_matches(text);
  ASSERT_EQ(lengths, twin.longest_matches(text));
  std::vector<Run> runs;
  for (uint32_t i = 0; i < text.size(); ++i) {
    for (uint32_t end = i + 1; end <= text.size() && end <= i + (*lengths)[i] + 1; ++end) runs.push_back({i, end});
  }
  for (const Counted counted : {Counted::nothing, Counted::occurrences, Counted::occurrences_and_datapoints}) {
    const auto limit = random.chance(800) ? std::optional(random.below(4)) : std::nullopt;
    const RunQuestion question{.contributor_limit = limit,
                               .datapoint_limit = random.below(3),
                               .counted = counted,
                               .holders = random.chance(700),
                               .holders_beyond_limit = random.chance(500),
                               .histogram = random.chance(500)};
    ASSERT_EQ(source.find(text, runs, question), twin.find(text, runs, question));
  }
}

// Some DataNets in segments, with what is dead in them.
struct World {
  explicit World(uint64_t seed) : random(seed) {
    const uint32_t vocabulary_bits = 1 + random.below(18);
    const uint32_t vocabulary_size = (1U << vocabulary_bits) - (random.chance(300) ? random.below(2) : 0);
    const uint32_t alphabet = std::min(vocabulary_size, 1 + random.below(4));
    make_text = [this, vocabulary_size, alphabet] { return random.text(vocabulary_size, alphabet, 30, documents); };
    library = std::make_unique<Library>(vocabulary_size, random.chance(500) ? PageLayout::disk : PageLayout::standard);
    const uint32_t datanets = 1 + random.below(3);
    std::vector<std::vector<std::vector<Document>>> segments(datanets);
    std::vector<std::vector<EntryIndex>> tombstones(datanets);
    std::vector<Role> roles;
    for (auto& of_datanet : segments) {
      of_datanet.resize(1 + random.below(3));
      roles.push_back(random.chance(250) ? Role::guard : Role::paid);
    }
    const uint32_t document_count = random.below(16);
    for (uint32_t i = 0; i < document_count; ++i) {
      const uint32_t datanet = random.below(datanets);
      const bool copies = !documents.empty() && random.chance(250);
      Tokens tokens = copies ? documents[random.below(static_cast<uint32_t>(documents.size()))].tokens : make_text();
      const Document document = document_of(10 + 3 * i, 1 + random.below(4), std::move(tokens), roles[datanet]);
      auto& segment = segments[datanet][random.below(static_cast<uint32_t>(segments[datanet].size()))];
      segment.push_back(document);
      if (random.chance(150)) {
        tombstones[datanet].push_back(document.entry);
      } else if (random.chance(150)) {
        withdrawn.push_back(document.entry);
      } else {
        live.push_back(document);
      }
      documents.push_back(document);
    }
    for (uint32_t i = 0; i < datanets; ++i) {
      // Two segments without documents would be one file.
      std::erase_if(segments[i], [](const auto& segment) { return segment.empty(); });
      indexes.push_back(library->index(i, roles[i], segments[i], tombstones[i]));
    }
  }

  Random random;
  std::function<Tokens()> make_text;
  std::unique_ptr<Library> library;
  std::vector<Document> documents;
  std::vector<Document> live;
  std::vector<EntryIndex> withdrawn = {EntryIndex{1}, EntryIndex{999'999}};
  std::vector<Index> indexes;
};

// One segment of so many documents of 100 tokens of two kinds, and the twin's documents: ranges over many pages.
// `is_dead` says of a document by its number whether it is withdrawn.
struct LargeWorld {
  LargeWorld(Random& random, uint32_t document_count, const std::function<bool(uint32_t)>& is_dead,
             PageLayout page_layout = PageLayout::standard)
      : library(4, page_layout) {
    std::vector<Document> documents;
    for (uint32_t i = 0; i < document_count; ++i) {
      Tokens tokens;
      for (uint32_t k = 0; k < 100; ++k) tokens.emplace_back(random.below(2));
      documents.push_back(document_of(i, i % 7, std::move(tokens)));
      if (is_dead(i)) {
        withdrawn.emplace_back(i);
      } else {
        live.push_back(documents.back());
      }
    }
    indexes.push_back(library.index(1, Role::paid, {documents}));
  }

  Library library;
  std::vector<Document> live;
  std::vector<EntryIndex> withdrawn;
  std::vector<Index> indexes;
};

}  // namespace tribute::ngram::testing
