// The independent recount: it shares nothing with posting but the tables.
#include <algorithm>
#include <map>
#include <string>

#include "base/check.h"
#include "base/checked.h"
#include "ledger/store.h"

namespace tribute::ledger {
namespace {

constexpr int64_t kPageRows = 10'000;

using Balances = std::map<std::string, int128_t>;

std::unexpected<Error> differs(const std::string& what) {
  return fail(ErrorCode::data_loss,
              "the ledger's recount differs: " + what + "; restore a backup with `tribute restore`");
}

std::string digits(int128_t value) {
  if (value < 0) return "-" + digits(-value);
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  return text;
}

// Moves `change` on the account and compares with the balance that stands beside the transfer.
Result<void> move(Balances& balances, const std::string& account, int128_t change, int64_t stated,
                  const std::string& transfer) {
  int128_t& balance = balances[account];
  balance += change;
  if (balance != stated) {
    return differs(transfer + " leaves account " + account + " with " + digits(balance) + ", but states " +
                   std::to_string(stated));
  }
  if (balance < 0 && account != "outside") return differs(transfer + " leaves account " + account + " below zero");
  return {};
}

// Columns: sequence, debit, credit, amount, debit_balance, credit_balance.
Result<void> count_transfer(Balances& balances, const sql::Row& row, uint64_t expected_sequence) {
  const std::string transfer = "transfer " + std::to_string(row.integer(0));
  if (row.integer(0) != static_cast<int64_t>(expected_sequence)) {
    return differs(transfer + " stands where transfer " + std::to_string(expected_sequence) + " is missing");
  }
  const int64_t amount = row.integer(3);
  if (amount <= 0) return differs(transfer + " is of " + std::to_string(amount));
  if (row.text(1) == row.text(2)) return differs(transfer + " is from account " + row.text(1) + " to itself");
  TRY(move(balances, row.text(1), -int128_t{amount}, row.integer(4), transfer));
  return move(balances, row.text(2), amount, row.integer(5), transfer);
}

// Takes each account from `balances`; what is left there has transfers and no account.
Result<uint64_t> compare_accounts(sql::Transaction& sql, Balances balances) {
  uint64_t account_count = 0;
  int128_t sum = 0;
  for (const sql::Row& row : TRY(sql.query("SELECT id, balance FROM ledger_account"))) {
    const std::string& account = row.text(0);
    const auto counted = balances.extract(account);
    const int128_t balance = counted.empty() ? 0 : counted.mapped();
    if (balance != row.integer(1)) {
      return differs("account " + account + " has " + std::to_string(row.integer(1)) + ", its transfers make " +
                     digits(balance));
    }
    sum += balance;
    ++account_count;
  }
  if (!balances.empty()) return differs("account " + balances.begin()->first + " has transfers and is not there");
  // Every transfer took from one account what it gave to another.
  CHECK(sum == 0);
  return account_count;
}

}  // namespace

Result<Recount> recount(sql::Transaction& sql) {
  Balances balances;
  uint64_t transfer_count = 0;
  while (true) {
    const auto rows =
        TRY(sql.query("SELECT sequence, debit, credit, amount, debit_balance, credit_balance FROM ledger_transfer "
                      "WHERE sequence > ? ORDER BY sequence LIMIT ?",
                      {static_cast<int64_t>(transfer_count), kPageRows}));
    for (const sql::Row& row : rows) TRY(count_transfer(balances, row, ++transfer_count));
    if (rows.empty()) break;
  }
  const uint64_t account_count = TRY(compare_accounts(sql, std::move(balances)));
  return Recount{.account_count = account_count, .transfer_count = transfer_count};
}

}  // namespace tribute::ledger
