#include "usecase/lookup.h"

#include <algorithm>
#include <vector>

namespace tribute::usecase {
namespace {

// "kitchen, harbour and 3 more"
std::string named(std::vector<std::string> names) {
  constexpr size_t kShown = 8;
  std::string text;
  for (size_t i = 0; i < std::min(kShown, names.size()); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kShown) text += " and " + std::to_string(names.size() - kShown) + " more";
  return text;
}

std::unexpected<Error> missing(std::string_view kind, std::string_view name, std::vector<std::string> names,
                               std::string_view remedy) {
  std::string message = "there is no " + std::string(kind) + " '" + std::string(name) + "'; ";
  message += names.empty() ? "make one with `" + std::string(remedy) + "`" : "there are: " + named(std::move(names));
  return fail(ErrorCode::not_found, std::move(message));
}

}  // namespace

Result<datanet::DatanetRow> require_datanet(sql::Transaction& sql, std::string_view name) {
  auto row = TRY(datanet::find_datanet(sql, name));
  if (row) return std::move(*row);
  std::vector<std::string> names;
  for (auto& other : TRY(datanet::list_datanets(sql))) names.push_back(std::move(other.datanet.name));
  return missing("DataNet", name, std::move(names), "tribute datanet create NAME");
}

Result<datanet::ContributorRow> require_contributor(sql::Transaction& sql, std::string_view name) {
  auto row = TRY(datanet::find_contributor(sql, name));
  if (row) return std::move(*row);
  std::vector<std::string> names;
  for (auto& other : TRY(datanet::list_contributors(sql))) names.push_back(std::move(other.name));
  return missing("contributor", name, std::move(names), "tribute contributor add NAME");
}

Result<workspace::ModelRow> require_model(sql::Transaction& sql, std::string_view name) {
  auto row = TRY(workspace::newest_model(sql, name));
  if (row) return std::move(*row);
  std::vector<std::string> names;
  for (auto& other : TRY(workspace::list_models(sql))) names.push_back(std::move(other.name));
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return missing("model", name, std::move(names), "tribute model register NAME --datanet DATANET");
}

}  // namespace tribute::usecase
