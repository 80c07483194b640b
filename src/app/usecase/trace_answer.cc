#include "usecase/trace_answer.h"

#include "usecase/lookup.h"

namespace tribute::usecase {
namespace {

Result<AttributionBasis> basis_of(workspace::Workspace& workspace, std::string_view model_name, const Answer& answer) {
  auto sql = TRY(workspace.database().begin());
  const auto row = TRY(require_model(sql, model_name));
  const auto model = TRY(workspace.entry<record::Model>(sql, row.entry));
  auto tokenized = TRY(tokenize(workspace, answer, model.policy));
  return AttributionBasis{.model = row.entry,
                          .log_size = TRY(workspace.log().size(sql)),
                          .tokens = std::move(tokenized.tokens),
                          .copied = std::move(tokenized.copied)};
}

}  // namespace

Result<AttributionView> trace_answer(workspace::Workspace& workspace, std::string_view model, const Answer& answer,
                                     uint32_t datapoint_limit) {
  const auto basis = TRY(basis_of(workspace, model, answer));
  return view_of(workspace, basis, TRY(attribute_at(workspace, basis, datapoint_limit)));
}

}  // namespace tribute::usecase
