// tribute receipt list, show
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "cli/answer_json.h"
#include "cli/answer_text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/display.h"
#include "cli/table.h"
#include "usecase/charge.h"
#include "usecase/models.h"

namespace tribute::cli {
namespace {

struct ListOptions {
  std::optional<std::string> payer;
  std::optional<std::string> model;
  std::optional<std::string> limit;
};

struct ShowOptions {
  std::string id;
  std::optional<std::string> datapoints;
};

// Receipts, and the model versions that they name by their entries.
struct Listing {
  std::vector<workspace::ReceiptRow> receipts;
  std::vector<usecase::ModelView> models;

  const record::Model* model_of(const workspace::ReceiptRow& row) const {
    const auto found = std::ranges::find(models, row.model, &usecase::ModelView::entry);
    return found == models.end() ? nullptr : &found->model;
  }
};

Json row_json(const workspace::ReceiptRow& row, const record::Model* model) {
  return {{"id", json_of(row.id)},
          {"entry", row.entry.value()},
          {"time_ms", row.time_ms},
          {"model", model == nullptr ? Json() : json_of(model->name)},
          {"model_version", model == nullptr ? Json() : Json(model->version)},
          {"payer", json_of(row.payer)},
          {"fee", json_of(row.fee)}};
}

Result<Exit> list(Context& context, const ListOptions& options) {
  workspace::ReceiptFilter filter{.payer = options.payer, .model = options.model};
  if (options.limit) filter.limit = TRY(parse_integer("--limit", *options.limit, 1, UINT32_MAX));
  const auto listing = TRY(context.in_workspace([&](workspace::Workspace& workspace) -> Result<Listing> {
    return Listing{TRY(usecase::list_receipts(workspace, filter)), TRY(usecase::list_models(workspace))};
  }));
  if (context.json()) {
    Json items = Json::array();
    for (const auto& row : listing.receipts) items.push_back(row_json(row, listing.model_of(row)));
    print_json(context, list_json("receipts", std::move(items)));
    return Exit::done;
  }
  using Align = Table::Align;
  Table table(
      {{"RECEIPT"}, {"ENTRY", Align::right}, {"TIME"}, {"MODEL"}, {"PAYER", Align::left, 32}, {"FEE", Align::right}});
  for (const auto& row : listing.receipts) {
    const record::Model* model = listing.model_of(row);
    table.add({row.id, std::to_string(row.entry.value()), time_text(row.time_ms),
               model == nullptr ? "" : model->name + ", version " + std::to_string(model->version), row.payer,
               grouped(row.fee)});
  }
  if (table.empty()) {
    context.say("There is no such receipt");
  } else {
    context.out() << table.text();
  }
  if (listing.receipts.size() == filter.limit) {
    context.say("The newest " + std::to_string(filter.limit) + "; --limit shows more");
  }
  return Exit::done;
}

Result<Exit> show(Context& context, const ShowOptions& options) {
  const uint32_t limit = TRY(parse_datapoint_limit(options.datapoints, context.json()));
  const auto view = TRY(context.in_workspace(
      [&](workspace::Workspace& workspace) { return usecase::show_receipt(workspace, options.id, limit); }));
  if (context.json()) {
    print_json(context, receipt_json(view));
  } else {
    context.out() << receipt_text(view, context.paint());
  }
  return Exit::done;
}

}  // namespace

std::vector<Command> receipt_commands() {
  const auto listed = std::make_shared<ListOptions>();
  const auto shown = std::make_shared<ShowOptions>();
  return {
      Command("receipt list", "list receipts, the newest first")
          .option("--payer NAME", listed->payer, "of this payer alone")
          .option("--model MODEL", listed->model, "of this model's versions alone")
          .option("--limit N", listed->limit, "at most this many (default 100)")
          .example("tribute receipt list --payer alice")
          .action([listed](Context& context) { return list(context, *listed); }),
      Command("receipt show", "show a receipt as `tribute charge` printed it")
          .argument("ID", shown->id, "the receipt's id")
          .option("--datapoints N", shown->datapoints,
                  "list at most this many datapoints of a passage (default 10 with --json, else 3)")
          .example("tribute receipt show 3f9a1c5b7d2e4f60a1b2c3d4e5f60718")
          .action([shown](Context& context) { return show(context, *shown); }),
  };
}

}  // namespace tribute::cli
