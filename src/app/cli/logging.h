// What a command tells about its own working, on stderr.
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace tribute::cli {

// Writes lines of at least a level to a stream; at first of "warn". Not thread-safe.
class Log {
 public:
  explicit Log(std::ostream& stream);
  ~Log();

  // Errors: invalid_argument unless it is trace, debug, info, warn, error or off.
  Result<void> set_level(std::string_view level);

  void debug(std::string_view message);
  void info(std::string_view message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tribute::cli
