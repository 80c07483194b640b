#include "datanet/json_row.h"

#include <simdjson.h>

#include <array>
#include <string>

namespace tribute::datanet {
namespace {

// A parser's buffers grow with the longest line; those of longer ones than this are not kept.
constexpr size_t kKeptLineBytes = 1 << 20;

struct Field {
  std::string_view name;
  std::string Row::* member;
  bool may_be_empty = false;
};
constexpr std::array<Field, 6> kFields = {{{"id", &Row::id},
                                           {"contributor", &Row::contributor},
                                           {"license", &Row::license},
                                           {"title", &Row::title, true},
                                           {"text", &Row::text},
                                           {"signature", &Row::signature}}};
constexpr size_t kTextField = 4;

std::unexpected<Error> bad(std::string message) { return fail(ErrorCode::invalid_argument, std::move(message)); }

std::unexpected<Error> bad_field(std::string_view name, std::string_view what) {
  return bad("field \"" + std::string(name) + "\" " + std::string(what));
}

std::unexpected<Error> bad_json(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR: return bad("the row is not valid UTF-8");
    case simdjson::CAPACITY: return bad("the row is too long to be parsed");
    case simdjson::NUMBER_ERROR: return bad("the row is not valid JSON, or has a number that 64 bits cannot hold");
    case simdjson::STRING_ERROR:
      return bad("the row is not valid JSON: a string has a wrong escape or a lone surrogate");
    case simdjson::DEPTH_ERROR: return bad("the row is nested too deeply");
    case simdjson::MEMALLOC: return fail(ErrorCode::resource_exhausted, "there is not enough memory for the row");
    default: return bad("the row is not valid JSON");
  }
}

// The string of a field, or nothing for null.
Result<void> read_field(Row& row, const Field& field, simdjson::dom::element value) {
  if (value.is_null()) return {};
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return bad_field(field.name, "is not a string");
  if (text.empty() && !field.may_be_empty) return bad_field(field.name, "is empty");
  row.*field.member = text;
  return {};
}

Result<Row> read_row(simdjson::dom::object object) {
  Row row;
  std::array<bool, kFields.size()> seen{};
  for (const auto [key, value] : object) {
    for (size_t i = 0; i < kFields.size(); ++i) {
      if (key != kFields[i].name) continue;
      if (seen[i]) return bad_field(key, "stands there twice");
      seen[i] = true;
      TRY(read_field(row, kFields[i], value));
    }
  }
  if (row.text.empty()) return bad_field(kFields[kTextField].name, "is missing");
  return row;
}

Result<Row> parse_with(simdjson::dom::parser& parser, std::string_view line) {
  simdjson::dom::element element;
  const simdjson::error_code error = parser.parse(line.data(), line.size()).get(element);
  if (error != simdjson::SUCCESS) return bad_json(error);
  simdjson::dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) return bad("the row is not a JSON object");
  return read_row(object);
}

}  // namespace

struct JsonRowParser::State {
  simdjson::dom::parser parser;
};

JsonRowParser::JsonRowParser() : state_(std::make_unique<State>()) {}
JsonRowParser::JsonRowParser(JsonRowParser&&) noexcept = default;
JsonRowParser& JsonRowParser::operator=(JsonRowParser&&) noexcept = default;
JsonRowParser::~JsonRowParser() = default;

Result<Row> JsonRowParser::parse(std::string_view line) {
  if (line.size() <= kKeptLineBytes) return parse_with(state_->parser, line);
  simdjson::dom::parser parser;
  return parse_with(parser, line);
}

}  // namespace tribute::datanet
