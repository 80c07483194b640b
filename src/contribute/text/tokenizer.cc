#include "text/tokenizer.h"

namespace tribute::text {

Result<void> check_text_size(std::string_view text) {
  if (text.size() <= kMaxTextBytes) return {};
  return fail(ErrorCode::out_of_range, "a text of " + std::to_string(text.size()) +
                                           " bytes is too long to be tokenized in one piece; the limit is " +
                                           std::to_string(kMaxTextBytes));
}

}  // namespace tribute::text
