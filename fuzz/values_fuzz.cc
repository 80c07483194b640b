// Hexadecimal, base64, amounts, keys and UTF-8: what is read is the only spelling of its value.
#include <string>

#include "base/amount.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/sign.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  const std::string_view input = fuzz::view_of(data, size);
  if (const auto bytes = from_hex(input)) CHECK(to_hex(*bytes) == input);
  if (const auto bytes = from_base64(input)) CHECK(to_base64(*bytes) == input);
  CHECK(from_hex(to_hex(input)) == std::string(input));
  CHECK(from_base64(to_base64(input)) == std::string(input));
  if (const auto amount = parse_amount(input)) CHECK(std::to_string(amount->millionths()) == input);
  if (const auto key = parse_public_key(input)) CHECK(key->text() == input);
  if (const auto key = parse_private_key(input)) {
    CHECK(key->text() == input);
    CHECK(verify_signature(public_key_of(*key), input, sign(*key, input)));
  }
  CHECK(is_valid_utf8(to_printable_utf8(input)));
  return 0;
}
