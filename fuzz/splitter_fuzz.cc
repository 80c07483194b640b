// Splitters: each scanner cuts any bytes as PCRE2 does with the same expressions, tiles them, and may begin again
// at every boundary.
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "pretokenize/rules.h"
#include "pretokenize/unicode.h"

namespace {

using namespace tribute;
using namespace tribute::pretokenize;
using Rules = std::vector<Rule>;

struct Twins {
  std::unique_ptr<Splitter> scanner;
  std::unique_ptr<Splitter> twin;
};

Twins twins_of(const Rules& rules) {
  Twins twins = {make_splitter(rules).value(), make_splitter(rules, {.scanners = false}).value()};
  return twins;
}

Split split(std::string_view pattern) { return {.pattern = std::string(pattern), .dialect = Dialect::rust}; }

// The second byte chooses.
const Twins& twins_by(uint8_t choice) {
  static const std::vector<Twins> twins = [] {
    std::vector<Twins> made;
    for (const auto pattern : {gpt2_pattern(), cl100k_pattern(), tiktoken_cl100k_pattern(), qwen2_pattern(),
                               o200k_pattern(), deepseek_v3_pattern()}) {
      made.push_back(twins_of({split(pattern)}));
    }
    made.push_back(twins_of({Digits{.individual = true}, split(gpt2_pattern())}));
    made.push_back(
        twins_of({Punctuation{Behaviour::contiguous}, split(gpt2_pattern()), Digits{}, split("[0-9][0-9][0-9]")}));
    made.push_back(twins_of({split("\\p{N}{1,3}"), split("\\s?\\p{L}+"), split("\\s?\\p{P}+")}));
    return made;
  }();
  return twins[choice % twins.size()];
}

// PCRE2 10.42 knows Unicode 14.0, the scanners 15.0: a text with anything above the characters that both know, as
// far as blocks without a newer one reach, is left out.
bool is_in_both(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const Character character = decode(text.data() + i, text.data() + text.size());
    const uint32_t code = character.code;
    const bool is_known = code < 0xcf0 || (code >= 0x1000 && code < 0x10e00) || (code >= 0x1f600 && code < 0x1f6d0) ||
                          (code >= 0x20000 && code < 0x2b700) || code == kCodePoints;
    if (!is_known) return false;
    i += character.size;
  }
  return true;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view text = fuzz::view_of(data + 2, size - 2);
  const Twins& twins = twins_by(data[0]);
  const auto end = static_cast<uint32_t>(text.size());
  std::vector<Piece> whole;
  CHECK(twins.scanner->split(text, {0, end}, whole) == end);
  uint32_t tiled = 0;
  for (const Piece& piece : whole) {
    CHECK(piece.begin == tiled && piece.end > piece.begin);
    tiled = piece.end;
  }
  CHECK(tiled == end);

  std::vector<Piece> stretches;
  for (uint32_t begin = 0; begin < end;) {
    const auto boundary = twins.scanner->split(text, {begin, begin + 1 + data[1] % 32}, stretches);
    CHECK(boundary.has_value() && *boundary > begin);
    begin = *boundary;
  }
  CHECK(stretches == whole);

  if (!is_in_both(text)) return 0;
  std::vector<Piece> expected;
  if (twins.twin->split(text, {0, end}, expected)) CHECK(whole == expected);
  return 0;
}
