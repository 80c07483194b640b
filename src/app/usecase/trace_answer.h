// Use case: find out which datapoints answers came from.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/workers.h"
#include "ngram/span_source.h"
#include "usecase/answer.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct TraceOptions {
  uint32_t datapoint_limit = 10;  // list so many datapoints of a passage
  uint32_t threads = 1;           // at least 1, the caller's among them
  // The index is read from disk past the page cache, for one that is larger than memory; else by the page cache.
  // Threads then wait for each other's reads.
  bool is_cold = false;
};

// Attributes answers by the newest version of a model, as of when it was opened, on a fixed pool of threads. Writes
// nothing. Used by one thread; the workspace must outlive it.
class AnswerTracer {
 public:
  // Opens the model's index.
  // Errors: not_found for a model, naming those there are; data_loss for a corrupt index, named.
  static Result<AnswerTracer> open(workspace::Workspace& workspace, std::string_view model,
                                   const TraceOptions& options);

  // What became of each answer, in their order. An answer is one thread's work from its text to its attribution.
  // Errors of one: out_of_range for a text that is too long to tokenize; data_loss for a corrupt index, named.
  std::vector<Result<AttributionView>> trace(std::span<const Answer> answers);

 private:
  AnswerTracer(workspace::Workspace& workspace, const TraceOptions& options);

  workspace::Workspace& workspace_;
  TraceOptions options_;
  std::unique_ptr<Workers> workers_;
  EntryIndex model_;
  record::Policy policy_;
  uint64_t log_size_ = 0;
  std::unique_ptr<ngram::SpanSource> source_;
};

// One answer. Errors: those of AnswerTracer.
Result<AttributionView> trace_answer(workspace::Workspace& workspace, std::string_view model, const Answer& answer,
                                     const TraceOptions& options);

}  // namespace tribute::usecase
