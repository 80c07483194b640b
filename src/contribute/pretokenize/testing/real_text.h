// Real text for tests.
#pragma once

#include <string>

namespace tribute::pretokenize::testing {

// The first bytes of the documents in ../shared/data (JSON lines with their escapes), or none if it is not there.
std::string real_text(size_t size_bytes);

}  // namespace tribute::pretokenize::testing
