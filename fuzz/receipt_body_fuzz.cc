// A receipt's body that is read is the canonical spelling of what was read.
#include "base/check.h"
#include "fuzz.h"
#include "record/receipt_body.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  const std::string_view input = fuzz::view_of(data, size);
  if (const auto body = record::receipt_body_from_canonical_json(input)) {
    CHECK(record::to_canonical_json(*body) == input);
  }
  return 0;
}
