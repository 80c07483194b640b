// One document as it comes in: what a contribution is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"

namespace tribute::datanet {

// Where a row stands.
struct Place {
  std::string file;   // the path as it was opened; "-" for standard input
  uint64_t line = 0;  // from 1; 0: the whole file

  friend bool operator==(const Place&, const Place&) = default;
};

// A row that can be taken. Every field is checked: see the functions below.
struct Row {
  Place place;
  std::string id;
  std::string contributor;
  std::string license;
  std::string title;
  std::string text;       // the document's bytes, at least one; any bytes from a file, UTF-8 from JSON
  std::string signature;  // 128 lowercase hexadecimal digits, or empty; not verified yet

  friend bool operator==(const Row&, const Row&) = default;
};

// A row that cannot be taken, and why.
struct BadRow {
  Place place;
  std::string message;

  friend bool operator==(const BadRow&, const BadRow&) = default;
};

using RowOrBad = std::variant<Row, BadRow>;

// "notes.jsonl:17: field "text" is missing", in one line of printable text.
std::string describe(const BadRow& bad);

struct RowOptions {
  std::optional<std::string> contributor;            // of rows that name none; absent: such a row is bad
  std::optional<std::string> license;                // the same
  uint64_t max_document_bytes = uint64_t{64} << 20;  // a longer text is a bad row; at least 1
};

// Fills in what the row does not say (contributor and licence from the options, the id from the
// text's SHA-256, in hex) and checks every field.
// Errors: invalid_argument naming the first field, in the order contributor, license, text, id,
// title, signature, that is missing or out of its range.
Result<void> complete(Row& row, const RowOptions& options);

}  // namespace tribute::datanet
