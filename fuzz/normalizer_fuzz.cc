// Normalizers: any bytes become what is normalized already, with origins that ascend over all of the text.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "fuzz.h"
#include "pretokenize/normalizer.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tribute;
  using namespace tribute::pretokenize;
  if (size == 0) return 0;
  const std::string_view text = fuzz::view_of(data + 1, size - 1);
  const Normalizer normalizer({static_cast<Form>(data[0] % 4)});
  const auto result = normalizer.normalize(text);
  CHECK(result.has_value());
  if (!result->has_value()) return 0;
  CHECK(normalizer.may_change(text));
  const NormalizedText& normalized = **result;
  CHECK(normalized.text != text);
  CHECK(normalized.origins.size() == normalized.text.size() + 1);
  CHECK(std::ranges::is_sorted(normalized.origins));
  CHECK(normalized.origins.back() == text.size());
  const auto again = normalizer.normalize(normalized.text);
  CHECK(again.has_value() && !again->has_value());
  return 0;
}
