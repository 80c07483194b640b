// One text's passages and their explanations, for people.
#pragma once

#include <string>

#include "quotes/explain.h"

namespace tribute::evaluate {

// Every passage with its tokens in groups of one explanation, then what was credited beside them.
std::string tell(const Library& library, const StitchedText& text, const text::TokenizedText& answer,
                 const TextFinding& finding);

// The tokens that the engine and the rule disagree on, in runs: "tokens [begin, end) "text": …"; empty if there are
// none.
std::string tell_unexplained(const StitchedText& text, const text::TokenizedText& answer, const TextFinding& finding,
                             const trace::Attribution& attribution);

}  // namespace tribute::evaluate
