// tribute withdraw
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/decisions.h"
#include "usecase/purge.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string datanet;
  std::vector<std::string> ids;
};

Result<Exit> withdraw(Context& context, const Options& options) {
  using Views = std::vector<usecase::ContributionView>;
  const auto gone = TRY(context.in_workspace([&](workspace::Workspace& workspace) -> Result<Views> {
    auto withdrawn = usecase::withdraw_contributions(workspace, options.datanet, options.ids);
    if (withdrawn) TRY(usecase::purge_if_due(workspace, options.datanet, context.progress()));
    return withdrawn;
  }));
  print_contributions(context, gone);
  return Exit::done;
}

}  // namespace

std::vector<Command> withdraw_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("withdraw", "withdraw datapoints for good")
              .argument("DATANET", options->datanet, "the DataNet")
              .arguments("ID", options->ids, "the rows' ids")
              .details("From here on they count for no answer. Receipts that cite them stay valid. All of them are "
                       "withdrawn or, on an error, none. Their texts are erased after erase_days (30), or at once "
                       "by `tribute index purge`.")
              .example("tribute withdraw harbour reading-the-tide-table")
              .action([options](Context& context) { return withdraw(context, *options); })};
}

}  // namespace tribute::cli
