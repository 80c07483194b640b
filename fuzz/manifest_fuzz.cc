// A manifest that is read is the canonical spelling of what was read.
#include "base/check.h"
#include "fuzz.h"
#include "ngram/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  const std::string_view input = fuzz::view_of(data, size);
  if (const auto manifest = ngram::manifest_from_canonical_json(input)) {
    const auto json = ngram::to_canonical_json(*manifest);
    CHECK(json.has_value() && *json == input);
  }
  return 0;
}
