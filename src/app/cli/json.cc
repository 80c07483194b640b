#include "cli/json.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "base/bytes.h"
#include "cli/context.h"

namespace tribute::cli {

Json json_of(std::string_view bytes) { return to_printable_utf8(bytes); }
Json json_of(EntryIndex entry) { return entry.value(); }
Json json_of(std::optional<EntryIndex> entry) { return entry ? Json(entry->value()) : Json(); }
Json json_of(Amount amount) { return amount.millionths(); }

Json list_json(std::string_view noun, Json items) {
  Json list = Json::object();
  const size_t count = items.size();
  list[std::string(noun)] = std::move(items);
  list["count"] = count;
  return list;
}

void print_json(Context& context, const Json& json) { context.out() << json.dump(2) << "\n"; }

}  // namespace tribute::cli
