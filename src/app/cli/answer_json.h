// An attribution and a receipt as JSON, field by field as docs/cli/trace.md and charge.md say.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cli/json.h"
#include "usecase/answer.h"
#include "usecase/charge.h"

namespace tribute::cli {

Json attribution_json(const usecase::AttributionView& view);

// The receipt's own fields, then those of its attribution, at one level. `id` and `entry` are null in
// a dry run.
Json receipt_json(const usecase::ReceiptView& view);

}  // namespace tribute::cli
