#include "usecase/audit_attacks.h"

#include "usecase/answer.h"
#include "usecase/lookup.h"

namespace tribute::usecase {

Result<std::vector<attacks::Row>> audit_attacks(workspace::Workspace& workspace, std::string_view model_name,
                                                const attacks::Options& options) {
  attacks::Setting setting;
  {
    auto sql = TRY(workspace.database().begin());
    const auto row = TRY(require_model(sql, model_name));
    const auto model = TRY(workspace.entry<record::Model>(sql, row.entry));
    setting.documents = TRY(documents_of(workspace, sql, model, TRY(workspace.log().size(sql))));
    setting.policy = model.policy;
    setting.terms = model.terms;
  }
  return attacks::table(setting, options);
}

}  // namespace tribute::usecase
