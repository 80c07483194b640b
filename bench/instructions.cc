// instructions QUESTION: asks the engine one kind of question about real documents, for instructions.sh, which counts
// the instructions within measured(). Prints how many were asked. TRIBUTE_BENCH_CORPUS and TRIBUTE_BENCH_FOLDER as in
// library.h; without a question, only the index is made.
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "library.h"
#include "lm/model.h"
#include "ngram/index_source.h"
#include "ngram/search.h"
#include "ngram/segment_shard.h"
#include "trace/trace.h"
#include "trace/trace_stream.h"

namespace tribute::bench {
namespace {

// What instructions.sh counts: all that happens in here.
[[gnu::noipa]] uint64_t measured(const std::function<uint64_t()>& ask) { return ask(); }

constexpr int kError = 2;

// A question asked about everything in the library once; how often that was.
using Question = std::function<uint64_t()>;

uint64_t match_texts(const ngram::IndexSource& source, const std::vector<Tokens>& texts) {
  for (const Tokens& text : texts) CHECK(source.longest_matches(text).has_value());
  return texts.size();
}

uint64_t attribute_texts(const ngram::IndexSource& source, const std::vector<Tokens>& texts) {
  const std::vector<bool> copied(kTextTokens);
  for (const Tokens& text : texts) CHECK(trace::attribute(source, text, copied, trace::Policy{}).has_value());
  return texts.size();
}

uint64_t attribute_written_texts(const ngram::IndexSource& source, const std::vector<Tokens>& texts) {
  for (const Tokens& text : texts) {
    auto stream = trace::TraceStream::begin(source, trace::Policy{});
    CHECK(stream.has_value());
    for (const TokenId token : text) CHECK(stream->push({&token, 1}).has_value());
    CHECK(std::move(*stream).finish(std::vector<bool>(kTextTokens)).has_value());
  }
  return texts.size();
}

uint64_t count_runs(const ngram::IndexSource& source, const std::vector<RunBatch>& batches) {
  const ngram::SegmentSearch search(source.indexes()[0].segments()[0]);
  uint64_t count = 0;
  for (const auto& [text, runs] : batches) count += search.find(text, runs).size();
  return count;
}

uint64_t ask_probabilities(const lm::Model& model, const std::vector<Continued>& contexts) {
  for (const auto& [context, next] : contexts) CHECK(model.infinity_probability(context, next).has_value());
  return contexts.size();
}

uint64_t ask_next_tokens(const lm::Model& model, const std::vector<Continued>& contexts) {
  for (const auto& [context, next] : contexts) CHECK(model.distribution(context).has_value());
  return contexts.size();
}

std::map<std::string, Question> questions_of(const Library& library, const ngram::IndexSource& source,
                                             const lm::Model& model) {
  constexpr size_t kAtOnce = 64;
  constexpr size_t kContextOfFive = 4;
  const auto& held_out = library.texts(false);
  const auto& copied = library.texts(true);
  return {
      {"matches-held-out", [&] { return match_texts(source, held_out); }},
      {"matches-copied", [&] { return match_texts(source, copied); }},
      {"attribution-held-out", [&] { return attribute_texts(source, held_out); }},
      {"attribution-copied", [&] { return attribute_texts(source, copied); }},
      {"attribution-as-written-held-out", [&] { return attribute_written_texts(source, held_out); }},
      {"attribution-as-written-copied", [&] { return attribute_written_texts(source, copied); }},
      {"count-alone", [&source, batches = batches_of_five(library, 1)] { return count_runs(source, batches); }},
      {"count-in-64s", [&source, batches = batches_of_five(library, kAtOnce)] { return count_runs(source, batches); }},
      {"infinity-probability",
       [&model, contexts = contexts_of(library, kMostContextTokens)] { return ask_probabilities(model, contexts); }},
      {"next-tokens-of-four",
       [&model, contexts = contexts_of(library, kContextOfFive)] { return ask_next_tokens(model, contexts); }},
  };
}

int run(int argc, char** argv) {
  const Library* const library = Library::get();
  if (library == nullptr) {
    std::fputs("instructions: there is no corpus to read; name one in TRIBUTE_BENCH_CORPUS\n", stderr);
    return kError;
  }
  if (argc < 2) return 0;
  std::vector<ngram::Index> indexes;
  indexes.push_back(library->open());
  const auto source = ngram::IndexSource::open(std::move(indexes));
  CHECK(source.has_value());
  const ngram::SegmentShard shard(source->indexes()[0].segments()[0]);
  const lm::Model model({&shard});
  const auto questions = questions_of(*library, *source, model);
  const auto question = questions.find(argv[1]);
  if (question == questions.end()) {
    std::string line = "instructions: no such question; these are:";
    for (const auto& [name, ask] : questions) line += " " + name;
    std::fputs((line + "\n").c_str(), stderr);
    return kError;
  }
  question->second();  // what is read for the first time is verified, which is not counted
  std::printf("%llu\n", static_cast<unsigned long long>(measured(question->second)));
  return 0;
}

}  // namespace
}  // namespace tribute::bench

int main(int argc, char** argv) { return tribute::bench::run(argc, argv); }
