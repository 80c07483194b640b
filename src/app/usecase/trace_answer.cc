#include "usecase/trace_answer.h"

#include <utility>

#include "ngram/cold_source.h"
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

AnswerTracer::AnswerTracer(workspace::Workspace& workspace, const TraceOptions& options)
    : workspace_(workspace), options_(options), workers_(std::make_unique<Workers>(options.threads)) {}

Result<AnswerTracer> AnswerTracer::open(workspace::Workspace& workspace, std::string_view model,
                                        const TraceOptions& options) {
  auto sql = TRY(workspace.database().begin());
  const auto row = TRY(require_model(sql, model));
  const auto in_force = TRY(model_in_force(workspace, sql, row.entry));
  AnswerTracer tracer(workspace, options);
  tracer.model_ = row.entry;
  tracer.policy_ = in_force.policy;
  tracer.log_size_ = TRY(workspace.log().size(sql));
  auto source = TRY(open_source(workspace, sql, in_force, tracer.log_size_));
  if (options.is_cold) {
    tracer.source_ = TRY(ngram::ColdSource::open(workspace.files(), std::move(source)));
  } else {
    tracer.source_ = std::make_unique<ngram::IndexSource>(std::move(source));
  }
  return tracer;
}

std::vector<Result<AttributionView>> AnswerTracer::trace(std::span<const Answer> answers) {
  std::vector<Result<Traced>> traced(answers.size());
  const auto trace_one = [&](const Answer& answer) -> Result<Traced> {
    auto tokenized = TRY(tokenize(workspace_, answer, policy_));
    auto attribution = TRY(trace::attribute(*source_, tokenized.tokens, tokenized.copied, policy_,
                                            {.datapoint_limit = options_.datapoint_limit}));
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
                                     const TraceOptions& options) {
  auto tracer = TRY(AnswerTracer::open(workspace, model, options));
  return std::move(tracer.trace({&answer, 1}).front());
}

}  // namespace tribute::usecase
