#include "record/canonical.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/check.h"

namespace tribute::record {
namespace {

void append_string(std::string& out, const std::string& text) {
  out += nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

template <typename Items, typename AppendItem>
void append_list(std::string& out, char open, char close, const Items& items, AppendItem append_item) {
  out += open;
  bool first = true;
  for (const auto& item : items) {
    if (!first) out += ',';
    first = false;
    append_item(item);
  }
  out += close;
}

void append_value(std::string& out, const Json& value) {
  if (value.is_null()) {
    out += "null";
  } else if (const bool* boolean = value.boolean()) {
    out += *boolean ? "true" : "false";
  } else if (const uint64_t* integer = value.integer()) {
    out += std::to_string(*integer);
  } else if (const std::string* string = value.string()) {
    append_string(out, *string);
  } else if (const Json::Array* array = value.array()) {
    append_list(out, '[', ']', *array, [&](const Json& item) { append_value(out, item); });
  } else {
    append_list(out, '{', '}', *value.members(), [&](const Json::Member& member) {
      append_string(out, member.key);
      out += ':';
      append_value(out, member.value);
    });
  }
}

// Builds a Json from the events of the library's parser, with the open arrays and objects on a stack
// of its own. Each function returns whether to go on; the names are the library's.
class Builder {
 public:
  using json = nlohmann::json;  // NOLINT(readability-identifier-naming)

  bool null() { return add(Json()); }
  bool boolean(bool value) { return add(Json(value)); }
  bool number_integer(json::number_integer_t) { return refuse("a negative number"); }
  bool number_unsigned(json::number_unsigned_t value) {
    return value <= kMaxJsonInteger ? add(Json(value)) : refuse("a number over 2^53 - 1");
  }
  bool number_float(json::number_float_t, const json::string_t&) { return refuse("a number that is no integer"); }
  bool string(json::string_t& value) { return add(Json(std::string_view(value))); }
  bool binary(json::binary_t&) { return refuse("binary data"); }
  bool start_array(size_t) { return open(false); }
  bool start_object(size_t) { return open(true); }
  bool key(json::string_t& value) {
    open_.back().keys.push_back(std::move(value));
    return true;
  }
  bool end_array() {
    Json value(std::move(open_.back().values));
    open_.pop_back();
    return add(std::move(value));
  }
  bool end_object() {
    std::vector<std::string>& keys = open_.back().keys;
    Json::Array& values = open_.back().values;
    Json::Object members;
    members.reserve(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) members.push_back({std::move(keys[i]), std::move(values[i])});
    open_.pop_back();
    std::ranges::sort(members, {}, &Json::Member::key);
    const auto twice = std::ranges::adjacent_find(members, {}, &Json::Member::key);
    if (twice != members.end()) return refuse("a key twice");
    return add(Json::object(std::move(members)));
  }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) {
    return refuse("no JSON at byte " + std::to_string(position));
  }

  Result<Json> finish(bool parsed) && {
    if (!parsed) return fail(ErrorCode::data_loss, "it holds " + refusal_);
    return std::move(root_);
  }

 private:
  // An array or object that has not ended yet.
  struct Open {
    bool is_object = false;
    std::vector<std::string> keys;
    Json::Array values;
  };

  bool open(bool is_object) {
    if (open_.size() == kMaxJsonDepth) return refuse("more than " + std::to_string(kMaxJsonDepth) + " levels");
    open_.push_back({.is_object = is_object, .keys = {}, .values = {}});
    return true;
  }
  bool add(Json value) {
    (open_.empty() ? root_ : open_.back().values.emplace_back()) = std::move(value);
    return true;
  }
  bool refuse(std::string what) {
    refusal_ = std::move(what);
    return false;
  }

  Json root_;
  std::vector<Open> open_;
  std::string refusal_;
};

// The member of `object` whose spelling covers the byte at `offset` of the object's.
std::string_view member_at(const Json::Object& object, size_t offset) {
  if (offset == 0) return {};
  size_t end = 1;
  for (const Json::Member& member : object) {
    end += Json(member.key).text().size() + 1 + member.value.text().size() + 1;
    if (offset < end) return member.key;
  }
  return {};
}

}  // namespace

Json::Json(std::string_view text) : value_(to_printable_utf8(text)) {}

Json::Json(Amount amount) {
  CHECK(!amount.is_negative());
  *this = from_integer(static_cast<uint64_t>(amount.millionths()));
}

Json Json::from_integer(uint64_t value) {
  if (value > kMaxJsonInteger) return {std::to_string(value)};
  Json json;
  json.value_ = value;
  return json;
}

Json Json::object(Object members) {
  std::ranges::sort(members, {}, &Member::key);
  CHECK(std::ranges::adjacent_find(members, {}, &Member::key) == members.end());
  Json json;
  json.value_ = std::move(members);
  return json;
}

std::string Json::text() const {
  std::string out;
  append_value(out, *this);
  return out;
}

Result<Json> parse_json(std::string_view text) {
  Builder builder;
  const bool parsed = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  return std::move(builder).finish(parsed);
}

Result<void> check_spelling(std::string_view what, std::string_view text, const Json& value) {
  const std::string expected = value.text();
  if (text == expected) return {};
  const auto offset = static_cast<size_t>(std::ranges::mismatch(text, expected).in1 - text.begin());
  std::string place(what);
  if (const Json::Object* object = value.members()) {
    const std::string_view member = member_at(*object, offset);
    if (!member.empty()) place += "." + std::string(member);
  }
  return fail(ErrorCode::data_loss, place + " is not in its canonical spelling from byte " + std::to_string(offset));
}

}  // namespace tribute::record
