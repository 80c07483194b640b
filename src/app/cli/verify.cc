// tribute verify
#include <memory>
#include <ostream>

#include "audit/audit.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "workspace/layout.h"

namespace tribute::cli {
namespace {

struct Options {
  std::optional<std::string> key;
  std::optional<std::string> since;
  bool independent = false;
};

// Reads public/ and sealed/ alone, as any auditor would, so that it needs no lock.
Result<Exit> verify(Context& context, const Options& options) {
  io::FileSystem& files = context.environment().files;
  const workspace::Layout layout(context.workspace_folder());
  if (!TRY(files.exists(layout.public_folder()))) {
    return fail(ErrorCode::not_found, layout.root() +
                                          ": no workspace is here; make one with `tribute init`, or name it "
                                          "with --workspace");
  }
  audit::Options audited;
  audited.public_folder = layout.public_folder();
  if (TRY(files.exists(layout.sealed_folder()))) audited.sealed_folder = layout.sealed_folder();
  if (options.key) audited.key = TRY(audit::text_or_file(files, *options.key));
  if (options.since) audited.kept_checkpoint = TRY(audit::text_or_file(files, *options.since));

  audited.independent = options.independent;

  std::string stage;
  audited.progress = [&](std::string_view now, uint64_t done, uint64_t total) {
    if (stage != now) {
      stage = now;
      context.progress().begin("verifying", total, now);
    }
    context.progress().advance(done);
  };
  const audit::Report report = TRY(audit::verify(files, audited));
  context.progress().end();
  context.out() << (context.json() ? audit::to_json(report) : terminal_text(audit::to_text(report), Lines::many));
  return report.is_right() ? Exit::done : Exit::negative;
}

}  // namespace

std::vector<Command> verify_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("verify", "recompute the log and every receipt from the workspace's published files")
              .option("--key VKEY", options->key, "the log's key as you kept it, or a file with it")
              .option("--since CHECKPOINT", options->since, "a file with a checkpoint that you kept")
              .flag("--independent", options->independent,
                    "recompute receipts by the rule written out, without the engine (slow)")
              .details("Says what is wrong and why, what could not be checked, and what had to be trusted. Reads "
                       "public/ and sealed/ alone and needs no lock; `tribute-verify` does the same where there is no "
                       "workspace. Exit code 1 if something is wrong.")
              .example("tribute verify")
              .example("tribute verify --key \"$(cat vkey)\" --since last-month.checkpoint --json")
              .action([options](Context& context) { return verify(context, *options); })};
}

}  // namespace tribute::cli
