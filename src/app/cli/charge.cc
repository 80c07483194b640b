// tribute charge
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/answer_files.h"
#include "cli/answer_json.h"
#include "cli/answer_text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "usecase/charge.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string model;
  std::string payer;
  std::vector<std::string> prompts;
  std::string output;
  std::optional<std::string> idempotency_key;
  std::optional<std::string> datapoints;
  bool dry_run = false;
};

std::string_view name_of(usecase::ChargeRefusal refusal) {
  switch (refusal) {
    case usecase::ChargeRefusal::key_reused: return "key_reused";
    case usecase::ChargeRefusal::unknown_payer: return "unknown_payer";
    case usecase::ChargeRefusal::insufficient_funds: return "insufficient_funds";
  }
  return "unknown";
}

Result<Exit> refuse(Context& context, const usecase::ChargeOutcome& outcome) {
  if (context.json()) {
    print_json(context, {{"refusal", name_of(*outcome.refusal)}, {"message", json_of(outcome.refusal_message)}});
  }
  context.say("tribute: refused: " + outcome.refusal_message);
  return Exit::negative;
}

Result<Exit> charge(Context& context, const Options& options) {
  usecase::ChargeRequest request{.model = options.model,
                                 .payer = options.payer,
                                 .answer = {},
                                 .idempotency_key = options.idempotency_key,
                                 .dry_run = options.dry_run};
  request.datapoint_limit = TRY(parse_datapoint_limit(options.datapoints, context.json()));
  request.answer = TRY(read_answer(context, options.prompts, options.output));
  const auto outcome =
      TRY(context.in_workspace([&](workspace::Workspace& workspace) { return usecase::charge(workspace, request); }));
  if (outcome.refusal) return refuse(context, outcome);
  if (context.json()) {
    print_json(context, receipt_json(*outcome.receipt));
  } else {
    context.out() << receipt_text(*outcome.receipt, context.paint());
  }
  if (outcome.receipt->repeated) {
    context.say("This idempotency key was charged before; the receipt is that of the first time");
  }
  return Exit::done;
}

}  // namespace

std::vector<Command> charge_commands() {
  const auto options = std::make_shared<Options>();
  return {
      Command("charge", "charge a payer for an answer and pay those it came from")
          .option("--model MODEL", options->model, "the model that answered: its newest version")
          .option("--payer NAME", options->payer, "who pays; `tribute account deposit` opens the account")
          .option("--prompt FILE", options->prompts, "a message of the prompt, or - for standard input; once for each")
          .option("--output FILE", options->output, "the answer's text, or - for standard input")
          .option("--idempotency-key KEY", options->idempotency_key,
                  "the same key with the same request prints the first receipt again")
          .option("--datapoints N", options->datapoints,
                  "list at most this many datapoints of a passage (default 10 with --json, else 3)")
          .flag("--dry-run", options->dry_run, "show what it would be; check no balance and write nothing")
          .details("Prints the receipt. A payer that is unknown or short, or a key that came with another request, "
                   "is refused: exit code 1, nothing is written.")
          .example("tribute charge --model llama --payer alice --prompt question.txt --output answer.txt")
          .example("tribute charge --model llama --payer alice --output answer.txt --dry-run --json")
          .action([options](Context& context) { return charge(context, *options); })};
}

}  // namespace tribute::cli
