#include "trace/shared_passages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "io/memory_file_system.h"
#include "ngram/brute_force_source.h"
#include "ngram/index_source.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"
#include "trace/testing/datanets.h"

namespace tribute::trace {
namespace {

using ngram::Document;
using testing::document_of;
using testing::Maker;
using testing::Sizes;
using testing::Tokens;
using testing::tokens_of;

bool stands_in(std::span<const TokenId> run, const Document& document) {
  return !std::ranges::search(document.tokens, run).empty();
}

// The definition written out: every run of the text in every document, shortest first.
SharedPassages naive_passages(const std::vector<Document>& documents, const Tokens& text,
                              const PassageQuestion& question) {
  std::vector<SharedPassage> shared;
  for (uint32_t begin = 0; begin < text.size(); ++begin) {
    for (uint32_t end = begin + question.min_tokens; end <= text.size(); ++end) {
      const auto run = std::span(text).subspan(begin, end - begin);
      const auto first = std::ranges::find_if(documents, [&](const Document& document) {
        return document.entry < question.before && stands_in(run, document);
      });
      if (first == documents.end()) break;
      shared.push_back({{begin, end}, {first->entry, first->contributor}});
    }
  }
  SharedPassages result;
  std::vector<bool> covered(text.size());
  for (const SharedPassage& one : shared) {
    const auto contains = [&one](const SharedPassage& other) {
      return other.run != one.run && other.run.begin <= one.run.begin && one.run.end <= other.run.end;
    };
    std::fill(covered.begin() + one.run.begin, covered.begin() + one.run.end, true);
    if (std::ranges::none_of(shared, contains)) result.longest.push_back(one);
  }
  result.count = result.longest.size();
  result.covered_token_count = static_cast<uint64_t>(std::ranges::count(covered, true));
  std::ranges::sort(result.longest, [](const SharedPassage& a, const SharedPassage& b) {
    return std::pair(b.run.length(), a.run.begin) < std::pair(a.run.length(), b.run.begin);
  });
  if (result.longest.size() > question.limit) result.longest.resize(question.limit);
  return result;
}

// All documents in one DataNet, of two segments.
ngram::IndexSource source_of(Maker& maker, const std::vector<Document>& documents, ngram::Role role) {
  io::MemoryFileSystem files;
  std::vector<ngram::SegmentWriter> writers;
  for (int i = 0; i < 2; ++i) writers.emplace_back(256);
  for (const Document& document : documents) {
    EXPECT_TRUE(writers[maker.below(2)].add(document.entry, document.contributor, document.tokens).has_value());
  }
  std::vector<ngram::Segment> segments;
  for (auto& writer : writers) {
    if (writer.document_count() == 0) continue;
    segments.push_back(*ngram::Segment::open(files, ".", *std::move(writer).write(files, ".")));
  }
  const ngram::ManifestHead head{.datanet = EntryIndex{1},
                                 .role = role,
                                 .tokenizer_sha256 = sha256("tokenizer"),
                                 .vocabulary_size = 256,
                                 .log_size = uint64_t{1} << 40};
  const auto name = ngram::write_manifest(files, ".", *ngram::make_manifest(head, segments, {}));
  std::vector<ngram::Index> indexes;
  indexes.push_back(*ngram::Index::open(files, ".", *name));
  return *ngram::IndexSource::open(std::move(indexes));
}

TEST(SharedPassages, AreThoseOfTheDefinition) {
  uint64_t found = 0;
  uint64_t overlapping = 0;
  std::mt19937_64 random(1);
  for (int round = 0; round < 1'000; ++round) {
    constexpr std::array<uint32_t, 4> kAlphabets = {1, 2, 4, 256};
    const Sizes sizes{.alphabet = kAlphabets[random() % kAlphabets.size()],
                      .documents = static_cast<uint32_t>(random() % 10),
                      .document_tokens = 1 + static_cast<uint32_t>(random() % 50),
                      .contributors = 4,
                      .guard_permille = 0};
    Maker maker(random(), sizes);
    std::vector<Document> documents = maker.documents();
    const ngram::Role role = maker.chance(300) ? ngram::Role::guard : ngram::Role::paid;
    for (Document& document : documents) document.role = role;
    // Of a text that the index has, and of one that it has not.
    const bool is_in = !documents.empty() && maker.chance(500);
    const Document* own = is_in ? &documents[maker.below(static_cast<uint32_t>(documents.size()))] : nullptr;
    const Tokens text = is_in ? own->tokens : maker.answer(documents, 80);
    const PassageQuestion question{.before = is_in ? own->entry : EntryIndex{maker.below(80)},
                                   .min_tokens = 1 + maker.below(8),
                                   .limit = maker.below(20)};
    const auto expected = naive_passages(documents, text, question);
    found += expected.count;
    for (const SharedPassage& one : expected.longest) {
      overlapping += std::ranges::any_of(expected.longest, [&](const SharedPassage& other) {
        return one.run.begin < other.run.begin && other.run.begin < one.run.end;
      });
    }
    ASSERT_EQ(*shared_passages(ngram::BruteForceSource(documents), text, question), expected) << round;
    ASSERT_EQ(*shared_passages(source_of(maker, documents, role), text, question), expected) << round;
  }
  EXPECT_GT(found, 1'000U);
  EXPECT_GT(overlapping, 200U);
}

// Two batches of windows, and a passage from the first into the second.
TEST(SharedPassages, CrossTheBatchesOfQuestions) {
  Maker maker(3, {.alphabet = 256});
  const Tokens text = maker.noise(4'500);
  const auto part = [&](uint32_t begin, uint32_t end) { return Tokens(text.begin() + begin, text.begin() + end); };
  const ngram::BruteForceSource source(
      {document_of(1, 1, part(4'000, 4'300)), document_of(2, 2, part(4'250, 4'500)), document_of(9, 3, text)});
  const auto passages = *shared_passages(source, text, {.before = EntryIndex{9}});
  EXPECT_EQ(passages, (SharedPassages{.longest = {{{4'000, 4'300}, {EntryIndex{1}, EntryIndex{1}}},
                                                  {{4'250, 4'500}, {EntryIndex{2}, EntryIndex{2}}}},
                                      .count = 2,
                                      .covered_token_count = 500}));
}

TEST(SharedPassages, ASourceThatHoldsTheTextIsAskedFewQuestions) {
  // Counts the runs that are asked for beyond the windows.
  class Counting final : public ngram::SpanSource {
   public:
    explicit Counting(const ngram::SpanSource& source) : source_(source) {}
    ngram::CorpusFacts facts() const override { return source_.facts(); }
    Result<std::vector<uint64_t>> token_counts(std::span<const TokenId> tokens) const override {
      return source_.token_counts(tokens);
    }
    Result<std::vector<uint32_t>> longest_matches(std::span<const TokenId> text) const override {
      return source_.longest_matches(text);
    }
    Result<std::vector<ngram::RunFacts>> find(std::span<const TokenId> text, std::span<const ngram::Run> runs,
                                              const ngram::RunQuestion& question) const override {
      if (runs.size() == 1) ++count;
      return source_.find(text, runs, question);
    }
    mutable uint64_t count = 0;

   private:
    const ngram::SpanSource& source_;
  };
  Maker maker(4, {.alphabet = 3});
  const Tokens text = maker.noise(1'000);
  const ngram::BruteForceSource source({document_of(1, 1, text), document_of(2, 1, text)});
  const Counting counting(source);
  EXPECT_EQ(shared_passages(counting, text, {.before = EntryIndex{2}})->covered_token_count, 1'000U);
  EXPECT_LE(counting.count, 22U);
  Tokens edited = text;
  for (size_t i = 50; i < edited.size(); i += 100) edited[i] = TokenId{9};
  counting.count = 0;
  const auto passages = *shared_passages(counting, edited, {.before = EntryIndex{2}});
  EXPECT_EQ(passages.count, 11U);
  EXPECT_EQ(passages.covered_token_count, 990U);
  EXPECT_LE(counting.count, 11U * 20U);
}

TEST(SharedPassages, RefusesWhatIsNoQuestion) {
  const ngram::BruteForceSource source({});
  EXPECT_EQ(shared_passages(source, tokens_of("text"), {.before = {}, .min_tokens = 0}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(*shared_passages(source, {}, {.before = EntryIndex{5}}), SharedPassages{});
}

}  // namespace
}  // namespace tribute::trace
