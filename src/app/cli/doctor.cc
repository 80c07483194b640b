// tribute doctor
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "usecase/doctor.h"

namespace tribute::cli {
namespace {

Json report_json(const usecase::DoctorReport& report) {
  Json checks = Json::array();
  for (const auto& check : report.checks) {
    checks.push_back({{"what", json_of(check.what)}, {"passed", check.passed}, {"finding", json_of(check.finding)}});
  }
  Json notes = Json::array();
  for (const auto& note : report.notes) notes.push_back(json_of(note));
  return {{"healthy", report.healthy()}, {"checks", std::move(checks)}, {"notes", std::move(notes)}};
}

Result<Exit> doctor(Context& context) {
  const auto report = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::examine(workspace, context.progress()); }));
  if (context.json()) {
    print_json(context, report_json(report));
  } else {
    for (const auto& check : report.checks) {
      context.out() << (check.passed ? context.paint().good("ok    ") : context.paint().bad("WRONG "))
                    << terminal_text(check.what) << "\n";
      if (!check.passed) context.out() << "      " << terminal_text(check.finding) << "\n";
    }
    for (const auto& note : report.notes) context.out() << "note  " << terminal_text(note) << "\n";
  }
  return report.healthy() ? Exit::done : Exit::negative;
}

}  // namespace

std::vector<Command> doctor_commands() {
  return {Command("doctor", "check everything in the workspace against everything else")
              .details("Database, ledger, registry, log, documents, indexes and receipts. Writes nothing. Exit code 1 "
                       "if something is wrong.")
              .example("tribute doctor")
              .action(doctor)};
}

}  // namespace tribute::cli
