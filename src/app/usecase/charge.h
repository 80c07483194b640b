// Use case: charge an answer: trace it, split the fee, write the receipt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/ids.h"
#include "record/entry.h"
#include "usecase/answer.h"
#include "workspace/catalog.h"
#include "workspace/workspace.h"

namespace tribute::usecase {

struct ChargeRequest {
  std::string model;
  std::string payer;
  Answer answer;
  std::optional<std::string> idempotency_key;
  bool dry_run = false;  // computes all, checks no balance, writes nothing
  uint32_t datapoint_limit = 10;
};

struct ReceiptView {
  std::string id;                   // empty in a dry run
  std::optional<EntryIndex> entry;  // absent in a dry run
  std::string payer;
  uint64_t time_ms = 0;
  uint64_t tokens_in = 0;
  uint64_t tokens_out = 0;
  Amount fee;
  std::vector<record::Payout> payouts;
  AttributionView attribution;
  bool repeated = false;  // an earlier charge with the same idempotency key
};

// Refusals, in this order of precedence. Nothing is written.
enum class ChargeRefusal : uint8_t {
  key_reused = 1,     // the idempotency key came with another request
  unknown_payer = 2,  // no account; `account deposit` opens it
  insufficient_funds = 3,
};

struct ChargeOutcome {
  std::optional<ReceiptView> receipt;  // exactly one of the two
  std::optional<ChargeRefusal> refusal;
  std::string refusal_message;
};

// Errors: not_found for a model; out_of_range for a fee over 2^63 - 1; those of the stores.
Result<ChargeOutcome> charge(workspace::Workspace& workspace, const ChargeRequest& request);

// The receipt as charge() gave it, re-derived from its entry and body.
// Errors: not_found; data_loss if body and entry disagree.
Result<ReceiptView> show_receipt(workspace::Workspace& workspace, std::string_view id, uint32_t datapoint_limit);

// Newest first, without attributions.
Result<std::vector<workspace::ReceiptRow>> list_receipts(workspace::Workspace& workspace,
                                                         const workspace::ReceiptFilter& filter);

}  // namespace tribute::usecase
