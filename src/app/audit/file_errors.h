// Which trouble with a published file is a finding, and how a report puts it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute::audit {

// Whether a file is missing, damaged, or of a version that is not known, which is a finding. Any other
// error is the auditor's own trouble with reading.
inline bool is_finding(const Error& error) {
  return error.code == ErrorCode::not_found || error.code == ErrorCode::data_loss ||
         error.code == ErrorCode::failed_precondition;
}

// What is wrong with the file at `path`, without the path, which stands in the finding anyway.
inline std::string reason_of(const Error& error, std::string_view path) {
  if (error.code == ErrorCode::not_found) return "is missing";
  const size_t found = error.message.find(path);
  if (found == std::string::npos || !error.message.substr(found + path.size()).starts_with(": ")) return error.message;
  return error.message.substr(found + path.size() + 2);
}

}  // namespace tribute::audit
