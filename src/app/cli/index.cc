// tribute index build, merge, show, purge, import
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/table.h"
#include "infinigram/table_files.h"
#include "usecase/import_index.h"
#include "usecase/index.h"
#include "usecase/merge_index.h"
#include "usecase/purge.h"

namespace tribute::cli {
namespace {

struct Options {
  std::string datanet;
};

struct BuildOptions {
  std::string datanet;
  std::optional<std::string> memory;
  std::optional<std::string> layout;
  bool merge = false;
};

struct MergeOptions {
  std::string datanet;
  std::optional<std::string> memory;
  bool watch = false;
};

struct ImportOptions {
  std::string folder;
  std::optional<std::string> token_type;
};

enum class Printed : uint8_t { built, shown };

Json view_json(const usecase::IndexView& view, Printed printed) {
  Json segments = Json::array();
  for (const auto& segment : view.segments) {
    segments.push_back({{"sha256", segment.sha256.hex()},
                        {"document_count", segment.document_count},
                        {"token_count", segment.token_count},
                        {"file_bytes", segment.file_bytes},
                        {"layout", segment.is_for_disk ? "disk" : "standard"},
                        {"tombstone_count", segment.tombstone_count},
                        {"tombstone_token_count", segment.tombstone_token_count}});
  }
  Json json = {{"datanet", json_of(view.datanet)},
               {"entry", view.entry.value()},
               {"manifest_sha256", view.manifest_sha256.hex()},
               {"log_size", view.log_size},
               {"live_documents", view.live_documents},
               {"live_tokens", view.live_tokens}};
  if (printed == Printed::built) {
    json["built"] = view.built;
  } else {
    json["behind"] = view.behind;
  }
  json["segments"] = std::move(segments);
  return json;
}

void print(Context& context, const usecase::IndexView& view, Printed printed) {
  if (context.json()) return print_json(context, view_json(view, printed));
  std::ostream& out = context.out();
  if (printed == Printed::built && !view.built) out << "The newest index is up to date.\n";
  out << "Index of " << terminal_text(view.datanet) << ", manifest at entry " << view.entry.value() << "\n"
      << "  " << counted(view.live_documents, "document") << ", " << counted(view.live_tokens, "token")
      << ", as of log size " << view.log_size << "\n"
      << "  manifest " << view.manifest_sha256.hex() << "\n";
  usecase::SegmentView all;
  for (const auto& segment : view.segments) {
    all.file_bytes += segment.file_bytes;
    all.tombstone_count += segment.tombstone_count;
    all.tombstone_token_count += segment.tombstone_token_count;
  }
  out << "  " << counted(view.segments.size(), "segment") << ", " << bytes_text(all.file_bytes);
  if (all.tombstone_count > 0) {
    out << ", with " << counted(all.tombstone_count, "withdrawn document") << " of "
        << counted(all.tombstone_token_count, "token");
  }
  out << "\n";
  if (view.behind != 0) {
    out << "  " << counted(view.behind, "datapoint") << " came or went since: tribute index build "
        << terminal_text(view.datanet) << "\n";
  }
  using Align = Table::Align;
  Table table({{"SEGMENT", Align::left, 20},
               {"DOCUMENTS", Align::right},
               {"WITHDRAWN", Align::right},
               {"TOKENS", Align::right},
               {"FILE", Align::right}});
  for (const auto& segment : view.segments) {
    table.add({segment.sha256.hex(), grouped(segment.document_count), grouped(segment.tombstone_count),
               grouped(segment.token_count), bytes_text(segment.file_bytes)});
  }
  out << table.text();
}

Result<std::optional<uint64_t>> memory_of(const std::optional<std::string>& option) {
  if (!option) return std::nullopt;
  return TRY(parse_bytes("--memory", *option));
}

Result<Exit> build(Context& context, const BuildOptions& options) {
  const auto memory_bytes = TRY(memory_of(options.memory));
  if (options.layout && *options.layout != "standard" && *options.layout != "disk") {
    return fail(ErrorCode::invalid_argument, "--layout: '" + *options.layout + "' is neither standard nor disk");
  }
  const auto view = TRY(context.in_workspace([&](workspace::Workspace& workspace) -> Result<usecase::IndexView> {
    const workspace::Settings& settings = workspace.settings();
    auto built = usecase::build_index(workspace, options.datanet, context.progress(),
                                      {.memory_bytes = memory_bytes.value_or(settings.index_memory_bytes),
                                       .for_disk = options.layout.value_or(settings.index_layout) == "disk",
                                       .merge = options.merge});
    if (built) TRY(usecase::purge_if_due(workspace, options.datanet, context.progress()));
    return built;
  }));
  print(context, view, Printed::built);
  return Exit::done;
}

void print(Context& context, const usecase::MergeReport& report) {
  if (context.json()) {
    Json json = {{"datanet", json_of(report.datanet)},
                 {"merge_count", report.merge_count},
                 {"merged_segment_count", report.merged_segment_count},
                 {"in_vain_count", report.in_vain_count},
                 {"entry", nullptr},
                 {"waits_for_build", report.waits_for_build}};
    if (report.entry) json["entry"] = report.entry->value();
    return print_json(context, json);
  }
  const std::string name = terminal_text(report.datanet);
  if (report.merge_count > 0) {
    context.out() << "Merged " << counted(report.merged_segment_count, "segment") << " of " << name << " in "
                  << counted(report.merge_count, "merge") << ", manifest at entry " << report.entry->value() << "\n";
  } else {
    context.out() << "Nothing of " << name << " is due to be merged.\n";
  }
  if (report.waits_for_build) {
    context.out() << "  The newest index was made by a purge and lacks newer datapoints: tribute index build " << name
                  << "\n";
  }
}

Result<Exit> merge(Context& context, const MergeOptions& options) {
  const usecase::MergeRequest request = {
      .datanet = options.datanet, .holder = context.holder(), .memory_bytes = TRY(memory_of(options.memory))};
  const auto open = [&] { return context.open_whenever_free(); };
  if (!options.watch) {
    print(context, TRY(usecase::merge_index(request, open, context.progress())));
    return Exit::done;
  }
  const auto tell = [&](const usecase::MergeReport& report) {
    print(context, report);
    context.out().flush();
  };
  TRY(usecase::watch_index(request, open, context.progress(), tell));
  return Exit::done;
}

Result<Exit> show(Context& context, const Options& options) {
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::show_index(workspace, options.datanet); }));
  print(context, view, Printed::shown);
  return Exit::done;
}

Result<Exit> purge(Context& context, const Options& options) {
  const auto report = TRY(context.in_workspace([&](workspace::Workspace& workspace) {
    return usecase::purge_index(workspace, options.datanet, context.progress());
  }));
  if (context.json()) {
    print_json(context, {{"datanet", json_of(report.datanet)},
                         {"erased_count", report.erased_count},
                         {"rewritten_segment_count", report.rewritten_segment_count},
                         {"successor_count", report.successor_count},
                         {"removed_file_count", report.removed_file_count},
                         {"removed_bytes", report.removed_bytes}});
    return Exit::done;
  }
  context.out() << "Erased " << counted(report.erased_count, "withdrawn datapoint") << " of "
                << terminal_text(report.datanet) << "\n"
                << "  " << counted(report.rewritten_segment_count, "segment") << " written again, "
                << counted(report.successor_count, "manifest") << " succeeded\n"
                << "  " << counted(report.removed_file_count, "file") << " removed, "
                << bytes_text(report.removed_bytes) << "\n";
  return Exit::done;
}

Result<Exit> import(Context& context, const ImportOptions& options) {
  const auto type = TRY(infinigram::token_type_named(options.token_type.value_or("u16")));
  const auto imported =
      TRY(usecase::import_index(context.environment().files, options.folder, type, context.progress()));
  if (context.json()) {
    print_json(context, {{"folder", json_of(options.folder)},
                         {"token_type", infinigram::token_type_name(type)},
                         {"shards", imported.shards},
                         {"documents", imported.documents},
                         {"tokens", imported.tokens},
                         {"directory_bytes", imported.directory_bytes}});
    return Exit::done;
  }
  context.out() << "Imported " << counted(imported.shards, "shard") << " of " << terminal_text(options.folder) << ": "
                << counted(imported.documents, "document") << ", " << counted(imported.tokens, "token") << " as "
                << infinigram::token_type_name(type) << "\n"
                << "  " << bytes_text(imported.directory_bytes) << " of directories written beside them\n";
  return Exit::done;
}

}  // namespace

std::vector<Command> index_commands() {
  const auto built = std::make_shared<BuildOptions>();
  const auto merged = std::make_shared<MergeOptions>();
  const auto shown = std::make_shared<Options>();
  const auto purged = std::make_shared<Options>();
  const auto imported = std::make_shared<ImportOptions>();
  return {
      Command("index build", "make what is live in a DataNet findable")
          .argument("DATANET", built->datanet, "the DataNet")
          .option("--memory BYTES", built->memory, "take at most so much, as 2G or 500M (all that is needed)")
          .option("--layout LAYOUT", built->layout, "of new segments: standard, or disk (standard)")
          .flag("--merge", built->merge, "merge older segments in the same go, where that is due")
          .details(
              "Writes a new version of the index: new datapoints in a new segment, withdrawn ones left out. Models "
              "keep the version they were registered with until `tribute model update`. Older segments stay as they "
              "are, for `tribute index merge` to merge while others work; where there are more than 16, they are "
              "merged "
              "here. With --memory, what does not "
              "fit is sorted in parts that lie beside the index until it is built; a build that was stopped or killed "
              "goes on with the parts that it finds. Segments in the disk layout take a byte more per token, and are "
              "for "
              "indexes larger than memory.")
          .example("tribute index build harbour")
          .example("tribute index build harbour --memory 500M")
          .example("tribute index build harbour --layout disk")
          .action([built](Context& context) { return build(context, *built); }),
      Command("index merge", "merge an index's segments while others use the workspace")
          .argument("DATANET", merged->datanet, "the DataNet")
          .flag("--watch", merged->watch, "go on, whenever the index has changed, until Ctrl-C")
          .option("--memory BYTES", merged->memory, "take at most so much, as 2G or 500M (all that is needed)")
          .details(
              "Each `tribute index build` adds a segment, and a question costs a search in each. This merges them as "
              "soon as the smaller ones together are half as large as the next, and drops what was withdrawn. It has "
              "the workspace for moments only: contributions, charges and traces go on while it sorts. It may be "
              "killed "
              "at any time; the next one goes on.")
          .example("tribute index merge harbour")
          .example("tribute index merge harbour --watch")
          .action([merged](Context& context) { return merge(context, *merged); }),
      Command("index show", "show a DataNet's newest index")
          .argument("DATANET", shown->datanet, "the DataNet")
          .example("tribute index show harbour")
          .action([shown](Context& context) { return show(context, *shown); }),
      Command("index purge", "erase what was withdrawn from a DataNet")
          .argument("DATANET", purged->datanet, "the DataNet")
          .details("Withdrawn datapoints count for no answer, but their texts lie in the store and in older indexes. "
                   "This erases them: indexes that a model still needs are written again without them, and what none "
                   "needs is removed. Receipts that rest on such an index verify as \"content withdrawn\". The "
                   "setting erase_days makes it happen by itself.")
          .example("tribute index purge harbour")
          .action([purged](Context& context) { return purge(context, *purged); }),
      Command("index import", "make an index of infini-gram's ready to be searched")
          .argument("FOLDER", imported->folder, "the folder with tokenized.0, table.0 and offset.0, …")
          .option("--token-type TYPE", imported->token_type, "u8, u16 or u32, as the index was built (u16)")
          .details("The index is read as it lies; nothing of it is converted or changed. A file per shard, "
                   "tribute.directory.N, is put beside it, so that a search reads one page of a table instead of some "
                   "twenty. infini-gram's own engine goes on working on the folder. Needs no workspace.")
          .example("tribute index import /data/pile-train --token-type u16")
          .action([imported](Context& context) { return import(context, *imported); }),
  };
}

}  // namespace tribute::cli
