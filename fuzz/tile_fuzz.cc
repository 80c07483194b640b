// Tiles and entry bundles: what is read encodes to the same bytes. The first byte is the width.
#include <string>
#include <vector>

#include "base/check.h"
#include "fuzz.h"
#include "tlog/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  if (size == 0) return 0;
  const uint32_t width = data[0] + uint32_t{1};
  const std::string_view input = fuzz::view_of(data, size).substr(1);
  if (const auto hashes = tlog::parse_tile(input, width)) CHECK(tlog::encode_tile(*hashes) == input);
  if (const auto views = tlog::parse_bundle(input, width)) {
    const std::vector<std::string> entries(views->begin(), views->end());
    CHECK(tlog::encode_bundle(entries) == input);
  }
  return 0;
}
