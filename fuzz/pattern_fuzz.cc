// Regular expressions of tokenizer files: any pattern is refused or cuts any text, in order, within bounds.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "pretokenize/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  using namespace tribute::pretokenize;
  if (size < 2) return 0;
  const std::string_view input = fuzz::view_of(data + 2, size - 2);
  const size_t middle = std::min<size_t>(data[0], input.size());
  Split rule = {.pattern = std::string(input.substr(0, middle))};
  rule.behaviour = static_cast<Behaviour>(data[1] % 5);
  rule.invert = (data[1] & 8) != 0;
  rule.dialect = static_cast<Dialect>(data[1] >> 4 & 1);
  rule.is_literal = (data[1] & 64) != 0;
  const std::string_view text = input.substr(middle);
  const auto splitter = make_splitter(std::vector<Rule>{rule}, {.scanners = (data[1] & 128) != 0});
  if (!splitter) {
    CHECK(splitter.error().code == ErrorCode::invalid_argument);
    return 0;
  }
  std::vector<Piece> pieces;
  const auto end = (*splitter)->split(text, {0, static_cast<uint32_t>(text.size())}, pieces);
  if (!end) {
    CHECK(end.error().code == ErrorCode::resource_exhausted);
    return 0;
  }
  CHECK(*end == text.size());
  uint32_t last = 0;
  for (const Piece& piece : pieces) {
    CHECK(piece.begin >= last && piece.end > piece.begin && piece.end <= text.size());
    CHECK(piece.begin == last || !(*splitter)->is_lossless());
    last = piece.end;
  }
  CHECK(last == text.size() || !(*splitter)->is_lossless());
  return 0;
}
