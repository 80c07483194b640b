// tribute account deposit, list, statement
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/table.h"
#include "usecase/accounts.h"

namespace tribute::cli {
namespace {

struct DepositOptions {
  std::string payer;
  std::string amount;
};

struct StatementOptions {
  std::string account;
};

Json view_json(const usecase::AccountView& view) {
  return {{"account", json_of(view.account)},
          {"name", view.name.empty() ? Json() : json_of(view.name)},
          {"balance", json_of(view.balance)}};
}

Result<Exit> deposit(Context& context, const DepositOptions& options) {
  const Amount amount = TRY(parse_amount_of("AMOUNT", options.amount));
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::deposit(workspace, options.payer, amount); }));
  if (context.json()) {
    print_json(context, view_json(view));
  } else {
    context.out() << terminal_text(view.account) << " now has " << grouped(view.balance) << " millionths\n";
  }
  return Exit::done;
}

Result<Exit> list(Context& context) {
  const auto views = TRY(context.in_workspace(usecase::list_accounts));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& view : views) items.push_back(view_json(view));
    print_json(context, list_json("accounts", std::move(items)));
    return Exit::done;
  }
  Table table({{"ACCOUNT"}, {"OF", Table::Align::left, 40}, {"BALANCE", Table::Align::right}});
  for (const auto& view : views) table.add({view.account, view.name, grouped(view.balance)});
  if (table.empty()) {
    context.say("There is no account yet; open one with `tribute account deposit PAYER AMOUNT`");
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

Result<Exit> statement(Context& context, const StatementOptions& options) {
  const auto lines = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::statement(workspace, options.account); }));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& line : lines) {
      items.push_back({{"sequence", line.sequence},
                       {"time_ms", line.time_ms},
                       {"other_account", json_of(line.other_account)},
                       {"change", json_of(line.change)},
                       {"balance", json_of(line.balance)},
                       {"key", json_of(line.key)},
                       {"entry", json_of(line.entry)}});
    }
    print_json(context, list_json("lines", std::move(items)));
    return Exit::done;
  }
  using Align = Table::Align;
  Table table(
      {{"TIME"}, {"CHANGE", Align::right}, {"BALANCE", Align::right}, {"FROM OR TO"}, {"TRANSFER", Align::right}});
  for (const auto& line : lines) {
    table.add({time_text(line.time_ms), grouped(line.change), grouped(line.balance), line.other_account,
               std::to_string(line.sequence)});
  }
  if (table.empty()) {
    context.say("Nothing was paid into or out of it yet");
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

}  // namespace

std::vector<Command> account_commands() {
  const auto deposited = std::make_shared<DepositOptions>();
  const auto stated = std::make_shared<StatementOptions>();
  return {
      Command("account deposit", "pay into a payer's account, and open it")
          .argument("PAYER", deposited->payer, "the payer's name")
          .argument("AMOUNT", deposited->amount, "millionths of the asset's unit, a whole number above 0")
          .example("tribute account deposit alice 5000000")
          .action([deposited](Context& context) { return deposit(context, *deposited); }),
      Command("account list", "list every account and its balance").example("tribute account list").action(list),
      Command("account statement", "list what was paid into and out of an account, oldest first")
          .argument("ACCOUNT", stated->account, "its id, or a payer's or contributor's name")
          .example("tribute account statement alice")
          .example("tribute account statement contributor:000000000004 --json")
          .action([stated](Context& context) { return statement(context, *stated); }),
  };
}

}  // namespace tribute::cli
