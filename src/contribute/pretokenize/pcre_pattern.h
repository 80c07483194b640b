// Translates the regular expressions of tokenizer files into PCRE2's dialect. Inside the module.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "pretokenize/rules.h"

namespace tribute::pretokenize {

// An expression for PCRE2 (with PCRE2_UTF and PCRE2_UCP; newline LF) that matches what `pattern` matches in its
// dialect. What PCRE2 reads otherwise is written otherwise: \s is White_Space, \w is Alphabetic, M, Nd, Pc and
// Join_Control (Oniguruma: without the last), \d is Nd, scripts are without their extensions, ^ and $ are
// Oniguruma's (at line breaks) or Rust's (at the text's ends), X{n,m}+ in Oniguruma's repeats X{n,m}, and [a&&[^b]]
// becomes a lookahead.
// Errors: invalid_argument, with the place, for what one of the engines does not know or what they
// read differently and this does not translate (flags other than i, \K, \G, \X, POSIX classes, …).
Result<std::string> to_pcre(std::string_view pattern, Dialect dialect);

// The pattern as errors call it: quoted, printable, not longer than a line.
std::string name_of_pattern(std::string_view pattern);

}  // namespace tribute::pretokenize
