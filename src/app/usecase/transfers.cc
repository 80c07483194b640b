#include "usecase/transfers.h"

#include "ledger/store.h"

namespace tribute::usecase {
namespace {

constexpr size_t kReceiptIdDigits = 32;

}  // namespace

Result<void> post_deposit(sql::Transaction& sql, const Deposit& deposit) {
  const auto outside = ledger::AccountId::outside();
  TRY(ledger::open_account(sql, outside, deposit.time_ms));
  TRY(ledger::open_account(sql, deposit.payer, deposit.time_ms));
  const auto refusal =
      TRY(ledger::post(sql, {{.key = deposit.key, .debit = outside, .credit = deposit.payer, .amount = deposit.amount}},
                       {.entry = std::nullopt, .time_ms = deposit.time_ms}));
  if (refusal) return fail(ErrorCode::invalid_argument, "the deposit is refused: " + refusal->message);
  return {};
}

Result<void> post_payouts(sql::Transaction& sql, const Payment& payment) {
  const auto payer = TRY(ledger::AccountId::payer(payment.payer));
  std::vector<ledger::Transfer> transfers;
  for (const auto& payout : payment.payouts) {
    const auto account = TRY(ledger::AccountId::parse(payout.account));
    TRY(ledger::open_account(sql, account, payment.time_ms));
    transfers.push_back({.key = "receipt:" + payment.receipt_id + ":" + payout.account,
                         .debit = payer,
                         .credit = account,
                         .amount = payout.amount});
  }
  const auto refusal = TRY(ledger::post(sql, transfers, {.entry = payment.entry, .time_ms = payment.time_ms}));
  if (refusal) return fail(ErrorCode::internal, "the ledger refused a payout: " + refusal->message);
  return {};
}

std::string receipt_id(const Hash256& body_sha256) { return body_sha256.hex().substr(0, kReceiptIdDigits); }

}  // namespace tribute::usecase
