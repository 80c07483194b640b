// extremes_evaluation: whether indexes of extreme corpora answer as their naive twins do. docs/benchmarks.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "extremes/build.h"
#include "extremes/check.h"
#include "extremes/extreme.h"
#include "io/file_system.h"

namespace {

using tribute::Result;
namespace extremes = tribute::extremes;
using extremes::Building;
using extremes::Built;

constexpr int kDisagreement = 1;
constexpr int kError = 2;

struct Arguments {
  uint64_t part = 1;
  std::string only;
};

std::string megabytes(const std::optional<uint64_t>& bytes) {
  return bytes ? fmt::format("{:.0f}", static_cast<double>(*bytes) / 1e6) : "unknown";
}

std::string head() {
  return "| corpus | tokens | built in s | M tokens/s | MB at most | in runs, s | MB at most | matches of a text, ms | "
         "facts of a run, ms | a token more, ms | texts, runs | |\n"
         "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|\n";
}

std::string row(const extremes::Extreme& extreme, const Built& built, const Built& in_runs,
                const extremes::Verdict& verdict) {
  const double rate = built.seconds > 0 ? static_cast<double>(built.token_count) / built.seconds / 1e6 : 0;
  const extremes::Answers& answers = verdict.answers;
  return fmt::format("| {} | {} | {:.2f} | {:.1f} | {} | {:.2f} | {} | {:.2f} | {:.3f} | {:.3f} | {}, {} | {} |\n",
                     extreme.name, built.token_count, built.seconds, rate, megabytes(built.peak_bytes), in_runs.seconds,
                     megabytes(in_runs.peak_bytes), answers.matches_ms, answers.run_ms, answers.token_ms, answers.texts,
                     answers.runs, verdict.disagreement ? "DISAGREES" : "agrees");
}

// Returns whether all answers of one extreme are right.
Result<bool> evaluate(const extremes::Extreme& extreme, tribute::io::FileSystem& files) {
  const auto in_memory = TRY(extremes::ScratchFolder::make());
  const Built built = TRY(extremes::build(extreme, Building::in_memory, files, in_memory.path()));
  const auto by_runs = TRY(extremes::ScratchFolder::make());
  const Built in_runs = TRY(extremes::build(extreme, Building::in_runs, files, by_runs.path()));
  const auto source = TRY(extremes::open_source(extreme, built.name, files, in_memory.path()));
  extremes::Verdict verdict = extremes::check(extreme, source, extremes::live_documents(extreme));
  if (built.name != in_runs.name) {
    verdict.disagreement =
        "the segment that was sorted in memory is " + built.name.hex() + ", in runs " + in_runs.name.hex();
  }
  std::cout << row(extreme, built, in_runs, verdict) << std::flush;
  if (verdict.disagreement) std::cerr << extreme.name << ": " << *verdict.disagreement << "\n";
  return !verdict.disagreement;
}

Result<bool> run(const Arguments& arguments, tribute::io::FileSystem& files) {
  bool agree = true;
  std::cout << head();
  for (const extremes::Extreme& extreme : extremes::all_extremes(arguments.part)) {
    if (!extreme.name.contains(arguments.only)) continue;
    auto is_right = evaluate(extreme, files);
    if (!is_right) return tribute::fail_within(extreme.name, std::move(is_right.error()));
    agree = agree && *is_right;
  }
  return agree;
}

std::string error_line(std::string_view what) {
  return "extremes_evaluation: " + tribute::to_printable_utf8(what) + "\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Builds segments of extreme corpora, in memory and in sorted runs, and compares what an index of each says of "
      "texts from it, changed and foreign with what searches say that share no code with it.\n"
      "Exit code 0: all agree; 1: one does not; 2: one could not be built.");
  Arguments arguments;
  app.add_option("--part", arguments.part, "make the corpora one in so many of their full size, for a quick look")
      ->capture_default_str()
      ->check(CLI::Range(uint64_t{1}, uint64_t{10'000}));
  app.add_option("--only", arguments.only, "only those corpora whose names contain this");
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return error_line(std::string(error.what()) + "; see `extremes_evaluation --help`");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kError;
  }
  const auto files = tribute::io::make_real_file_system();
  const Result<bool> agree = run(arguments, *files);
  if (!agree) {
    std::cerr << error_line(agree.error().message);
    return kError;
  }
  return *agree ? 0 : kDisagreement;
}
