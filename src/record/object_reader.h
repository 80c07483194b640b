// Reads the fields of one JSON object, each by its name and type; every field once and no other.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "record/canonical.h"

namespace tribute::record {

// Errors of every function: data_loss naming the field with the path to it ("model.terms.rate_in")
// if it is missing, of another type, or out of its type's range.
// Keeps a pointer to the object's members; the Json must outlive the reader.
class ObjectReader {
 public:
  // `path` names the object in messages.
  static Result<ObjectReader> open(const Json& value, std::string path);

  Result<bool> boolean(std::string_view key);
  template <std::unsigned_integral Integer>
  Result<Integer> integer(std::string_view key) {
    return static_cast<Integer>(TRY(integer_up_to(key, std::numeric_limits<Integer>::max())));
  }
  Result<uint64_t> integer_up_to(std::string_view key, uint64_t max);
  Result<std::optional<uint64_t>> optional_integer_up_to(std::string_view key, uint64_t max);
  Result<EntryIndex> entry(std::string_view key);
  Result<std::optional<EntryIndex>> optional_entry(std::string_view key);
  Result<Amount> amount(std::string_view key);
  Result<Hash256> hash(std::string_view key);
  Result<std::string> text(std::string_view key);
  Result<const Json::Array*> array(std::string_view key);
  // An array of integers.
  template <std::unsigned_integral Integer>
  Result<std::vector<Integer>> integers(std::string_view key) {
    const std::vector<uint64_t> values = TRY(integers_up_to(key, std::numeric_limits<Integer>::max()));
    return std::vector<Integer>(values.begin(), values.end());
  }
  Result<std::vector<EntryIndex>> entries(std::string_view key);
  Result<ObjectReader> object(std::string_view key);
  // The value of an enum, which `from_name` knows by its name.
  template <typename FromName>
  auto named(std::string_view key, FromName from_name) -> decltype(from_name(std::string_view())) {
    const auto value = from_name(TRY(text(key)));
    if (!value) return wrong(key, value.error().message);
    return value;
  }
  // The array's elements, each an object that `read_item` reads from an ObjectReader&.
  template <typename ReadItem>
  auto objects(std::string_view key, ReadItem read_item)
      -> Result<std::vector<typename std::invoke_result_t<ReadItem, ObjectReader&>::value_type>> {
    std::vector<typename std::invoke_result_t<ReadItem, ObjectReader&>::value_type> items;
    const Json::Array& values = *TRY(array(key));
    items.reserve(values.size());
    for (const Json& value : values) {
      ObjectReader reader = TRY(open(value, path_of(key) + "[" + std::to_string(items.size()) + "]"));
      items.push_back(TRY(read_item(reader)));
      TRY(reader.finish());
    }
    return items;
  }

  // Errors: data_loss naming the first field that was not read.
  Result<void> finish() const;

 private:
  ObjectReader(std::string path, const Json::Object& members);

  Result<const Json*> find(std::string_view key);
  Result<std::vector<uint64_t>> integers_up_to(std::string_view key, uint64_t max);
  std::string path_of(std::string_view key) const { return path_ + "." + std::string(key); }
  std::unexpected<Error> wrong(std::string_view key, std::string_view what) const;

  std::string path_;
  const Json::Object* members_;
  std::vector<bool> read_;
};

}  // namespace tribute::record
