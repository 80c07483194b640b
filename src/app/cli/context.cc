#include "cli/context.h"

#include <chrono>
#include <ostream>
#include <thread>

#include "cli/display.h"

namespace tribute::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenTries{5};

Result<bool> colored_for(const Globals& globals, const Surroundings& surroundings) {
  const std::string when = globals.color.value_or("auto");
  if (when == "always") return true;
  if (when == "never") return false;
  if (when == "auto") return surroundings.out_is_terminal && !surroundings.no_color;
  return fail(ErrorCode::invalid_argument, "--color must be auto, always or never, not '" + when + "'");
}

}  // namespace

Result<std::unique_ptr<Context>> Context::create(std::string words, const Globals& globals, const Streams& streams,
                                                 const workspace::Environment& environment,
                                                 const Surroundings& surroundings) {
  if (globals.workspace && globals.workspace->empty()) {
    return fail(ErrorCode::invalid_argument, "--workspace is empty; give the workspace's folder");
  }
  const bool colored = TRY(colored_for(globals, surroundings));
  std::unique_ptr<Context> context(new Context(std::move(words), globals, streams, environment, surroundings, colored));
  if (globals.log_level) TRY(context->log_.set_level(*globals.log_level));
  return context;
}

Context::Context(std::string words, const Globals& globals, const Streams& streams,
                 const workspace::Environment& environment, const Surroundings& surroundings, bool colored)
    : words_(std::move(words)),
      globals_(globals),
      streams_(streams),
      environment_(environment),
      surroundings_(surroundings),
      paint_(colored),
      progress_(streams.err, environment.clock,
                {.visible = surroundings.err_is_terminal, .columns = surroundings.columns, .stop = surroundings.stop}),
      log_(streams.err) {}

void Context::say(std::string_view line) {
  streams_.out.flush();  // so that data and talk stand in their order
  progress_.end();
  streams_.err << terminal_text(line) << "\n" << std::flush;
}

std::string Context::workspace_folder() const {
  if (globals_.workspace) return *globals_.workspace;
  return surroundings_.workspace.empty() ? "." : surroundings_.workspace;
}

std::string Context::holder() const {
  return "tribute " + words_ + ", process " + std::to_string(surroundings_.process);
}

Result<std::unique_ptr<workspace::Workspace>> Context::open_workspace(const workspace::Workspace::LockWait& wait) {
  const std::string folder = workspace_folder();
  auto workspace = TRY(workspace::Workspace::open(environment_, folder, holder(), wait));
  if (!globals_.log_level) TRY(log_.set_level(workspace->settings().log_level));
  log_.debug("opened the workspace " + folder);
  return workspace;
}

Result<std::unique_ptr<workspace::Workspace>> Context::open_workspace() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(surroundings_.lock_wait_ms);
  return open_workspace([this, end](const Error&) {
    if (stopped() || std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(kBetweenTries);
    return true;
  });
}

Result<std::unique_ptr<workspace::Workspace>> Context::open_whenever_free() {
  bool said = false;
  auto workspace = open_workspace([&](const Error& refusal) {
    if (stopped()) return false;
    if (!said) say("waiting: " + refusal.message);
    said = true;
    std::this_thread::sleep_for(kBetweenTries);
    return true;
  });
  if (!workspace && stopped()) return fail(ErrorCode::cancelled, "stopped; the index is as it was");
  return workspace;
}

}  // namespace tribute::cli
