// tribute init
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "workspace/layout.h"

namespace tribute::cli {
namespace {

struct Options {
  std::optional<std::string> folder;
  std::optional<std::string> tokenizer;
  std::optional<std::string> origin;
};

Result<Exit> init(Context& context, const Options& options) {
  if (options.folder && context.workspace_option_given()) {
    return fail(ErrorCode::invalid_argument, "the folder is given twice; give DIR or --workspace");
  }
  if (options.origin && options.origin->empty()) {
    return fail(ErrorCode::invalid_argument, "--origin is empty; give the log's name, or leave the option out");
  }
  const std::string folder = options.folder.value_or(context.workspace_folder());
  const std::string tokenizer = options.tokenizer.value_or("default");
  TRY(workspace::Workspace::init(context.environment(), folder,
                                 {.tokenizer = tokenizer, .origin = options.origin.value_or("")}));
  const workspace::Layout layout(folder);
  std::string key = TRY(io::read_file(context.environment().files, io::join(layout.log_folder(), "vkey")));
  key.erase(key.find_last_not_of('\n') + 1);
  const std::string origin = key.substr(0, key.find('+'));

  if (context.json()) {
    print_json(context, {{"workspace", json_of(folder)},
                         {"tokenizer", json_of(tokenizer)},
                         {"origin", json_of(origin)},
                         {"vkey", json_of(key)}});
    return Exit::done;
  }
  const std::string option = options.folder ? " --workspace " + *options.folder : "";
  context.out() << "Made a workspace in " << terminal_text(folder) << "\n"
                << "  settings   " << terminal_text(layout.settings_file()) << "\n"
                << "  log        " << terminal_text(origin) << "\n"
                << "  its key    " << terminal_text(key) << "\n"
                << "Auditors keep that key: with it they notice a log that was signed anew.\n\n"
                << "Next: tribute datanet create NAME --open" << terminal_text(option) << "\n";
  return Exit::done;
}

}  // namespace

std::vector<Command> init_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("init", "make a workspace")
              .argument("DIR", options->folder, "the new folder, absent or empty (else as --workspace says)")
              .option("--tokenizer NAME", options->tokenizer,
                      "bytes, default or a file; fixed for the workspace's life (default: default)")
              .option("--origin NAME", options->origin,
                      "the name of the log (default: tribute/ and 16 digits of its key's hash)")
              .details("Makes the folder, the settings file tribute.toml, the transparency log and its key. "
                       "Everything else happens in a workspace.")
              .example("tribute init")
              .example("tribute init ~/tribute-workspace --origin example.org/tribute")
              .action([options](Context& context) { return init(context, *options); })};
}

}  // namespace tribute::cli
