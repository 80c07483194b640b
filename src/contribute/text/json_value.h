// Strict reading of a JSON document: what is not asked for is refused, by its path in the file.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace tribute::text {

class JsonObject;

// A value and its path ("pre_tokenizer.pretokenizers[1].type"). Must not outlive the parser.
class JsonValue {
 public:
  JsonValue(simdjson::dom::element element, std::string path) : element_(element), path_(std::move(path)) {}

  const simdjson::dom::element& element() const { return element_; }
  const std::string& path() const { return path_; }
  bool is_null() const { return element_.is_null(); }
  bool is_string() const { return element_.is_string(); }

  // Errors: invalid_argument, with the path, for a value of another type.
  Result<bool> boolean() const;
  Result<std::string_view> string() const;
  Result<uint32_t> number() const;
  Result<std::vector<JsonValue>> array() const;
  // An object of no other keys than these, none twice. Errors: unimplemented for an unknown key too.
  Result<JsonObject> object(std::initializer_list<std::string_view> known) const;
  // The string at key "type" of an object of whatever keys.
  Result<std::string_view> type() const;

  // "path: problem".
  std::unexpected<Error> wrong(std::string_view problem) const;
  // "path: 'value' is not supported", or without the value for what is no scalar.
  std::unexpected<Error> unsupported() const;
  // The same for the value at key "type".
  std::unexpected<Error> unsupported_type() const;

 private:
  simdjson::dom::element element_;
  std::string path_;
};

// An object's values by key.
class JsonObject {
 public:
  JsonObject(std::string path, std::vector<std::pair<std::string_view, JsonValue>> values)
      : path_(std::move(path)), values_(std::move(values)) {}

  std::optional<JsonValue> find(std::string_view key) const;
  // Errors: invalid_argument, with the path, if there is none.
  Result<JsonValue> require(std::string_view key) const;
  // The value of a key that may be absent.
  Result<bool> boolean_or(std::string_view key, bool otherwise) const;
  // Errors: unimplemented unless the value is absent, null or `value` (a string, or false).
  Result<void> expect_absent_or(std::string_view key, std::string_view value) const;
  Result<void> expect_absent_or_false(std::string_view key) const;

 private:
  std::string path_;
  std::vector<std::pair<std::string_view, JsonValue>> values_;
};

}  // namespace tribute::text
