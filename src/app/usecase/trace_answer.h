// Use case: find out which datapoints an answer came from.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "usecase/answer.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

// By the newest version of the model, as of now. Writes nothing.
// Errors: not_found for a model, naming those there are.
Result<AttributionView> trace_answer(workspace::Workspace& workspace, std::string_view model, const Answer& answer,
                                     uint32_t datapoint_limit);

}  // namespace tribute::usecase
