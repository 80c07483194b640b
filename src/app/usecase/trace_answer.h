// Use case: find out which datapoints answers came from.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/workers.h"
#include "ngram/index_source.h"
#include "usecase/answer.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// Attributes answers by the newest version of a model, as of when it was opened, on a fixed pool of threads. Writes
// nothing. Used by one thread; the workspace must outlive it.
class AnswerTracer {
 public:
  // Opens the model's index. `threads`: at least 1, the caller's among them.
  // Errors: not_found for a model, naming those there are; data_loss for a corrupt index, named.
  static Result<AnswerTracer> open(workspace::Workspace& workspace, std::string_view model, uint32_t threads);

  // What became of each answer, in their order. An answer is one thread's work from its text to its attribution.
  // Errors of one: out_of_range for a text that is too long to tokenize; data_loss for a corrupt index, named.
  std::vector<Result<AttributionView>> trace(std::span<const Answer> answers, uint32_t datapoint_limit);

 private:
  AnswerTracer(workspace::Workspace& workspace, EntryIndex model, record::Policy policy, uint64_t log_size,
               ngram::IndexSource source, uint32_t threads);

  workspace::Workspace& workspace_;
  EntryIndex model_;
  record::Policy policy_;
  uint64_t log_size_;
  ngram::IndexSource source_;
  std::unique_ptr<Workers> workers_;
};

// One answer, by the thread that calls. Errors: those of AnswerTracer.
Result<AttributionView> trace_answer(workspace::Workspace& workspace, std::string_view model, const Answer& answer,
                                     uint32_t datapoint_limit);

}  // namespace tribute::usecase
