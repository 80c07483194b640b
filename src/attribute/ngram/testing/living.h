// A living index and its naive twin, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "io/memory_file_system.h"
#include "ngram/brute_force_source.h"
#include "ngram/living_index.h"
#include "ngram/testing/documents.h"

namespace tribute::ngram::testing {

inline constexpr const char* kFolder = "/index";
inline constexpr uint32_t kVocabularySize = 256;

inline LivingOptions options(bool merge_in_background = false) {
  return {.head = {.vocabulary_size = kVocabularySize}, .merge_in_background = merge_in_background};
}

inline std::unique_ptr<LivingIndex> opened(io::FileSystem& files, bool merge_in_background = false) {
  auto index = LivingIndex::open(files, kFolder, options(merge_in_background));
  EXPECT_TRUE(index.has_value()) << index.error().message;
  return std::move(*index);
}

// The twin: what is live, in a list.
class Model {
 public:
  void add(const std::vector<NewDocument>& documents) {
    for (const NewDocument& document : documents) {
      live_.push_back(document_of(next_++, document.contributor.value(), document.tokens));
    }
  }
  void withdraw(EntryIndex entry) {
    std::erase_if(live_, [entry](const Document& document) { return document.entry == entry; });
  }
  const std::vector<Document>& live() const { return live_; }

 private:
  std::vector<Document> live_;  // by ascending entry
  uint64_t next_ = 0;
};

inline std::vector<NewDocument> some_documents(Random& random, const std::vector<Document>& others) {
  std::vector<NewDocument> documents(1 + random.below(3));
  for (NewDocument& document : documents) {
    document = {.contributor = EntryIndex{random.below(4)}, .tokens = random.text(kVocabularySize, 3, 25, others)};
  }
  return documents;
}

// What both say of a text; the datapoints with their entries, so that a document too much or too few is seen.
inline void expect_agreement(const IndexSource& source, const std::vector<Document>& live, const Tokens& text) {
  const BruteForceSource twin(live);
  ASSERT_EQ(source.facts().token_count, twin.facts().token_count);
  ASSERT_EQ(source.facts().contributor_count, twin.facts().contributor_count);
  ASSERT_EQ(source.indexes().front().manifest().live_documents, live.size());
  ASSERT_EQ(source.token_counts(text), twin.token_counts(text));
  const auto lengths = source.longest_matches(text);
  ASSERT_EQ(lengths, twin.longest_matches(text));
  std::vector<Run> runs;
  for (uint32_t i = 0; i < text.size(); ++i) {
    if ((*lengths)[i] > 0) runs.push_back({i, i + (*lengths)[i]});
    runs.push_back({i, i + 1});
  }
  const RunQuestion question{.contributor_limit = 2, .datapoint_limit = 5};
  ASSERT_EQ(source.find(text, runs, question), twin.find(text, runs, question));
}

inline uint64_t index_files(io::FileSystem& files) {
  const auto there = *files.list(kFolder);
  return static_cast<uint64_t>(std::ranges::count_if(there, [](const io::FolderEntry& entry) {
    return entry.name.ends_with(".segment") || entry.name.ends_with(".manifest");
  }));
}

// Does anything to an index and to the twin. What fails is not done, and the index stays as it was.
class Operator {
 public:
  explicit Operator(uint64_t seed) : random_(seed) {}

  // One change. `index` may fail, of which `failed()` tells; then `in_flight()` is what it may have become.
  Result<void> change(LivingIndex& index) {
    const uint32_t choice = random_.below(10);
    in_flight_ = model_;
    if (choice < 6 || model_.live().empty()) {
      const auto documents = some_documents(random_, model_.live());
      in_flight_.add(documents);
      TRY(index.add(documents));
    } else if (choice < 8) {
      const EntryIndex gone = model_.live()[random_.below(static_cast<uint32_t>(model_.live().size()))].entry;
      in_flight_.withdraw(gone);
      TRY(index.withdraw({&gone, 1}));
    } else {
      TRY(index.merge());
    }
    model_ = in_flight_;
    return {};
  }

  // The index must be what was acknowledged, or that with the change in flight, which then counts as acknowledged.
  void look(const LivingIndex& index) {
    const auto source = index.snapshot();
    const uint64_t live = index.status().live_documents;
    if (live != model_.live().size()) model_ = in_flight_;
    expect_agreement(*source, model_.live(), random_.text(kVocabularySize, 3, 30, model_.live()));
  }

  const Model& model() const { return model_; }

 private:
  Random random_;
  Model model_;
  Model in_flight_;
};

}  // namespace tribute::ngram::testing
