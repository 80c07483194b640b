#include "ngram/segment_merge.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "ngram/testing/documents.h"

namespace tribute::ngram {
namespace {

using testing::document_of;
using testing::Library;
using testing::Random;

Hash256 merged(Library& library, uint32_t vocabulary_size, const std::vector<const Segment*>& segments,
               const std::vector<EntryIndex>& dropped) {
  SegmentWriter writer(vocabulary_size);
  SegmentMerge merge(segments, dropped);
  EXPECT_TRUE(merge.add_below(EntryIndex{5}, writer).has_value());
  EXPECT_TRUE(merge.add_rest(writer).has_value());
  return *std::move(writer).write(library.files(), ".");
}

// A segment is a function of its documents: any way to the same documents gives the same file.
TEST(SegmentMerge, GivesTheSameBytesWhateverTheHistory) {
  EXPECT_TRUE(rc::check([] {
    Random random(*rc::gen::arbitrary<uint64_t>());
    constexpr uint32_t kVocabularySize = 300;
    std::vector<Document> documents;
    for (uint32_t i = 0; i < 12; ++i) {
      documents.push_back(document_of(2 * i, random.below(3), random.text(kVocabularySize, 3, 30, documents)));
    }
    std::vector<Document> kept;
    std::vector<EntryIndex> dropped;
    for (const Document& document : documents) {
      if (random.chance(250)) {
        dropped.push_back(document.entry);
      } else {
        kept.push_back(document);
      }
    }
    Library library(kVocabularySize);
    const Hash256 at_once = library.write_segment(kept);
    for (int history = 0; history < 3; ++history) {
      std::vector<std::vector<Document>> parts(4);
      for (const Document& document : documents) parts[random.below(4)].push_back(document);
      std::vector<Segment> segments;
      for (const auto& part : parts) segments.push_back(library.segment(part));
      const Hash256 first = merged(library, kVocabularySize, {&segments[2], &segments[0]}, dropped);
      const Hash256 second = merged(library, kVocabularySize, {&segments[1], &segments[3]}, {});
      const Segment a = *Segment::open(library.files(), ".", first);
      const Segment b = *Segment::open(library.files(), ".", second);
      RC_ASSERT(merged(library, kVocabularySize, {&b, &a}, dropped) == at_once);
    }
  }));
}

TEST(SegmentMerge, KeepsTheTiers) {
  using Loads = std::vector<SegmentLoad>;
  const auto to_merge = [](const Loads& loads, uint64_t tokens) { return segments_to_merge(loads, tokens); };
  using Indexes = std::vector<size_t>;
  EXPECT_EQ(to_merge({}, 10), Indexes());
  EXPECT_EQ(to_merge({{100, 0}}, 10), Indexes());
  EXPECT_EQ(to_merge({{20, 0}}, 10), Indexes{0});
  EXPECT_EQ(to_merge({{21, 0}}, 10), Indexes());
  EXPECT_EQ(to_merge({{1000, 0}, {30, 0}, {10, 0}}, 5), (Indexes{1, 2}));
  EXPECT_EQ(to_merge({{100, 0}, {30, 0}}, 10), Indexes());
  EXPECT_EQ(to_merge({{79, 0}, {30, 0}}, 10), (Indexes{0, 1}));  // 30 alone stays, but 79 is at most 2 · (30 + 10)
  EXPECT_EQ(to_merge({{1000, 1001}, {50, 0}}, 10), Indexes{0});
  EXPECT_EQ(to_merge({{1000, 1000}}, 0), Indexes());
  EXPECT_EQ(to_merge({{1000, 0}}, 0), Indexes());
  EXPECT_EQ(to_merge({{uint64_t{1} << 30, 0}}, uint64_t{1} << 30), Indexes());  // would not fit
}

TEST(SegmentMerge, AnyContributionsLeaveFewSegments) {
  EXPECT_TRUE(rc::check([] {
    std::vector<SegmentLoad> loads;
    uint64_t total = 0;
    for (const uint32_t added : *rc::gen::container<std::vector<uint32_t>>(rc::gen::inRange(1U, 5000U))) {
      SegmentLoad next{added, 0};
      total += added;
      const auto merged = segments_to_merge(loads, added);
      for (const size_t i : merged) next.live_tokens += loads[i].live_tokens;
      for (auto i = merged.rbegin(); i != merged.rend(); ++i)
        loads.erase(loads.begin() + static_cast<std::ptrdiff_t>(*i));
      loads.push_back(next);
      std::ranges::sort(loads, {}, &SegmentLoad::live_tokens);
      uint64_t smaller = 0;
      for (const SegmentLoad& load : loads) {
        RC_ASSERT(smaller == 0 || load.live_tokens > 2 * smaller);
        smaller += load.live_tokens;
      }
      RC_ASSERT(smaller == total);
    }
  }));
}

}  // namespace
}  // namespace tribute::ngram
