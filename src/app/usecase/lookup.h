// What several use cases look up first, with the message that a person needs when it is not there.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "datanet/registry.h"
#include "sql/database.h"
#include "workspace/catalog.h"

namespace tribute::usecase {

// Errors: not_found, naming what there is and the command that makes one.
Result<datanet::DatanetRow> require_datanet(sql::Transaction& sql, std::string_view name);
Result<datanet::ContributorRow> require_contributor(sql::Transaction& sql, std::string_view name);
Result<workspace::ModelRow> require_model(sql::Transaction& sql, std::string_view name);

}  // namespace tribute::usecase
