// What a receipt should have paid. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/history.h"
#include "base/error.h"
#include "record/entry.h"
#include "record/receipt_body.h"

namespace tribute::audit {

// A receipt with the model version that it names.
struct ReceiptFacts {
  EntryIndex entry;
  const record::Receipt& receipt;
  const ModelFacts& model;
};

// The payouts that the model's terms make of the receipt's fee and a body's credits.
// Errors: invalid_argument where they cannot be split, saying why.
Result<std::vector<record::Payout>> payouts_by_credits(const ReceiptFacts& facts,
                                                       const std::vector<record::BodyCredit>& credits);

// The same without the body: all that contributors get stands under one account, kAllContributors.
inline constexpr std::string_view kAllContributors = "contributor:*";
Result<std::vector<record::Payout>> payouts_without_credits(const ReceiptFacts& facts);

// `payouts` with those to contributors summed under kAllContributors; nullopt if the sum overflows.
std::optional<std::vector<record::Payout>> contributors_merged(const std::vector<record::Payout>& payouts);

// What is wrong with `paid`, in one line that names the first account that got too much or too
// little, or nullopt if it is `expected`.
std::optional<std::string> compare_payouts(const std::vector<record::Payout>& paid,
                                           const std::vector<record::Payout>& expected, Amount fee);

}  // namespace tribute::audit
