#include "usecase/trace_answer.h"

#include <utility>

#include "usecase/lookup.h"
#include "usecase/manifests.h"

namespace tribute::usecase {
namespace {

// An answer by its tokens, and what was found out about it.
struct Traced {
  AttributionBasis basis;
  trace::Attribution attribution;
};

}  // namespace

AnswerTracer::AnswerTracer(workspace::Workspace& workspace, EntryIndex model, record::Policy policy, uint64_t log_size,
                           ngram::IndexSource source, uint32_t threads)
    : workspace_(workspace),
      model_(model),
      policy_(policy),
      log_size_(log_size),
      source_(std::move(source)),
      workers_(std::make_unique<Workers>(threads)) {}

Result<AnswerTracer> AnswerTracer::open(workspace::Workspace& workspace, std::string_view model, uint32_t threads) {
  auto sql = TRY(workspace.database().begin());
  const auto row = TRY(require_model(sql, model));
  const uint64_t log_size = TRY(workspace.log().size(sql));
  const auto in_force = TRY(model_in_force(workspace, sql, row.entry));
  auto source = TRY(open_source(workspace, sql, in_force, log_size));
  return AnswerTracer(workspace, row.entry, in_force.policy, log_size, std::move(source), threads);
}

std::vector<Result<AttributionView>> AnswerTracer::trace(std::span<const Answer> answers, uint32_t datapoint_limit) {
  std::vector<Result<Traced>> traced(answers.size());
  const auto trace_one = [&](const Answer& answer) -> Result<Traced> {
    auto tokenized = TRY(tokenize(workspace_, answer, policy_));
    auto attribution = TRY(
        trace::attribute(source_, tokenized.tokens, tokenized.copied, policy_, {.datapoint_limit = datapoint_limit}));
    return Traced{.basis = {.model = model_,
                            .log_size = log_size_,
                            .tokens = std::move(tokenized.tokens),
                            .copied = std::move(tokenized.copied)},
                  .attribution = std::move(attribution)};
  };
  workers_->run_each(answers.size(), [&](size_t i) { traced[i] = trace_one(answers[i]); });
  std::vector<Result<AttributionView>> views;
  for (const Result<Traced>& each : traced) {
    views.push_back(each ? view_of(workspace_, each->basis, each->attribution) : std::unexpected(each.error()));
  }
  return views;
}

Result<AttributionView> trace_answer(workspace::Workspace& workspace, std::string_view model, const Answer& answer,
                                     uint32_t datapoint_limit) {
  auto tracer = TRY(AnswerTracer::open(workspace, model, 1));
  return std::move(tracer.trace({&answer, 1}, datapoint_limit).front());
}

}  // namespace tribute::usecase
