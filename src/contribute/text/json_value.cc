#include "text/json_value.h"

#include <algorithm>

#include "base/bytes.h"

namespace tribute::text {
namespace {

std::string child(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : std::string(path) + "." + std::string(key);
}

std::unexpected<Error> fail_at(ErrorCode code, std::string_view path, std::string_view problem) {
  return fail(code, (path.empty() ? "the file" : to_printable_utf8(path)) + ": " + std::string(problem));
}

}  // namespace

Result<bool> JsonValue::boolean() const {
  bool value = false;
  if (element_.get(value) != simdjson::SUCCESS) return wrong("is not true or false");
  return value;
}

Result<std::string_view> JsonValue::string() const {
  std::string_view value;
  if (element_.get(value) != simdjson::SUCCESS) return wrong("is no string");
  return value;
}

Result<uint32_t> JsonValue::number() const {
  uint64_t value = 0;
  if (element_.get(value) != simdjson::SUCCESS || value > UINT32_MAX) return wrong("is no integer of 32 bits");
  return static_cast<uint32_t>(value);
}

Result<std::vector<JsonValue>> JsonValue::array() const {
  simdjson::dom::array elements;
  if (element_.get(elements) != simdjson::SUCCESS) return wrong("is no array");
  std::vector<JsonValue> values;
  for (const simdjson::dom::element element : elements) {
    values.emplace_back(element, path_ + "[" + std::to_string(values.size()) + "]");
  }
  return values;
}

Result<JsonObject> JsonValue::object(std::initializer_list<std::string_view> known) const {
  simdjson::dom::object fields;
  if (element_.get(fields) != simdjson::SUCCESS) return wrong("is no object");
  std::vector<std::pair<std::string_view, JsonValue>> values;
  for (const auto& field : fields) {
    std::string path = child(path_, field.key);
    if (std::ranges::find(known, field.key) == known.end()) {
      return fail_at(ErrorCode::unimplemented, path, "this setting is not supported");
    }
    const bool is_there = std::ranges::any_of(values, [&](const auto& value) { return value.first == field.key; });
    if (is_there) return fail_at(ErrorCode::invalid_argument, path, "is there twice");
    values.emplace_back(field.key, JsonValue(field.value, std::move(path)));
  }
  return JsonObject(path_, std::move(values));
}

Result<std::string_view> JsonValue::type() const {
  simdjson::dom::element type;
  if (!element_.is_object()) return wrong("is no object");
  if (element_["type"].get(type) != simdjson::SUCCESS) return wrong("has no type");
  return JsonValue(type, child(path_, "type")).string();
}

std::unexpected<Error> JsonValue::wrong(std::string_view problem) const {
  return fail_at(ErrorCode::invalid_argument, path_, problem);
}

std::unexpected<Error> JsonValue::unsupported() const {
  const bool is_scalar = !element_.is_object() && !element_.is_array();
  const std::string value =
      is_string() ? std::string(element_.get_string().value_unsafe()) : simdjson::to_string(element_);
  return fail_at(ErrorCode::unimplemented, path_,
                 is_scalar ? "'" + to_printable_utf8(value) + "' is not supported" : "is not supported");
}

std::unexpected<Error> JsonValue::unsupported_type() const {
  return JsonValue(element_["type"].value_unsafe(), child(path_, "type")).unsupported();
}

std::optional<JsonValue> JsonObject::find(std::string_view key) const {
  const auto found = std::ranges::find_if(values_, [&](const auto& value) { return value.first == key; });
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

Result<JsonValue> JsonObject::require(std::string_view key) const {
  const std::optional<JsonValue> value = find(key);
  if (!value) return fail_at(ErrorCode::invalid_argument, child(path_, key), "is missing");
  return *value;
}

Result<bool> JsonObject::boolean_or(std::string_view key, bool otherwise) const {
  const std::optional<JsonValue> value = find(key);
  return value ? value->boolean() : otherwise;
}

Result<void> JsonObject::expect_absent_or(std::string_view key, std::string_view value) const {
  const std::optional<JsonValue> found = find(key);
  if (!found || found->is_null()) return {};
  if (found->is_string() && TRY(found->string()) == value) return {};
  return found->unsupported();
}

Result<void> JsonObject::expect_absent_or_false(std::string_view key) const {
  const std::optional<JsonValue> found = find(key);
  if (!found || found->is_null()) return {};
  if (!TRY(found->boolean())) return {};
  return found->unsupported();
}

}  // namespace tribute::text
