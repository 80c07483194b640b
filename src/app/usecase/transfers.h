// The transfers that use cases post: deposits, and the payouts of receipts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/ids.h"
#include "ledger/account_id.h"
#include "record/entry.h"
#include "sql/database.h"

namespace tribute::usecase {

struct Deposit {
  std::string key;
  ledger::AccountId payer;
  Amount amount;
  uint64_t time_ms = 0;
};

// From `outside` to the payer, whose account is opened if it is not.
// Errors: invalid_argument for what the ledger refuses, saying why.
Result<void> post_deposit(sql::Transaction& sql, const Deposit& deposit);

struct Payment {
  std::string receipt_id;
  std::string payer;
  EntryIndex entry;  // the receipt's
  uint64_t time_ms = 0;
  std::vector<record::Payout> payouts;
};

// One transfer per payout, from the payer; accounts that are paid are opened if they are not.
// Errors: internal for what the ledger refuses: the caller has looked at the balance.
Result<void> post_payouts(sql::Transaction& sql, const Payment& payment);

// A receipt's id: the first 32 hex digits of its body's SHA-256.
std::string receipt_id(const Hash256& body_sha256);

}  // namespace tribute::usecase
