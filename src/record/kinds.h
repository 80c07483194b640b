// The fields of each kind of entry as JSON, both ways; what the files of this module share.
#pragma once

#include "record/canonical.h"
#include "record/entry.h"
#include "record/object_reader.h"

namespace tribute::record {

// The kind's fields, without "kind" and "time_ms".
Json::Object fields_of(const Model& model);
Json::Object fields_of(const Receipt& receipt);

// The kind from its fields. Errors: data_loss naming the field.
Result<Model> read_model(ObjectReader& reader);
Result<Receipt> read_receipt(ObjectReader& reader);

// A list of payouts under the key "payouts".
Json payouts_json(const std::vector<Payout>& payouts);
Result<std::vector<Payout>> read_payouts(ObjectReader& reader);

}  // namespace tribute::record
