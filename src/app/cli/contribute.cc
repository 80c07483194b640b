// tribute contribute
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "datanet/key_file.h"
#include "usecase/contribute.h"
#include "usecase/purge.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string datanet;
  std::vector<std::string> paths;
  std::optional<std::string> contributor;
  std::optional<std::string> license;
  std::optional<std::string> key_file;
  bool strict = false;
};

Json report_json(const usecase::ContributeReport& report) {
  Json bad_rows = Json::array();
  for (const auto& row : report.bad_rows) {
    bad_rows.push_back(
        {{"file", json_of(row.place.file)}, {"line", row.place.line}, {"message", json_of(row.message)}});
  }
  Json repeated = Json::array();
  for (const auto& row : report.repeated) {
    repeated.push_back({{"id", json_of(row.id)},
                        {"entry", row.entry.value()},
                        {"original_id", json_of(row.original_id)},
                        {"original_entry", row.original.value()},
                        {"similarity_permille", row.similarity_permille}});
  }
  return {{"added_count", report.added_count},
          {"pending_count", report.pending_count},
          {"skipped_count", report.skipped_count},
          {"bad_count", report.bad_count},
          {"repeated_count", report.repeated_count},
          {"new_contributor_count", report.new_contributor_count},
          {"text_bytes", report.text_bytes},
          {"token_count", report.token_count},
          {"ignored_file_count", report.ignored_file_count},
          {"stopped", report.stopped},
          {"bad_rows", std::move(bad_rows)},
          {"repeated", std::move(repeated)}};
}

void print(Context& context, const Options& options, const usecase::ContributeReport& report) {
  std::ostream& out = context.out();
  out << "Added " << counted(report.added_count, "datapoint") << " to " << terminal_text(options.datanet) << ": "
      << bytes_text(report.text_bytes) << ", " << counted(report.token_count, "token") << "\n";
  const auto line = [&](uint64_t count, std::string_view noun, std::string_view text) {
    if (count != 0) out << "  " << counted(count, noun) << " " << text << "\n";
  };
  line(report.pending_count, "datapoint",
       "waiting for approval: tribute contribution approve " + terminal_text(options.datanet) + " --all");
  line(report.new_contributor_count, "contributor", "registered, without a key");
  line(report.skipped_count, "row", "skipped: already there with the same id and content");
  line(report.ignored_file_count, "file", "of another kind left out");
  line(report.repeated_count, "datapoint", "nearly or wholly repeating an earlier one:");
  for (const auto& row : report.repeated) {
    out << "    " << terminal_text(row.id) << " repeats " << percent_text(uint64_t{row.similarity_permille} * 1'000)
        << " of " << terminal_text(row.original_id) << "\n";
  }
  if (report.repeated_count > report.repeated.size()) out << "    …\n";
}

// Bad rows are talk: they are what to mend, and stdout keeps what was done.
void tell_bad_rows(Context& context, const usecase::ContributeReport& report) {
  for (const auto& row : report.bad_rows) context.say(datanet::describe(row));
  if (report.bad_count > report.bad_rows.size()) {
    context.say("… and " + counted(report.bad_count - report.bad_rows.size(), "more bad row"));
  }
}

// Prints the report and says what it means for the exit code.
Result<Exit> conclude(Context& context, const Options& options, const usecase::ContributeReport& report) {
  const bool undone = options.strict && report.bad_count != 0;
  if (context.json()) {
    print_json(context, report_json(report));
  } else {
    tell_bad_rows(context, report);
    if (!undone) print(context, options, report);
  }
  if (undone) {
    return fail(ErrorCode::invalid_argument,
                counted(report.bad_count, "bad row") + ", and nothing was written (--strict); mend and run again");
  }
  if (report.bad_count != 0) {
    context.say(counted(report.bad_count, "bad row") +
                " left out; mend and run again: what is already there is skipped");
  }
  if (report.stopped) {
    context.say(options.strict ? "Stopped, and nothing was written (--strict); run again"
                               : "Stopped; what is counted stays. Run again to go on where this ended");
    return Exit::interrupted;
  }
  return report.bad_count == 0 ? Exit::done : Exit::negative;
}

Result<Exit> contribute(Context& context, const Options& options) {
  usecase::ContributeRequest request{.datanet = options.datanet,
                                     .paths = options.paths,
                                     .contributor = options.contributor,
                                     .license = options.license,
                                     .signing_key = std::nullopt,
                                     .strict = options.strict};
  if (options.key_file) {
    request.signing_key = TRY(datanet::read_key_file(context.environment().files, *options.key_file));
  }
  const auto report =
      TRY(context.in_workspace([&](workspace::Workspace& workspace) -> Result<usecase::ContributeReport> {
        auto taken = usecase::contribute(workspace, request, context.in(), context.progress());
        if (taken && !taken->stopped) TRY(usecase::purge_if_due(workspace, options.datanet, context.progress()));
        return taken;
      }));
  return conclude(context, options, report);
}

}  // namespace

std::vector<Command> contribute_commands() {
  const auto options = std::make_shared<Options>();
  return {Command("contribute", "put documents into a DataNet")
              .argument("DATANET", options->datanet, "where they go")
              .arguments("PATH", options->paths,
                         "a .jsonl, .jsonl.zst, .jsonl.gz, .txt or .md file, a folder of these, or - for rows on "
                         "standard input")
              .option("--contributor NAME", options->contributor, "of rows and files that name none")
              .option("--license SPDX", options->license, "of rows and files that name none, as CC-BY-4.0")
              .option("--sign KEYFILE", options->key_file, "sign every row that has no signature with this key")
              .flag("--strict", options->strict, "one bad row, and nothing is written (exit code 2)")
              .details("A row is {\"id\", \"contributor\", \"license\", \"title\", \"text\", \"signature\"}, one JSON "
                       "object a line; a text file is one document, its relative path the id. Contributors that are "
                       "not known are registered without a key. Bad rows are named and left out (exit code 1). "
                       "Running the command again skips what is already there.")
              .example("tribute contribute harbour documents/harbour")
              .example("tribute contribute kitchen notes/ --contributor gwen-parry --license CC-BY-4.0")
              .example("zcat rows.jsonl.gz | tribute contribute harbour - --strict")
              .action([options](Context& context) { return contribute(context, *options); })};
}

}  // namespace tribute::cli
