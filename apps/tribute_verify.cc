// tribute-verify: audits a workspace from its published files alone. docs/guide/verify.md.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audit/audit.h"
#include "base/bytes.h"
#include "io/file_system.h"

namespace {

using tribute::Result;
namespace audit = tribute::audit;

constexpr int kError = 2;

struct Arguments {
  std::string public_folder;
  std::optional<std::string> sealed_folder;
  std::optional<std::string> key;
  std::optional<std::string> since;
  bool independent = false;
  bool json = false;
};

// "entries 12/200" on one line of a terminal, and nothing into a pipe.
void show_progress(std::string_view stage, uint64_t done, uint64_t total) {
  std::cerr << "\r\033[K" << stage << " " << done << "/" << total << (done == total ? "\r\033[K" : "") << std::flush;
}

std::string error_line(std::string_view what) { return "tribute-verify: " + tribute::to_printable_utf8(what) + "\n"; }

Result<audit::Report> run(const Arguments& arguments) {
  const std::unique_ptr<tribute::io::FileSystem> files = tribute::io::make_real_file_system();
  audit::Options options{.public_folder = arguments.public_folder, .sealed_folder = arguments.sealed_folder};
  if (arguments.key) options.key = TRY(audit::text_or_file(*files, *arguments.key));
  if (arguments.since) options.kept_checkpoint = TRY(audit::text_or_file(*files, *arguments.since));
  if (arguments.sealed_folder && !TRY(files->exists(*arguments.sealed_folder))) {
    return tribute::fail(tribute::ErrorCode::not_found, *arguments.sealed_folder + ": there is no such folder");
  }
  options.independent = arguments.independent;
  if (isatty(STDERR_FILENO) != 0) options.progress = show_progress;
  return audit::verify(*files, options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Recomputes a Tribute log and every receipt in it from the workspace's published files, and says what is wrong, "
      "what it could not check, and what it had to trust.\n"
      "Exit code 0: everything that was checked is right; 1: something is wrong; 2: it could not be read.");
  Arguments arguments;
  app.add_option("PUBLIC", arguments.public_folder, "the workspace's public/ folder")->required();
  app.add_option("--sealed", arguments.sealed_folder, "its sealed/ folder, as given to auditors");
  app.add_option("--key", arguments.key, "the log's verifier key as you kept it, or a file with it");
  app.add_option("--since", arguments.since, "a file with a checkpoint of the log that you kept");
  app.add_flag("--independent", arguments.independent,
               "recompute receipts by the rule written out, without the engine (slow)");
  app.add_flag("--json", arguments.json, "print the report as one JSON object");
  app.set_version_flag("--version", "tribute-verify " TRIBUTE_VERSION, "print the version");
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return error_line(std::string(error.what()) + "; see `tribute-verify --help`");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kError;
  }

  const Result<audit::Report> report = run(arguments);
  if (!report) {
    std::cerr << error_line(report.error().message);
    return kError;
  }
  std::cout << (arguments.json ? audit::to_json(*report) : tribute::to_printable_utf8(audit::to_text(*report)));
  return audit::exit_code(*report);
}
