#include "ledger/ledger.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/checked.h"

namespace tribute::ledger {
namespace {

using Balances = std::map<AccountId, Amount>;

int128_t sum_of(const Balances& balances) {
  int128_t sum = 0;
  for (const auto& [account, balance] : balances) sum += balance.millionths();
  return sum;
}

void check_invariants(const Balances& balances) {
  for (const auto& [account, balance] : balances) CHECK(account.may_be_negative() || !balance.is_negative());
}

bool is_key(std::string_view key) {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  return !key.empty() && key.size() <= kMaxKeyBytes && std::ranges::all_of(key, is_printable);
}

bool is_done(const Transfer& transfer, const Books& books) {
  const auto posted = books.posted.find(transfer.key);
  return posted != books.posted.end() && posted->second == transfer;
}

// Why the transfer may not happen, in the order of precedence; nullopt if it may.
std::optional<TransferRefusal> refusal_of(const Transfer& transfer, const Books& books) {
  if (!is_key(transfer.key)) return TransferRefusal::invalid_key;
  if (transfer.amount <= Amount(0)) return TransferRefusal::amount_not_positive;
  if (transfer.debit == transfer.credit) return TransferRefusal::same_account;
  if (books.posted.contains(transfer.key) && !is_done(transfer, books)) return TransferRefusal::key_reused;
  const auto debit = books.balances.find(transfer.debit);
  if (debit == books.balances.end()) return TransferRefusal::unknown_debit_account;
  const auto credit = books.balances.find(transfer.credit);
  if (credit == books.balances.end()) return TransferRefusal::unknown_credit_account;
  if (!transfer.debit.may_be_negative() && debit->second < transfer.amount) return TransferRefusal::insufficient_funds;
  const bool fits = debit->second.minus(transfer.amount) && credit->second.plus(transfer.amount);
  if (!fits) return TransferRefusal::balance_overflow;
  return std::nullopt;
}

std::string digits(Amount amount) { return std::to_string(amount.millionths()); }

std::string message_of(TransferRefusal refusal, const Transfer& transfer, const Books& books) {
  const std::string& debit = transfer.debit.text();
  const std::string& credit = transfer.credit.text();
  const std::string prefix = "transfer '" + to_printable_utf8(transfer.key.substr(0, kMaxKeyBytes)) + "': ";
  switch (refusal) {
    case TransferRefusal::invalid_key:
      return prefix + "the key must be 1 to " + std::to_string(kMaxKeyBytes) + " printable ASCII characters";
    case TransferRefusal::amount_not_positive:
      return prefix + "the amount must be at least 1, not " + digits(transfer.amount);
    case TransferRefusal::same_account: return prefix + "account " + debit + " cannot pay itself";
    case TransferRefusal::key_reused: {
      const Transfer& posted = books.posted.at(transfer.key);
      return prefix + "the key names a transfer of " + digits(posted.amount) + " from " + posted.debit.text() + " to " +
             posted.credit.text() + "; use a new key";
    }
    case TransferRefusal::unknown_debit_account: return prefix + "account " + debit + " is not open";
    case TransferRefusal::unknown_credit_account: return prefix + "account " + credit + " is not open";
    case TransferRefusal::insufficient_funds:
      return prefix + "account " + debit + " has " + digits(books.balances.at(transfer.debit)) + " and " +
             digits(transfer.amount) + " are needed; deposit more";
    case TransferRefusal::balance_overflow:
      return prefix + "a balance of " + debit + " or " + credit + " would exceed 9223372036854775807";
  }
  check_failed("a value that the enumeration does not have", __FILE__, __LINE__);
}

Posting post(const Transfer& transfer, Books& books) {
  Amount& debit = books.balances.at(transfer.debit);
  Amount& credit = books.balances.at(transfer.credit);
  const auto debit_after = debit.minus(transfer.amount);
  const auto credit_after = credit.plus(transfer.amount);
  CHECK(debit_after && credit_after);
  debit = *debit_after;
  credit = *credit_after;
  books.posted.emplace(transfer.key, transfer);
  return {.transfer = transfer, .debit_balance = debit, .credit_balance = credit};
}

}  // namespace

std::string_view name_of(TransferRefusal refusal) {
  switch (refusal) {
    case TransferRefusal::invalid_key: return "invalid_key";
    case TransferRefusal::amount_not_positive: return "amount_not_positive";
    case TransferRefusal::same_account: return "same_account";
    case TransferRefusal::key_reused: return "key_reused";
    case TransferRefusal::unknown_debit_account: return "unknown_debit_account";
    case TransferRefusal::unknown_credit_account: return "unknown_credit_account";
    case TransferRefusal::insufficient_funds: return "insufficient_funds";
    case TransferRefusal::balance_overflow: return "balance_overflow";
  }
  check_failed("a value that the enumeration does not have", __FILE__, __LINE__);
}

std::variant<std::vector<Posting>, Refusal> decide(const std::vector<Transfer>& transfers, const Books& books) {
  check_invariants(books.balances);
  Books state = books;
  std::vector<Posting> postings;
  for (size_t i = 0; i < transfers.size(); ++i) {
    const Transfer& transfer = transfers[i];
    if (is_done(transfer, state)) continue;
    if (const auto refusal = refusal_of(transfer, state)) {
      return Refusal{.reason = *refusal, .index = i, .message = message_of(*refusal, transfer, state)};
    }
    postings.push_back(post(transfer, state));
  }
  check_invariants(state.balances);
  CHECK(sum_of(state.balances) == sum_of(books.balances));
  return postings;
}

}  // namespace tribute::ledger
