// A row of contributed JSON: no line crashes the parser, and what it reads is UTF-8.
#include "base/bytes.h"
#include "base/check.h"
#include "datanet/json_row.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  static datanet::JsonRowParser parser;
  const auto row = parser.parse(fuzz::view_of(data, size));
  if (!row) return 0;
  CHECK(!row->text.empty());
  for (const std::string* field : {&row->id, &row->contributor, &row->license, &row->title, &row->text}) {
    CHECK(is_valid_utf8(*field));
  }
  return 0;
}
