#include "cli/run.h"

#include <exception>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/help.h"
#include "cli/parse.h"

namespace tribute::cli {
namespace {

int complain(const Streams& streams, const Error& error) {
  streams.err << "tribute: " << terminal_text(error.message) << "\n" << std::flush;
  return static_cast<int>(error.code == ErrorCode::cancelled ? Exit::interrupted : Exit::error);
}

Result<Exit> print(const Streams& streams, std::string_view text) {
  streams.out << text;
  return Exit::done;
}

// What to do where no command is named: an overview, help on a noun, or an error.
Result<Exit> without_command(const Request& request, std::span<const Command> commands,
                             std::span<const Parameter> globals, const Streams& streams) {
  if (request.topic.empty()) return print(streams, overview(commands, globals));
  const std::string help = noun_help(request.topic, commands);
  if (request.help) return print(streams, help);
  std::string verbs;
  for (const Command& command : commands) {
    if (!command.words().starts_with(request.topic + " ")) continue;
    verbs += (verbs.empty() ? "" : ", ") + command.words().substr(request.topic.size() + 1);
  }
  return fail(ErrorCode::invalid_argument,
              "`tribute " + request.topic + "` needs one of " + verbs + "; see `tribute " + request.topic + " --help`");
}

Result<Exit> run_or_fail(std::span<const std::string> arguments, const Streams& streams,
                         const workspace::Environment& environment, const Surroundings& surroundings) {
  Globals globals;
  const std::vector<Parameter> parameters = global_parameters(globals);
  const std::vector<Command> commands = all_commands();
  const Request request = TRY(parse(commands, parameters, arguments));
  if (globals.version) return print(streams, "tribute " TRIBUTE_VERSION "\n");
  if (request.command == nullptr) return without_command(request, commands, parameters, streams);
  if (request.help) return print(streams, command_help(*request.command, parameters));

  const auto context = TRY(Context::create(request.topic, globals, streams, environment, surroundings));
  const uint64_t begun_ms = environment.clock.now_ms();
  const auto exit = request.command->run(*context);
  context->progress().end();
  context->log().info(request.topic + ": " + (exit ? "done" : "failed") + " after " +
                      std::to_string(environment.clock.now_ms() - begun_ms) + " ms");
  return exit;
}

}  // namespace

int run(std::span<const std::string> arguments, const Streams& streams, const workspace::Environment& environment,
        const Surroundings& surroundings) {
  try {
    const Result<Exit> exit = run_or_fail(arguments, streams, environment, surroundings);
    if (!exit) return complain(streams, exit.error());
    if (!streams.out.flush()) {
      return complain(streams, {ErrorCode::unavailable, "standard output cannot be written; is its disk full?"});
    }
    return static_cast<int>(*exit);
  } catch (const std::exception& exception) {
    return complain(streams,
                    {ErrorCode::internal, std::string("stopped by a failure inside Tribute: ") + exception.what()});
  }
}

}  // namespace tribute::cli
