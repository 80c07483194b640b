// Unicode normalization of the parts of a text that need it. Inside the module.
#pragma once

#include <string_view>

#include "pretokenize/normalizer.h"
#include "pretokenize/text_builder.h"

namespace tribute::pretokenize {

// False only if the text, between its ill-formed bytes, is in the form. The quick check of Unicode Standard Annex 15,
// with "maybe" taken for "no". O(n), 16 bytes at a time in ASCII.
bool needs_normalization(Form form, std::string_view text);

// Gives the text in the form to the builder, whose original it is. What is between characters that neither change nor
// compose with those before them is normalized by itself (Annex 15, section 9.1, stable code points), and is the
// original part that its bytes stand for. O(n log n) in the longest row of combining marks, else O(n).
void normalize_to(Form form, std::string_view text, TextBuilder& builder);

}  // namespace tribute::pretokenize
