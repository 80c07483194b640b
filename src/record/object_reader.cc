#include "record/object_reader.h"

#include <algorithm>

namespace tribute::record {
namespace {

constexpr uint64_t kMaxSigned = std::numeric_limits<int64_t>::max();

// The integer that `value` spells, as a number or, above kMaxJsonInteger, as a string of digits.
std::optional<uint64_t> integer_of(const Json& value) {
  if (const uint64_t* integer = value.integer()) return *integer;
  const std::string* digits = value.string();
  if (digits == nullptr || digits->empty() || digits->front() == '0') return std::nullopt;
  uint64_t integer = 0;
  for (const char c : *digits) {
    if (c < '0' || c > '9') return std::nullopt;
    if (__builtin_mul_overflow(integer, uint64_t{10}, &integer)) return std::nullopt;
    if (__builtin_add_overflow(integer, static_cast<uint64_t>(c - '0'), &integer)) return std::nullopt;
  }
  if (integer <= kMaxJsonInteger) return std::nullopt;
  return integer;
}

}  // namespace

ObjectReader::ObjectReader(std::string path, const Json::Object& members)
    : path_(std::move(path)), members_(&members), read_(members.size(), false) {}

Result<ObjectReader> ObjectReader::open(const Json& value, std::string path) {
  const Json::Object* members = value.members();
  if (members == nullptr) return fail(ErrorCode::data_loss, path + " is not an object");
  return ObjectReader(std::move(path), *members);
}

Result<const Json*> ObjectReader::find(std::string_view key) {
  const auto member = std::ranges::lower_bound(*members_, key, {}, &Json::Member::key);
  if (member == members_->end() || member->key != key) return wrong(key, "missing");
  read_[static_cast<size_t>(member - members_->begin())] = true;
  return &member->value;
}

std::unexpected<Error> ObjectReader::wrong(std::string_view key, std::string_view what) const {
  return fail(ErrorCode::data_loss, path_of(key) + " is " + std::string(what));
}

Result<bool> ObjectReader::boolean(std::string_view key) {
  const bool* value = TRY(find(key))->boolean();
  if (value == nullptr) return wrong(key, "neither true nor false");
  return *value;
}

Result<uint64_t> ObjectReader::integer_up_to(std::string_view key, uint64_t max) {
  const std::optional<uint64_t> value = integer_of(*TRY(find(key)));
  if (!value || *value > max) return wrong(key, "no integer from 0 to " + std::to_string(max));
  return *value;
}

Result<std::optional<uint64_t>> ObjectReader::optional_integer_up_to(std::string_view key, uint64_t max) {
  if (TRY(find(key))->is_null()) return std::nullopt;
  return TRY(integer_up_to(key, max));
}

Result<EntryIndex> ObjectReader::entry(std::string_view key) { return EntryIndex(TRY(integer_up_to(key, kMaxSigned))); }

Result<std::optional<EntryIndex>> ObjectReader::optional_entry(std::string_view key) {
  if (TRY(find(key))->is_null()) return std::nullopt;
  return TRY(entry(key));
}

Result<Amount> ObjectReader::amount(std::string_view key) {
  return Amount(static_cast<int64_t>(TRY(integer_up_to(key, kMaxSigned))));
}

Result<Hash256> ObjectReader::hash(std::string_view key) {
  const auto value = hash_from_hex(TRY(text(key)));
  if (!value) return wrong(key, "not 64 lower-case hexadecimal digits");
  return *value;
}

Result<std::string> ObjectReader::text(std::string_view key) {
  const std::string* value = TRY(find(key))->string();
  if (value == nullptr) return wrong(key, "not a string");
  return *value;
}

Result<const Json::Array*> ObjectReader::array(std::string_view key) {
  const Json::Array* value = TRY(find(key))->array();
  if (value == nullptr) return wrong(key, "not an array");
  return value;
}

Result<std::vector<uint64_t>> ObjectReader::integers_up_to(std::string_view key, uint64_t max) {
  std::vector<uint64_t> integers;
  const Json::Array& values = *TRY(array(key));
  integers.reserve(values.size());
  for (const Json& value : values) {
    const std::optional<uint64_t> integer = integer_of(value);
    if (!integer || *integer > max) return wrong(key, "not a list of integers from 0 to " + std::to_string(max));
    integers.push_back(*integer);
  }
  return integers;
}

Result<std::vector<EntryIndex>> ObjectReader::entries(std::string_view key) {
  const std::vector<uint64_t> indexes = TRY(integers_up_to(key, kMaxSigned));
  std::vector<EntryIndex> entries;
  entries.reserve(indexes.size());
  for (const uint64_t index : indexes) entries.emplace_back(index);
  return entries;
}

Result<ObjectReader> ObjectReader::object(std::string_view key) { return open(*TRY(find(key)), path_of(key)); }

Result<void> ObjectReader::finish() const {
  const auto unread = std::ranges::find(read_, false);
  if (unread == read_.end()) return {};
  return wrong((*members_)[static_cast<size_t>(unread - read_.begin())].key, "not a field of this kind");
}

}  // namespace tribute::record
