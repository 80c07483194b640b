// tribute withdraw
#include <memory>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/decisions.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string datanet;
  std::vector<std::string> ids;
};

Result<Exit> withdraw(Context& context, const Options& options) {
  print_contributions(context, TRY(context.in_workspace([&](workspace::Workspace& workspace) {
                        return usecase::withdraw_contributions(workspace, options.datanet, options.ids);
                      })));
  return Exit::done;
}

}  // namespace

std::vector<Command> withdraw_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("withdraw", "withdraw datapoints for good")
              .argument("DATANET", options->datanet, "the DataNet")
              .arguments("ID", options->ids, "the rows' ids")
              .details("From here on they count for no answer. Receipts that cite them stay valid. All of them are "
                       "withdrawn or, on an error, none.")
              .example("tribute withdraw harbour reading-the-tide-table")
              .action([options](Context& context) { return withdraw(context, *options); })};
}

}  // namespace tribute::cli
