// tribute datanet create, list, show
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/table.h"
#include "usecase/datanets.h"

namespace tribute::cli {
namespace {

struct CreateOptions {
  std::string name;
  bool open = false;
  bool guard = false;
  bool is_public = false;
  std::optional<std::string> near_duplicates;
};

struct ShowOptions {
  std::string name;
};

Json view_json(const usecase::DatanetView& view) {
  Json versions = Json::array();
  for (const EntryIndex version : view.versions) versions.push_back(version.value());
  return {{"name", json_of(view.datanet.name)},
          {"entry", view.entry.value()},
          {"role", record::name_of(view.datanet.role)},
          {"needs_approval", view.datanet.needs_approval},
          {"public", view.datanet.is_public},
          {"near_duplicates", record::name_of(view.datanet.near_duplicates)},
          {"live_count", view.live_count},
          {"pending_count", view.pending_count},
          {"rejected_count", view.rejected_count},
          {"withdrawn_count", view.withdrawn_count},
          {"contributor_count", view.contributor_count},
          {"versions", std::move(versions)}};
}

std::string description(const record::Datanet& datanet) {
  return std::string(datanet.role == record::Role::guard ? "a guard, which never earns" : "its datapoints earn") +
         (datanet.needs_approval ? "; contributions need approval" : "; contributions are taken as they come") +
         (datanet.is_public ? "; its index and receipts are public" : "; its index and receipts are sealed");
}

void print(Context& context, const usecase::DatanetView& view) {
  if (context.json()) return print_json(context, view_json(view));
  context.out() << terminal_text(view.datanet.name) << "  (entry " << view.entry.value() << ")\n"
                << "  " << description(view.datanet) << "\n"
                << "  near duplicates  " << record::name_of(view.datanet.near_duplicates) << "\n"
                << "  live             " << grouped(view.live_count) << " of "
                << counted(view.contributor_count, "contributor") << "\n"
                << "  pending          " << grouped(view.pending_count) << "\n"
                << "  rejected         " << grouped(view.rejected_count) << "\n"
                << "  withdrawn        " << grouped(view.withdrawn_count) << "\n"
                << "  index versions   " << grouped(view.versions.size());
  if (!view.versions.empty()) context.out() << ", the newest at entry " << view.versions.back().value();
  context.out() << "\n";
}

Result<Exit> create(Context& context, const CreateOptions& options) {
  record::Datanet datanet{.name = options.name, .needs_approval = !options.open, .is_public = options.is_public};
  if (options.guard) datanet.role = record::Role::guard;
  if (options.near_duplicates) {
    const auto policy = record::near_duplicates_from(*options.near_duplicates);
    if (!policy) {
      return fail(ErrorCode::invalid_argument,
                  "--near-duplicates must be accept, hold or refuse, not '" + *options.near_duplicates + "'");
    }
    datanet.near_duplicates = *policy;
  }
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::create_datanet(workspace, datanet); }));
  if (context.json()) {
    print_json(context, view_json(view));
  } else {
    context.out() << "Made the DataNet " << view.datanet.name << "  (entry " << view.entry.value()
                  << "): " << description(view.datanet) << "\n";
  }
  return Exit::done;
}

Result<Exit> list(Context& context) {
  const auto views = TRY(context.in_workspace(usecase::list_datanets));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& view : views) items.push_back(view_json(view));
    print_json(context, list_json("datanets", std::move(items)));
    return Exit::done;
  }
  using Align = Table::Align;
  Table table({{"DATANET"},
               {"ROLE"},
               {"LIVE", Align::right},
               {"PENDING", Align::right},
               {"CONTRIBUTORS", Align::right},
               {"VERSIONS", Align::right},
               {"INDEX"}});
  for (const auto& view : views) {
    table.add({view.datanet.name, std::string(record::name_of(view.datanet.role)), grouped(view.live_count),
               grouped(view.pending_count), grouped(view.contributor_count), grouped(view.versions.size()),
               view.datanet.is_public ? "public" : "sealed"});
  }
  if (table.empty()) {
    context.say("There is no DataNet yet; make one with `tribute datanet create NAME`");
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

Result<Exit> show(Context& context, const ShowOptions& options) {
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::show_datanet(workspace, options.name); }));
  print(context, view);
  return Exit::done;
}

}  // namespace

std::vector<Command> datanet_commands() {
  const auto created = std::make_shared<CreateOptions>();
  const auto shown = std::make_shared<ShowOptions>();
  return {
      Command("datanet create", "make a DataNet, a collection that documents are put into")
          .argument("NAME", created->name, "its name: a-z, 0-9, '.', '_' and '-', at most 64")
          .flag("--open", created->open, "contributions need no approval")
          .flag("--guard", created->guard, "common property: it never earns, and what stands in it earns for nobody")
          .flag("--public", created->is_public, "everyone may see its index and receipts (default: auditors alone)")
          .option("--near-duplicates WHAT", created->near_duplicates,
                  "accept, hold (for approval) or refuse what nearly repeats a datapoint (default: accept)")
          .example("tribute datanet create harbour --open")
          .example("tribute datanet create sayings --open --guard --public")
          .action([created](Context& context) { return create(context, *created); }),
      Command("datanet list", "list the DataNets").example("tribute datanet list").action(list),
      Command("datanet show", "show a DataNet")
          .argument("NAME", shown->name, "the DataNet")
          .example("tribute datanet show harbour --json")
          .action([shown](Context& context) { return show(context, *shown); }),
  };
}

}  // namespace tribute::cli
