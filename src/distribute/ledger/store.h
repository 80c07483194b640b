// The ledger's tables: accounts with their balances and every transfer that was posted.
// docs/formats/database.md has the columns.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/amount.h"
#include "base/error.h"
#include "base/ids.h"
#include "ledger/account_id.h"
#include "ledger/ledger.h"
#include "sql/database.h"

namespace tribute::ledger {

// Errors of every function: those of sql::Transaction, and data_loss naming the account or transfer
// where the tables hold what this program would not have written.

const sql::Schema& ledger_schema();

// Opens the account with a balance of zero. Nothing happens if it is open.
Result<void> open_account(sql::Transaction& sql, const AccountId& account, uint64_t time_ms);

// Why and when transfers are posted.
struct Occasion {
  std::optional<EntryIndex> entry;  // the log entry that they follow from
  uint64_t time_ms = 0;             // below 2^63
};

// Posts all of the transfers or, if one is refused, none, and returns the refusal. What was posted
// before is not posted again and no refusal. Precedence and meaning: ledger/ledger.h.
// O(t log t) for t transfers, with at most 4 statements each.
Result<std::optional<Refusal>> post(sql::Transaction& sql, const std::vector<Transfer>& transfers,
                                    const Occasion& occasion);

// The balance, or nullopt if the account is not open. O(log accounts).
Result<std::optional<Amount>> find_balance(sql::Transaction& sql, const AccountId& account);

// The transfers that were posted for a log entry, in the order of posting.
Result<std::vector<Transfer>> transfers_of(sql::Transaction& sql, EntryIndex entry);

struct AccountBalance {
  AccountId account;
  Amount balance;
  friend bool operator==(const AccountBalance&, const AccountBalance&) = default;
};

// All accounts, bytewise by id.
Result<std::vector<AccountBalance>> list_accounts(sql::Transaction& sql);

// A posted transfer as one of its two accounts sees it.
struct StatementLine {
  uint64_t sequence = 0;  // of the transfer, from 1; ascending in the order of posting
  uint64_t time_ms = 0;
  std::string other_account;
  Amount change;   // negative: paid out
  Amount balance;  // after it
  std::string key;
  std::optional<EntryIndex> entry;
  friend bool operator==(const StatementLine&, const StatementLine&) = default;
};

struct StatementPage {
  uint64_t after = 0;  // lines with a higher sequence
  uint64_t limit = std::numeric_limits<int64_t>::max();
};

// The account's lines in ascending order of `sequence`; none for an account that is not open.
Result<std::vector<StatementLine>> statement(sql::Transaction& sql, const AccountId& account,
                                             const StatementPage& page = {});

struct Recount {
  uint64_t account_count = 0;
  uint64_t transfer_count = 0;
  friend bool operator==(const Recount&, const Recount&) = default;
};

// Derives every balance anew from the transfers alone, in 128-bit integers, and compares: each balance
// after each transfer and each account's own. Then all of them sum to zero (CHECK).
// Errors: data_loss naming the first account or transfer that differs. O(transfers) time, O(accounts) memory.
Result<Recount> recount(sql::Transaction& sql);

}  // namespace tribute::ledger
