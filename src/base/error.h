// Errors of operation as values: Error, Result<T> and TRY.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace tribute {

// The google.rpc codes, so that exit codes and HTTP statuses are one table. Values never change.
enum class ErrorCode : uint8_t {
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

// The code's name as in google.rpc, in lower case ("data_loss").
std::string_view error_code_name(ErrorCode code);

// What went wrong, on which object, and what to do about it, in one line without a full stop.
struct Error {
  ErrorCode code = ErrorCode::unknown;
  std::string message;

  friend bool operator==(const Error&, const Error&) = default;
};

// The result of anything that can fail in operation.
template <typename T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

// The same error with "context: " before its message.
[[nodiscard]] inline std::unexpected<Error> fail_within(std::string_view context, Error error) {
  error.message.insert(0, std::string(context) + ": ");
  return std::unexpected(std::move(error));
}

}  // namespace tribute

// TRY(expression): the value of a Result, or a return of its error from the enclosing function.
#define TRIBUTE_TRY_CONCAT_(a, b) a##b
#define TRIBUTE_TRY_NAMED_(expression, name)                                \
  __extension__({                                                           \
    auto name = (expression);                                               \
    if (!name.has_value()) return std::unexpected(std::move(name).error()); \
    std::move(name).value();                                                \
  })
#define TRIBUTE_TRY_COUNTED_(expression, counter) \
  TRIBUTE_TRY_NAMED_(expression, TRIBUTE_TRY_CONCAT_(tribute_try_, counter))
#define TRY(expression) TRIBUTE_TRY_COUNTED_(expression, __COUNTER__)
