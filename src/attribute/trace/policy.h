// trace::Policy: the values of the attribution rule that a model's registration fixes.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "record/model_values.h"

namespace tribute::trace {

using Policy = record::Policy;  // every value with its range and consequence: record/model_values.h

// Errors: invalid_argument naming the value and its range.
Result<void> validate(const Policy& policy);

// The commons limit in force where `contributor_count` contributors have paid first members.
uint32_t commons_limit(const Policy& policy, uint64_t contributor_count);

}  // namespace tribute::trace
