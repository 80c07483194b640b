// A row from one line of JSON.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"
#include "datanet/row.h"

namespace tribute::datanet {

// Reads lines {"id", "contributor", "license", "title", "text", "signature"}, all strings, only "text"
// required. null stands for an absent field. Fields of other names are ignored, but must be JSON.
// Keeps its buffers from line to line unless a line was long. Not thread-safe.
class JsonRowParser {
 public:
  JsonRowParser();
  JsonRowParser(JsonRowParser&&) noexcept;
  JsonRowParser& operator=(JsonRowParser&&) noexcept;
  ~JsonRowParser();

  // The row as the line says it, neither completed nor checked beyond this: the line is one JSON
  // object and no more; it is valid UTF-8, and no string has a lone surrogate escape; none of the six
  // fields stands there twice, is of another type than string, or, but for the title, is empty.
  // Errors: invalid_argument saying what is wrong. O(line), some 3 times its size in memory for one
  // that is mostly text.
  Result<Row> parse(std::string_view line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tribute::datanet
