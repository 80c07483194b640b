// tribute: the command line. Everything it does is in src/app/cli; here is what only a process has.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "cli/run.h"
#include "io/clock.h"
#include "io/file_system.h"
#include "io/random.h"

namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): a signal handler reaches nothing else.
std::atomic<bool> stop_requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

// The first Ctrl-C asks long work to end with what it has; the second one ends the process.
void stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { stop_requested = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

// A merge that goes on beside has the workspace for moments (docs/design/0015-living-indexes.md).
constexpr uint32_t kLockWaitMs = 3'000;

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): there is one thread
  return value == nullptr ? "" : value;
}

uint32_t terminal_columns() {
  constexpr uint32_t kDefault = 100;
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefault;
}

}  // namespace

int main(int argument_count, char** arguments) {
  stop_on_signals();
  const auto files = tribute::io::make_real_file_system();
  const auto clock = tribute::io::make_system_clock();
  const auto random = tribute::io::make_system_random();
  return tribute::cli::run(
      std::vector<std::string>(arguments + std::min(argument_count, 1), arguments + argument_count),
      {.in = std::cin, .out = std::cout, .err = std::cerr}, {.files = *files, .clock = *clock, .random = *random},
      {.workspace = variable("TRIBUTE_WORKSPACE"),
       .no_color = !variable("NO_COLOR").empty(),
       .out_is_terminal = isatty(STDOUT_FILENO) != 0,
       .err_is_terminal = isatty(STDERR_FILENO) != 0,
       .columns = terminal_columns(),
       .process = static_cast<uint64_t>(getpid()),
       .lock_wait_ms = kLockWaitMs,
       .stop = &stop_requested});
}
