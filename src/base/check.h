// CHECK: a programmer's mistake ends the program with the condition and its place, in release too.
// Never for anything that a user's input or a file could cause.
#pragma once

namespace tribute {

// Prints "file:line: CHECK failed: condition" to stderr and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace tribute

#define CHECK(condition)                                       \
  do {                                                         \
    if (!(condition)) [[unlikely]]                             \
      ::tribute::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
