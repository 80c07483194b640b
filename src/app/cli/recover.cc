// tribute recover
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "usecase/recover.h"

namespace tribute::cli {
namespace {

struct Options {
  bool from_log = false;
};

void print(Context& context, const usecase::RecoverReport& report) {
  if (context.json()) {
    Json advances = Json::array();
    for (const auto& advance : report.advances) {
      advances.push_back({{"payer", json_of(advance.payer)}, {"amount", json_of(advance.amount)}});
    }
    return print_json(context, {{"log_size", report.log_size},
                                {"old_log_size", report.old_log_size},
                                {"deposits", report.old_transfer_count},
                                {"idempotency_keys", report.old_charge_key_count},
                                {"advances", std::move(advances)}});
  }
  context.out() << "The database has all " << grouped(report.log_size) << " entries of the log again; it had "
                << grouped(report.old_log_size) << ".\n"
                << "Taken over from the old one: " << grouped(report.old_transfer_count) << " deposits, "
                << grouped(report.old_charge_key_count) << " idempotency keys.\n";
  for (const auto& advance : report.advances) {
    context.out() << "Payer " << terminal_text(advance.payer) << " was charged " << grouped(advance.amount)
                  << " millionths more than the deposits that are known; they are booked as a deposit.\n";
  }
}

Result<Exit> recover(Context& context, const Options& options) {
  if (!options.from_log) {
    return fail(ErrorCode::invalid_argument, "say what to recover from: `tribute recover --from-log`");
  }
  print(context, TRY(usecase::recover_from_log(context.environment(), context.workspace_folder(), context.progress())));
  if (!context.json())
    context.say("The old database stays as tribute.db.before-recovery; `tribute doctor` checks the new one");
  return Exit::done;
}

}  // namespace

std::vector<Command> recover_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("recover", "make the database again from the published log")
              .flag("--from-log", options->from_log, "from the log, the directory, the documents and the receipts")
              .details("For a database that is lost, or older than the log because it came from a backup. Deposits and "
                       "idempotency keys after that backup are in no log: what payers lack for their receipts is "
                       "booked as a deposit and listed.")
              .example("tribute recover --from-log")
              .action([options](Context& context) { return recover(context, *options); })};
}

}  // namespace tribute::cli
