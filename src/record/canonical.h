// Canonical JSON: values with exactly one spelling each, so that equal values have equal bytes and
// equal hashes.
//
// The spelling: no white space; ASCII only (", \ and the control characters as \" \\ \b \f \n \r \t
// or \u00xx, characters from U+007F on as \uxxxx, above U+FFFF as surrogate pairs, hexadecimal digits
// in lower case, / as it is); an object's keys in ascending ASCII order, each once; true, false and
// null; integers from 0 to 2^53 - 1 as digits, larger ones up to 2^64 - 1 as strings of digits; no
// negative and no fractional numbers.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"

namespace tribute::record {

inline constexpr uint64_t kMaxJsonInteger = (uint64_t{1} << 53) - 1;

// The deepest nesting that is read; the deepest entry has 3 levels.
inline constexpr size_t kMaxJsonDepth = 16;

// A key of an object and its value. A template, because Json holds members and is their value.
template <typename Value>
struct JsonMember {
  std::string key;
  Value value;
  friend bool operator==(const JsonMember&, const JsonMember&) = default;
};

// A value of canonical JSON. The constructors are implicit so that a record can be written as the
// list of its fields; each turns one type of field into its only spelling.
// Invariant: an integer is at most kMaxJsonInteger; an object's members ascend by key, each key once.
class Json {
 public:
  using Member = JsonMember<Json>;
  using Array = std::vector<Json>;
  using Object = std::vector<Member>;

  // NOLINTBEGIN(google-explicit-constructor): see above.
  Json() = default;  // null
  Json(std::same_as<bool> auto value) : value_(value) {}
  template <std::unsigned_integral Integer>
    requires(!std::same_as<Integer, bool>)
  Json(Integer value) : Json(from_integer(value)) {}
  Json(std::string_view text);  // ill-formed UTF-8 becomes U+FFFD
  Json(const std::string& text) : Json(std::string_view(text)) {}
  Json(const char* text) : Json(std::string_view(text)) {}
  Json(EntryIndex entry) : Json(entry.value()) {}
  Json(Amount amount);  // >= 0 (CHECK)
  Json(const Hash256& hash) : Json(std::string_view(hash.hex())) {}
  template <typename T>
  Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json()) {}
  Json(Array values) : value_(std::move(values)) {}
  // NOLINTEND(google-explicit-constructor)

  // Sorts the members. A key that stands twice is a programmer's mistake (CHECK).
  static Json object(Object members);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  // The value as what it is, or nullptr if it is something else.
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const uint64_t* integer() const { return std::get_if<uint64_t>(&value_); }
  const std::string* string() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* members() const { return std::get_if<Object>(&value_); }

  // The one spelling.
  std::string text() const;

  friend bool operator==(const Json&, const Json&) = default;

 private:
  static Json from_integer(uint64_t value);

  std::variant<std::monostate, bool, uint64_t, std::string, Array, Object> value_;
};

// Reads JSON of any spelling; check_spelling() tells afterwards whether it was the canonical one.
// Errors: data_loss for what is no JSON, holds a negative, fractional or too large number, a key
// twice, or is nested deeper than kMaxJsonDepth. Never throws; the stack in use does not depend on
// the text.
Result<Json> parse_json(std::string_view text);

// Errors: data_loss if `text` is not the spelling of `value`, naming `what` ("receipt"), the first byte
// that differs and the member of `value` that it belongs to.
Result<void> check_spelling(std::string_view what, std::string_view text, const Json& value);

}  // namespace tribute::record
