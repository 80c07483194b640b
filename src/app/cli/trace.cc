// tribute trace
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "cli/answer_files.h"
#include "cli/answer_json.h"
#include "cli/answer_rows.h"
#include "cli/answer_text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/table.h"
#include "usecase/trace_answer.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> prompts;
  std::optional<std::string> answers;
  std::optional<std::string> threads;
  std::optional<std::string> datapoints;
  bool cold = false;
  std::optional<std::string> file;
};

Result<Exit> trace_one(Context& context, const Options& options, const usecase::TraceOptions& how) {
  const usecase::Answer answer = TRY(read_answer(context, options.prompts, options.file.value_or("-")));
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::trace_answer(workspace, options.model, answer, how); }));
  if (context.json()) {
    print_json(context, attribution_json(view));
  } else {
    context.out() << attribution_text(view, context.paint());
  }
  return Exit::done;
}

// What was found out about many answers: as JSON a line for each at once, for people a table at the end.
class Findings {
 public:
  explicit Findings(Context& context)
      : context_(context),
        table_({{"ANSWER", Table::Align::left, 40},
                {"TOKENS", Table::Align::right},
                {"CREDITED", Table::Align::right},
                {"CONTRIBUTORS", Table::Align::left, 60}}) {}

  void add(const AnswerRow& row, const usecase::AttributionView& view) {
    if (context_.json()) {
      Json json = {{"id", row.id ? json_of(*row.id) : Json()}, {"line", row.line}};
      json.update(attribution_json(view));
      context_.out() << json.dump() << "\n";
      return;
    }
    std::string contributors;
    for (const auto& share : view.contributors) {
      if (!contributors.empty()) contributors += ", ";
      contributors += share.name + " " + percent_text(share.share_ppm);
    }
    table_.add({row.id.value_or("line " + std::to_string(row.line)), grouped(view.tokens),
                percent_text(ppm_of(view.credited_millibits, view.total_millibits)), contributors});
  }

  void end() {
    if (!context_.json()) context_.out() << table_.text();
  }

 private:
  Context& context_;
  Table table_;
};

// So many answers are held at once, and so many bytes of text or little more.
constexpr size_t kAnswersAtOnce = 256;
constexpr uint64_t kBytesAtOnce = uint64_t{16} << 20;

uint64_t bytes_of(const usecase::Answer& answer) {
  uint64_t bytes = answer.output.size();
  for (const std::string& prompt : answer.prompts) bytes += prompt.size();
  return bytes;
}

Result<std::vector<AnswerRow>> next_rows(AnswerRows& rows) {
  std::vector<AnswerRow> some;
  uint64_t bytes = 0;
  while (some.size() < kAnswersAtOnce && bytes < kBytesAtOnce) {
    auto row = TRY(rows.next());
    if (!row) break;
    bytes += bytes_of(row->answer);
    some.push_back(std::move(*row));
  }
  return some;
}

Result<void> trace_rows(Context& context, AnswerRows& rows, usecase::AnswerTracer& tracer, Findings& findings) {
  uint64_t done = 0;
  for (auto some = TRY(next_rows(rows)); !some.empty(); some = TRY(next_rows(rows))) {
    std::vector<usecase::Answer> answers;
    for (AnswerRow& row : some) answers.push_back(std::move(row.answer));
    const auto views = tracer.trace(answers);
    for (size_t i = 0; i < views.size(); ++i) {
      if (!views[i]) return fail(views[i].error().code, rows.place(some[i].line) + ": " + views[i].error().message);
      findings.add(some[i], *views[i]);
    }
    context.progress().advance(done += some.size());
    if (context.stopped()) {
      return fail(ErrorCode::cancelled, "stopped after " + counted(done, "answer") + "; nothing was written");
    }
  }
  return {};
}

Result<Exit> trace_many(Context& context, const Options& options, usecase::TraceOptions how) {
  if (options.file || !options.prompts.empty()) {
    return fail(ErrorCode::invalid_argument,
                "--answers names the answers with their prompts; leave FILE and --prompt out");
  }
  how.threads = options.threads ? TRY(parse_integer("--threads", *options.threads, 1, 256))
                                : std::max(1U, std::thread::hardware_concurrency());
  auto rows = TRY(AnswerRows::open(context, *options.answers));
  Findings findings(context);
  context.progress().begin("tracing", 0, "answers");
  const auto traced = context.in_workspace([&](workspace::Workspace& workspace) -> Result<void> {
    auto tracer = TRY(usecase::AnswerTracer::open(workspace, options.model, how));
    return trace_rows(context, rows, tracer, findings);
  });
  context.progress().end();
  TRY(Result<void>(traced));
  findings.end();
  return Exit::done;
}

Result<Exit> trace(Context& context, const Options& options) {
  const usecase::TraceOptions how{.datapoint_limit = TRY(parse_datapoint_limit(options.datapoints, context.json())),
                                  .is_cold = options.cold};
  if (options.answers) return trace_many(context, options, how);
  if (options.threads) {
    return fail(ErrorCode::invalid_argument, "--threads goes with --answers; one answer takes one thread");
  }
  return trace_one(context, options, how);
}

}  // namespace

std::vector<Command> trace_commands() {
  const auto options = std::make_shared<Options>();
  return {
      Command("trace", "find out which datapoints an answer came from")
          .option("--model MODEL", options->model, "the model that answered: its newest version")
          .option("--prompt FILE", options->prompts, "a message of the prompt, or - for standard input; once for each")
          .option(
              "--answers FILE", options->answers,
              "many answers: JSON lines {\"id\", \"prompt\", \"output\"}, may end with .zst or .gz, or - for standard "
              "input")
          .option("--threads N", options->threads, "how many answers at a time (default: one for each processor)")
          .option("--datapoints N", options->datapoints,
                  "list at most this many datapoints of a passage (default 10 with --json, else 3)")
          .flag("--cold", options->cold, "read the index from disk, past the page cache: for one larger than memory")
          .argument("FILE", options->file, "the answer's text (default: -, standard input)")
          .details("Writes nothing. What the answer repeats from its prompt is nobody's.")
          .example("tribute trace --model llama --prompt question.txt answer.txt")
          .example("echo 'Gather after a rough week' | tribute trace --model llama --json")
          .example("tribute trace --model llama --answers answers.jsonl --json")
          .action([options](Context& context) { return trace(context, *options); })};
}

}  // namespace tribute::cli
