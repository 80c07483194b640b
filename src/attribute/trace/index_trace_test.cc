// The rule over a suffix-array index: attribute() on an IndexSource against the rule written out.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "io/memory_file_system.h"
#include "ngram/index_source.h"
#include "ngram/manifest.h"
#include "ngram/segment_writer.h"
#include "trace/naive.h"
#include "trace/testing/datanets.h"
#include "trace/trace_stream.h"

namespace tribute::trace {
namespace {

using ngram::Document;
using ngram::Role;
using testing::Maker;
using testing::Tokens;

constexpr uint32_t kVocabularySize = 256;

// The documents in two DataNets, the guards in one of their own, each in up to three segments.
ngram::IndexSource source_of(Maker& maker, const std::vector<Document>& documents,
                             const std::vector<EntryIndex>& withdrawn, const std::vector<EntryIndex>& tombstones) {
  io::MemoryFileSystem files;
  std::vector<ngram::Index> indexes;
  for (const Role role : {Role::paid, Role::guard}) {
    std::vector<ngram::SegmentWriter> writers;
    const uint32_t segment_count = 1 + maker.below(3);
    for (uint32_t i = 0; i < segment_count; ++i) writers.emplace_back(kVocabularySize);
    std::vector<EntryIndex> dead;
    for (const Document& document : documents) {
      if (document.role != role) continue;
      auto& writer = writers[maker.below(segment_count)];
      EXPECT_TRUE(writer.add(document.entry, document.contributor, document.tokens).has_value());
      if (std::ranges::binary_search(tombstones, document.entry)) dead.push_back(document.entry);
    }
    std::vector<ngram::Segment> segments;
    for (auto& writer : writers) {
      if (writer.document_count() == 0) continue;
      segments.push_back(*ngram::Segment::open(files, ".", *std::move(writer).write(files, ".")));
    }
    const ngram::ManifestHead head{.datanet = EntryIndex{role == Role::paid ? 1U : 2U},
                                   .role = role,
                                   .tokenizer_sha256 = sha256("tokenizer"),
                                   .vocabulary_size = kVocabularySize,
                                   .log_size = uint64_t{1} << 40};
    const auto name = ngram::write_manifest(files, ".", *ngram::make_manifest(head, segments, dead));
    indexes.push_back(*ngram::Index::open(files, ".", *name));
  }
  auto source = ngram::IndexSource::open(std::move(indexes), withdrawn);
  EXPECT_TRUE(source.has_value());
  return std::move(*source);
}

// Some tokens at a time: what is final is said at once, nothing that is not is, and in the end it is all the same.
void expect_stream_agrees(const ngram::SpanSource& source, const Tokens& answer, const std::vector<bool>& copied,
                          const Policy& policy, const Options& options, Maker& maker) {
  auto stream = *TraceStream::begin(source, policy, options);
  std::vector<Span> finals;
  for (size_t size = 0; size < answer.size();) {
    const size_t step = std::min<size_t>(answer.size() - size, maker.chance(700) ? 1 : maker.below(12));
    const auto added = stream.push(std::span(answer).subspan(size, step));
    RC_ASSERT(added.has_value());
    finals.insert(finals.end(), added->begin(), added->end());
    size += step;
    const std::vector<bool> none(size, false);
    auto expected = attribute(source, std::span(answer).first(size), none, policy, options)->spans;
    std::erase_if(expected, [size](const Span& span) { return span.run.end == size; });
    RC_ASSERT(finals == expected);
  }
  const auto streamed = std::move(stream).finish(copied);
  RC_ASSERT(streamed.has_value());
  RC_ASSERT(*streamed == *attribute(source, answer, copied, policy, options));
}

TEST(IndexTrace, AgreesWithTheRuleWrittenOut) {
  std::map<Fate, uint64_t> fates;
  EXPECT_TRUE(rc::check([&] {
    Maker maker(*rc::gen::arbitrary<uint64_t>(), {.alphabet = *rc::gen::element(1U, 2U, 3U, 4U, 256U),
                                                  .documents = *rc::gen::inRange(0U, 14U),
                                                  .document_tokens = *rc::gen::inRange(1U, 60U),
                                                  .contributors = *rc::gen::inRange(1U, 12U),
                                                  .guard_permille = *rc::gen::element(0U, 50U, 500U)});
    const auto documents = maker.documents();
    std::vector<Document> live;
    std::vector<EntryIndex> withdrawn;
    std::vector<EntryIndex> tombstones;
    for (const Document& document : documents) {
      if (maker.chance(100)) {
        withdrawn.push_back(document.entry);
      } else if (maker.chance(100)) {
        tombstones.push_back(document.entry);
      } else {
        live.push_back(document);
      }
    }
    const ngram::IndexSource source = source_of(maker, documents, withdrawn, tombstones);
    const Options options{.datapoint_limit = *rc::gen::inRange(0U, 4U)};
    for (int i = 0; i < 20; ++i) {
      const Tokens answer = maker.answer(documents, 60);
      const auto copied = maker.flags(answer.size());
      const Policy policy = maker.policy();
      const auto fast = attribute(source, answer, copied, policy, options);
      RC_ASSERT(fast.has_value());
      RC_ASSERT(*fast == naive_attribute(live, answer, copied, policy, options));
      for (const TokenFate& token : fast->tokens) ++fates[token.fate];
      if (i % 5 == 0) expect_stream_agrees(source, answer, copied, policy, options, maker);
    }
  }));
  for (const Fate fate : {Fate::none, Fate::owned, Fate::common, Fate::copied}) EXPECT_GT(fates[fate], 200U);
}

}  // namespace
}  // namespace tribute::trace
