// Double entry: may these transfers happen, and what are the balances then. Pure; no I/O.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/amount.h"
#include "ledger/account_id.h"

namespace tribute::ledger {

inline constexpr size_t kMaxKeyBytes = 256;

// Money that moves from one account to another.
struct Transfer {
  std::string key;   // names the transfer for good: 1 to 256 printable ASCII characters
  AccountId debit;   // the account that pays
  AccountId credit;  // the account that is paid
  Amount amount;     // > 0

  friend bool operator==(const Transfer&, const Transfer&) = default;
};

// Why a transfer may not happen. Where several reasons hold, the first in this order is given: first
// what is wrong with the transfer itself, then with what there is, then with the balances.
enum class TransferRefusal : uint8_t {
  invalid_key,             // the key is empty, too long, or not printable ASCII
  amount_not_positive,     //
  same_account,            // debit and credit are one account
  key_reused,              // a different transfer was posted with the key
  unknown_debit_account,   // not opened
  unknown_credit_account,  // not opened
  insufficient_funds,      // the debit account would go below zero and may not
  balance_overflow,        // a balance would leave the range of amounts
};
std::string_view name_of(TransferRefusal refusal);

// A refused transfer of a batch, and why, in one line for a person.
struct Refusal {
  TransferRefusal reason = TransferRefusal::invalid_key;
  size_t index = 0;  // of the transfer in its batch
  std::string message;

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// What is known before a batch: every open account among those that it names, and every transfer posted
// before with one of its keys. Only accounts that may be negative are (CHECK).
struct Books {
  std::map<AccountId, Amount> balances;
  std::map<std::string, Transfer, std::less<>> posted;
};

// One transfer to write down, with the two balances after it.
struct Posting {
  Transfer transfer;
  Amount debit_balance;
  Amount credit_balance;

  friend bool operator==(const Posting&, const Posting&) = default;
};

// Decides about a batch, in order: each transfer finds the balances that those before it left. All of
// them happen or none. A transfer that was posted before, or stands earlier in the batch, with the
// same key and contents is done already and has no posting.
// The sum of all balances does not change (CHECK). O(n log n).
std::variant<std::vector<Posting>, Refusal> decide(const std::vector<Transfer>& transfers, const Books& books);

}  // namespace tribute::ledger
