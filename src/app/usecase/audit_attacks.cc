#include "usecase/audit_attacks.h"

#include <utility>

#include "usecase/answer.h"
#include "usecase/lookup.h"
#include "usecase/manifests.h"

namespace tribute::usecase {

Result<std::vector<attacks::Row>> audit_attacks(workspace::Workspace& workspace, std::string_view model_name,
                                                attacks::Options options, workspace::Progress& progress) {
  attacks::Setting setting;
  {
    auto sql = TRY(workspace.database().begin());
    const auto row = TRY(require_model(sql, model_name));
    const auto model = TRY(model_in_force(workspace, sql, row.entry));
    setting.documents = TRY(documents_of(workspace, sql, model, TRY(workspace.log().size(sql))));
    setting.policy = model.policy;
    setting.terms = model.terms;
  }
  bool begun = false;
  options.goes_on = [&](size_t done, size_t total) {
    if (!std::exchange(begun, true)) progress.begin("attacking", total, "attacks");
    progress.advance(done);
    return !progress.stop_requested();
  };
  auto rows = attacks::table(setting, options);
  progress.end();
  return rows;
}

}  // namespace tribute::usecase
