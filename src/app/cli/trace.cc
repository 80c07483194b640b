// tribute trace
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/answer_files.h"
#include "cli/answer_json.h"
#include "cli/answer_text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "usecase/trace_answer.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> prompts;
  std::optional<std::string> datapoints;
  std::optional<std::string> file;
};

Result<Exit> trace(Context& context, const Options& options) {
  const uint32_t limit = TRY(parse_datapoint_limit(options.datapoints, context.json()));
  const usecase::Answer answer = TRY(read_answer(context, options.prompts, options.file.value_or("-")));
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::trace_answer(workspace, options.model, answer, limit); }));
  if (context.json()) {
    print_json(context, attribution_json(view));
  } else {
    context.out() << attribution_text(view, context.paint());
  }
  return Exit::done;
}

}  // namespace

std::vector<Command> trace_commands() {
  const auto options = std::make_shared<Options>();
  return {
      Command("trace", "find out which datapoints an answer came from")
          .option("--model MODEL", options->model, "the model that answered: its newest version")
          .option("--prompt FILE", options->prompts, "a message of the prompt, or - for standard input; once for each")
          .option("--datapoints N", options->datapoints,
                  "list at most this many datapoints of a passage (default 10 with --json, else 3)")
          .argument("FILE", options->file, "the answer's text (default: -, standard input)")
          .details("Writes nothing. What the answer repeats from its prompt is nobody's.")
          .example("tribute trace --model llama --prompt question.txt answer.txt")
          .example("echo 'Gather after a rough week' | tribute trace --model llama --json")
          .action([options](Context& context) { return trace(context, *options); })};
}

}  // namespace tribute::cli
