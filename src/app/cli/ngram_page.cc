#include "cli/ngram_page.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/display.h"

namespace tribute::cli {
namespace {

Json ids_json(std::span<const TokenId> tokens) {
  Json ids = Json::array();
  for (const TokenId token : tokens) ids.push_back(token.value());
  return ids;
}

std::string place_text(const lm::DocumentPlace& place) {
  return std::to_string(place.shard) + ":" + std::to_string(place.document);
}

Json hit_json(const usecase::NgramHit& found, const usecase::NgramDatapoint* datapoint) {
  const lm::Hit& hit = found.hit;
  Json json = {{"place", place_text(hit.place)}};
  if (datapoint != nullptr) {
    json["datapoint"] = hit.id;
    json["datanet"] = json_of(datapoint->datanet);
    json["id"] = json_of(datapoint->id);
    json["title"] = json_of(datapoint->title);
    json["contributor"] = json_of(datapoint->contributor);
  } else {
    json["document"] = hit.id;
    json["metadata"] = json_of(found.excerpt.metadata);
  }
  json["window_count"] = hit.windows;
  json["first_begin"] = hit.first_begin;
  json["first_end"] = hit.first_end;
  json["excerpt"] = {
      {"begin", found.excerpt.begin}, {"tokens", ids_json(found.excerpt.tokens)}, {"text", text_json(found.text)}};
  return json;
}

}  // namespace

Json text_json(const std::optional<std::string>& text) { return text ? json_of(*text) : Json(); }

std::string shown(const std::optional<std::string>& text, std::span<const TokenId> tokens) {
  if (text) return "\"" + *text + "\"";
  std::string ids;
  for (const TokenId token : tokens) ids += (ids.empty() ? "" : " ") + std::to_string(token.value());
  return ids;
}

Result<lm::DocumentPlace> parse_place(std::string_view text) {
  lm::DocumentPlace place;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto shard = std::from_chars(begin, end, place.shard);
  if (shard.ec == std::errc() && shard.ptr != end && *shard.ptr == ':') {
    const auto document = std::from_chars(shard.ptr + 1, end, place.document);
    if (document.ec == std::errc() && document.ptr == end) return place;
  }
  return fail(ErrorCode::invalid_argument,
              "--from: '" + std::string(text) + "' is no place; give what the page before named, such as 0:17");
}

void print_page(Context& context, const usecase::NgramPage& page, std::span<const usecase::NgramDatapoint> datapoints) {
  if (context.json()) {
    Json items = Json::array();
    for (size_t i = 0; i < page.hits.size(); ++i) {
      items.push_back(hit_json(page.hits[i], datapoints.empty() ? nullptr : &datapoints[i]));
    }
    Json json = list_json("documents", std::move(items));
    json["next"] = page.next ? Json(place_text(*page.next)) : Json();
    return print_json(context, json);
  }
  if (page.hits.empty()) context.out() << "No document matches.\n";
  for (size_t i = 0; i < page.hits.size(); ++i) {
    const auto& [hit, excerpt, text] = page.hits[i];
    if (datapoints.empty()) {
      context.out() << "document " << hit.id;
    } else {
      const auto& [datanet, id, title, contributor] = datapoints[i];
      context.out() << "datapoint " << hit.id << ", " << terminal_text(datanet) << "/" << terminal_text(id) << " of "
                    << terminal_text(contributor);
    }
    context.out() << ": " << counted(hit.windows, "place") << ", the first at token " << hit.first_begin << "\n  "
                  << shortened(terminal_text(shown(text, excerpt.tokens)), 96) << "\n";
  }
  if (page.next) context.say("More: --from " + place_text(*page.next));
}

}  // namespace tribute::cli
