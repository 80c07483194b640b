// tribute contributor add, bind, list, show
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/json.h"
#include "cli/table.h"
#include "settle/terms.h"
#include "usecase/contributors.h"

namespace tribute::cli {
namespace {

struct AddOptions {
  std::string name;
  std::optional<std::string> key;
};

struct BindOptions {
  std::string name;
  std::string key;
};

struct ShowOptions {
  std::string name;
};

std::string account_of(const usecase::ContributorView& view) { return settle::account_of("contributor", view.entry); }

Json view_json(const usecase::ContributorView& view) {
  return {{"name", json_of(view.name)},
          {"entry", view.entry.value()},
          {"key", view.key.empty() ? Json() : json_of(view.key)},
          {"bound_at", json_of(view.bound_at)},
          {"datapoint_count", view.datapoint_count},
          {"account", account_of(view)},
          {"earned", json_of(view.earned)}};
}

void print(Context& context, const usecase::ContributorView& view) {
  if (context.json()) return print_json(context, view_json(view));
  context.out() << terminal_text(view.name) << "  (entry " << view.entry.value() << ")\n"
                << "  key         "
                << (view.key.empty() ? "none yet: what it earns waits until one is bound" : view.key);
  if (view.bound_at) context.out() << ", bound at entry " << view.bound_at->value();
  context.out() << "\n  datapoints  " << grouped(view.datapoint_count) << "\n  account     " << account_of(view)
                << "\n  earned      " << grouped(view.earned) << "\n";
}

Result<Exit> add(Context& context, const AddOptions& options) {
  std::optional<PublicKey> key;
  if (options.key) key = TRY(parse_key(context.environment().files, *options.key));
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::add_contributor(workspace, options.name, key); }));
  print(context, view);
  return Exit::done;
}

Result<Exit> bind(Context& context, const BindOptions& options) {
  const PublicKey key = TRY(parse_key(context.environment().files, options.key));
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::bind_contributor(workspace, options.name, key); }));
  print(context, view);
  return Exit::done;
}

Result<Exit> list(Context& context) {
  const auto views = TRY(context.in_workspace(usecase::list_contributors));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& view : views) items.push_back(view_json(view));
    print_json(context, list_json("contributors", std::move(items)));
    return Exit::done;
  }
  using Align = Table::Align;
  Table table({{"CONTRIBUTOR", Align::left, 40},
               {"ENTRY", Align::right},
               {"DATAPOINTS", Align::right},
               {"EARNED", Align::right},
               {"KEY", Align::left, 24}});
  for (const auto& view : views) {
    table.add({view.name, std::to_string(view.entry.value()), grouped(view.datapoint_count), grouped(view.earned),
               view.key.empty() ? "none" : view.key});
  }
  if (table.empty()) {
    context.say("There is no contributor yet; `tribute contribute` registers those of its rows");
  } else {
    context.out() << table.text();
  }
  return Exit::done;
}

Result<Exit> show(Context& context, const ShowOptions& options) {
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::show_contributor(workspace, options.name); }));
  print(context, view);
  return Exit::done;
}

}  // namespace

std::vector<Command> contributor_commands() {
  const auto added = std::make_shared<AddOptions>();
  const auto bound = std::make_shared<BindOptions>();
  const auto shown = std::make_shared<ShowOptions>();
  constexpr const char* kKeyHelp =
      "ed25519:HEX, secp256k1:HEX, or a file with such a key or with a private key of `tribute key generate`";
  return {
      Command("contributor add", "register a contributor")
          .argument("NAME", added->name, "its name, unique in the workspace")
          .option("--key KEY", added->key, kKeyHelp)
          .details("Without a key, what the contributor earns waits until one is bound.")
          .example("tribute contributor add ada-marsh --key ada.key")
          .action([added](Context& context) { return add(context, *added); }),
      Command("contributor bind", "bind a key to a contributor that has none")
          .argument("NAME", bound->name, "the contributor")
          .option("--key KEY", bound->key, kKeyHelp)
          .example("tribute contributor bind lin-yue --key "
                   "ed25519:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
          .action([bound](Context& context) { return bind(context, *bound); }),
      Command("contributor list", "list the contributors and what they earned")
          .example("tribute contributor list")
          .action(list),
      Command("contributor show", "show a contributor")
          .argument("NAME", shown->name, "the contributor")
          .example("tribute contributor show ada-marsh")
          .action([shown](Context& context) { return show(context, *shown); }),
  };
}

}  // namespace tribute::cli
