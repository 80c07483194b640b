// The ranges of the fields of log entries and receipt bodies, beyond what their types say.
#pragma once

#include <string_view>

#include "base/error.h"
#include "record/entry.h"
#include "record/receipt_body.h"

namespace tribute::record {

inline constexpr size_t kMaxNameBytes = 64;
inline constexpr size_t kMaxLicenseBytes = 128;
inline constexpr size_t kMaxAccountBytes = 160;

// Errors of every function: invalid_argument naming the field, its value and its range.

// A DataNet's or a model's name: [a-z0-9][a-z0-9._-]{0,63}. `what` names it in the message.
Result<void> validate_name(std::string_view what, std::string_view name);

// A licence: 1 to 128 of the characters of SPDX expressions: letters, digits, space and . - + : ( ).
Result<void> validate_license(std::string_view license);

// What trace::validate() and settle::validate() are.
Result<void> validate_policy(const Policy& policy);
Result<void> validate_terms(const Terms& terms);

Result<void> validate(const Entry& entry);
Result<void> validate(const ReceiptBody& body);

}  // namespace tribute::record
