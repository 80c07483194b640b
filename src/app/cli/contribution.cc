// tribute contribution list, show, approve, reject
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/contribution_details.h"
#include "cli/decisions.h"

namespace tribute::cli {

namespace {

struct ListOptions {
  std::string datanet;
  std::optional<std::string> contributor;
  std::optional<std::string> state;
  std::optional<std::string> limit;
  std::optional<std::string> offset;
};

struct ShowOptions {
  std::string datanet;
  std::vector<std::string> ids;
  std::optional<std::string> min_tokens;
  std::optional<std::string> passages;
};

struct DecideOptions {
  std::string datanet;
  std::vector<std::string> ids;
  bool all = false;
};

Result<Exit> list(Context& context, const ListOptions& options) {
  usecase::ContributionFilter filter{
      .datanet = options.datanet, .contributor = options.contributor, .state = options.state};
  constexpr std::array<std::string_view, 4> kStates = {"pending", "approved", "rejected", "withdrawn"};
  if (options.state && std::ranges::find(kStates, *options.state) == kStates.end()) {
    return fail(ErrorCode::invalid_argument,
                "--state must be pending, approved, rejected or withdrawn, not '" + *options.state + "'");
  }
  if (options.limit) filter.limit = TRY(parse_integer("--limit", *options.limit, 1, UINT32_MAX));
  if (options.offset) filter.offset = TRY(parse_integer("--offset", *options.offset, 0, UINT32_MAX));
  const auto views = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::list_contributions(workspace, filter); }));
  print_contributions(context, views);
  if (views.size() == filter.limit && !context.json()) {
    context.say("… perhaps more: --offset " + std::to_string(filter.offset + filter.limit));
  }
  if (!context.json() && std::ranges::find(views, "pending", &usecase::ContributionView::state) != views.end()) {
    context.say("`tribute contribution show " + options.datanet +
                " ID` shows what a pending one shares with earlier datapoints");
  }
  return Exit::done;
}

Result<Exit> show(Context& context, const ShowOptions& options) {
  usecase::PassageLimits limits;
  if (options.min_tokens) limits.min_tokens = TRY(parse_integer("--min-tokens", *options.min_tokens, 1, UINT32_MAX));
  if (options.passages) limits.passages = TRY(parse_integer("--passages", *options.passages, 1, UINT32_MAX));
  const auto shown = TRY(context.in_workspace([&](workspace::Workspace& workspace) {
    return usecase::show_contributions(workspace, options.datanet, options.ids, limits);
  }));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& details : shown) items.push_back(contribution_details_json(details));
    print_json(context, list_json("contributions", std::move(items)));
    return Exit::done;
  }
  for (size_t i = 0; i < shown.size(); ++i) {
    context.out() << (i == 0 ? "" : "\n") << contribution_text(shown[i], context.paint(), context.columns());
  }
  return Exit::done;
}

Result<Exit> approve(Context& context, const DecideOptions& options) {
  if (options.all == !options.ids.empty()) {
    return fail(ErrorCode::invalid_argument, "give either ids or --all");
  }
  const auto views =
      TRY(context.in_workspace([&](workspace::Workspace& workspace) -> Result<std::vector<usecase::ContributionView>> {
        const auto ids = options.all ? TRY(usecase::pending_ids(workspace, options.datanet)) : options.ids;
        if (ids.empty()) return std::vector<usecase::ContributionView>();
        return usecase::approve_contributions(workspace, options.datanet, ids);
      }));
  print_contributions(context, views);
  return Exit::done;
}

Result<Exit> reject(Context& context, const DecideOptions& options) {
  print_contributions(context, TRY(context.in_workspace([&](workspace::Workspace& workspace) {
                        return usecase::reject_contributions(workspace, options.datanet, options.ids);
                      })));
  return Exit::done;
}

}  // namespace

std::vector<Command> contribution_commands() {
  const auto listed = std::make_shared<ListOptions>();
  const auto shown = std::make_shared<ShowOptions>();
  const auto approved = std::make_shared<DecideOptions>();
  const auto rejected = std::make_shared<DecideOptions>();
  return {
      Command("contribution list", "list a DataNet's contributions in the order of registration")
          .argument("DATANET", listed->datanet, "the DataNet")
          .option("--contributor NAME", listed->contributor, "of this contributor alone")
          .option("--state STATE", listed->state, "pending, approved, rejected or withdrawn ones alone")
          .option("--limit N", listed->limit, "at most this many (default 1000)")
          .option("--offset N", listed->offset, "leave out this many at the beginning (default 0)")
          .example("tribute contribution list harbour --state pending")
          .action([listed](Context& context) { return list(context, *listed); }),
      Command("contribution show", "show contributions and the longest passages they share with earlier ones")
          .argument("DATANET", shown->datanet, "the DataNet")
          .arguments("ID", shown->ids, "the rows' ids")
          .option("--min-tokens N", shown->min_tokens, "passages have at least this many tokens (default 20)")
          .option("--passages N", shown->passages, "list at most this many passages, the longest (default 10)")
          .details("A passage is a run of tokens that no longer shared run contains, and that stands in one datapoint "
                   "registered earlier, by the newest index of this DataNet alone; each is shown with the earliest "
                   "datapoint that has all of it.")
          .example("tribute contribution show harbour reading-the-tide-table")
          .example("tribute contribution show harbour row-1 row-2 --min-tokens 50 --passages 3 --json")
          .action([shown](Context& context) { return show(context, *shown); }),
      Command("contribution approve", "let pending contributions in")
          .argument("DATANET", approved->datanet, "the DataNet")
          .arguments("ID", approved->ids, "the rows' ids", /*may_be_absent=*/true)
          .flag("--all", approved->all, "all that are pending")
          .details("All of them are approved or, on an error, none.")
          .example("tribute contribution approve harbour reading-the-tide-table")
          .example("tribute contribution approve harbour --all")
          .action([approved](Context& context) { return approve(context, *approved); }),
      Command("contribution reject", "turn pending contributions away")
          .argument("DATANET", rejected->datanet, "the DataNet")
          .arguments("ID", rejected->ids, "the rows' ids")
          .details("All of them are rejected or, on an error, none.")
          .example("tribute contribution reject harbour spam-1 spam-2")
          .action([rejected](Context& context) { return reject(context, *rejected); }),
  };
}

}  // namespace tribute::cli
