#include "cli/decisions.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/display.h"
#include "cli/json.h"
#include "cli/table.h"

namespace tribute::cli {

Json contribution_json(const usecase::ContributionView& view) {
  return {{"id", json_of(view.id)},
          {"entry", view.entry.value()},
          {"title", json_of(view.title)},
          {"datanet", json_of(view.datanet)},
          {"contributor", json_of(view.contributor)},
          {"license", json_of(view.license)},
          {"state", json_of(view.state)},
          {"decided_at", json_of(view.decided_at)},
          {"duplicate_of", json_of(view.duplicate_of)},
          {"near_duplicate_of", json_of(view.near_duplicate_of)},
          {"content_sha256", view.content_sha256.hex()},
          {"token_count", view.token_count},
          {"signed", view.is_signed}};
}

void print_contributions(Context& context, const std::vector<usecase::ContributionView>& views) {
  if (context.json()) {
    Json items = Json::array();
    for (const auto& view : views) items.push_back(contribution_json(view));
    return print_json(context, list_json("contributions", std::move(items)));
  }
  using Align = Table::Align;
  Table table({{"ENTRY", Align::right},
               {"ID", Align::left, 40},
               {"TITLE", Align::left, 36},
               {"CONTRIBUTOR", Align::left, 24},
               {"LICENSE", Align::left, 16},
               {"TOKENS", Align::right},
               {"STATE"},
               {"SIGNED"}});
  for (const auto& view : views) {
    const auto original = view.near_duplicate_of ? view.near_duplicate_of : view.duplicate_of;
    const std::string repeats = original ? ", repeats " + std::to_string(original->value()) : "";
    table.add({std::to_string(view.entry.value()), view.id, view.title, view.contributor, view.license,
               grouped(view.token_count), view.state + repeats, view.is_signed ? "yes" : "no"});
  }
  if (table.empty()) {
    context.say("There is no such contribution");
  } else {
    context.out() << table.text();
  }
}

}  // namespace tribute::cli
