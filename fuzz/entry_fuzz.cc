// A log entry that is read is the canonical spelling of what was read.
#include "base/check.h"
#include "fuzz.h"
#include "record/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  const std::string_view input = fuzz::view_of(data, size);
  if (const auto entry = record::entry_from_canonical_json(input)) {
    const auto json = record::to_canonical_json(*entry);
    CHECK(json.has_value() && *json == input);
  }
  return 0;
}
