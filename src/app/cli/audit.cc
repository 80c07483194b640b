// tribute audit attacks
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/json.h"
#include "cli/table.h"
#include "usecase/audit_attacks.h"

namespace tribute::cli {
namespace {

constexpr uint32_t kMaxAnswers = 10'000;

struct Options {
  std::string model;
  std::optional<std::string> answers;
  std::optional<std::string> seed;
};

Json row_json(const attacks::Row& row) {
  return {{"attack", json_of(row.attack)},
          {"action", json_of(row.action)},
          {"answers", row.answers},
          {"honest_before_permille", row.honest_before_permille},
          {"honest_after_permille", row.honest_after_permille},
          {"attacker_before_permille", row.attacker_before_permille},
          {"attacker_after_permille", row.attacker_after_permille},
          {"gain_permille", row.gain_permille()}};
}

Result<Exit> attacks(Context& context, const Options& options) {
  attacks::Options simulation;
  if (options.answers) simulation.answers = TRY(parse_integer("--answers", *options.answers, 1, kMaxAnswers));
  if (options.seed) simulation.seed = TRY(parse_integer("--seed", *options.seed, 0, UINT32_MAX));
  const auto rows = TRY(context.in_workspace([&](workspace::Workspace& workspace) {
    return usecase::audit_attacks(workspace, options.model, simulation, context.progress());
  }));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& row : rows) items.push_back(row_json(row));
    print_json(context, list_json("attacks", std::move(items)));
    return Exit::done;
  }
  using Align = Table::Align;
  Table table({{"ATTACK"},
               {"HONEST BEFORE", Align::right},
               {"AFTER", Align::right},
               {"ATTACKER BEFORE", Align::right},
               {"AFTER", Align::right},
               {"THE ATTACKER", Align::left, 70}});
  for (const auto& row : rows) {
    table.add({row.attack, std::to_string(row.honest_before_permille), std::to_string(row.honest_after_permille),
               std::to_string(row.attacker_before_permille), std::to_string(row.attacker_after_permille), row.action});
  }
  context.out() << table.text();
  context.say("Thousandths of the contributors' pools of the simulated answers; docs/guide/attacks.md explains each");
  return Exit::done;
}

}  // namespace

std::vector<Command> audit_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("audit attacks", "simulate every known attack on the rule, and what it gains")
              .option("--model MODEL", options->model, "whose documents, policy and terms are attacked")
              .option("--answers N", options->answers, "simulated answers for each attack (default 20)")
              .option("--seed N", options->seed, "the same seed gives the same table everywhere (default 1)")
              .details("Works on copies in memory and writes nothing. Takes some seconds to minutes.")
              .example("tribute audit attacks --model llama")
              .action([options](Context& context) { return attacks(context, *options); })};
}

}  // namespace tribute::cli
