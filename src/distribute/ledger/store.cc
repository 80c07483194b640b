#include "ledger/store.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace tribute::ledger {
namespace {

constexpr std::array<sql::Migration, 1> kMigrations = {{{.version = 1, .script = R"(
CREATE TABLE ledger_account (
  id TEXT PRIMARY KEY NOT NULL,
  balance BIGINT NOT NULL,
  opened_ms BIGINT NOT NULL
);
CREATE TABLE ledger_transfer (
  sequence BIGINT PRIMARY KEY NOT NULL,
  transfer_key TEXT NOT NULL UNIQUE,
  debit TEXT NOT NULL REFERENCES ledger_account (id),
  credit TEXT NOT NULL REFERENCES ledger_account (id),
  amount BIGINT NOT NULL,
  debit_balance BIGINT NOT NULL,
  credit_balance BIGINT NOT NULL,
  entry BIGINT,
  time_ms BIGINT NOT NULL
);
CREATE INDEX ledger_transfer_by_debit ON ledger_transfer (debit, sequence);
CREATE INDEX ledger_transfer_by_credit ON ledger_transfer (credit, sequence);
CREATE INDEX ledger_transfer_by_entry ON ledger_transfer (entry, sequence);
)"}}};

constexpr sql::Schema kSchema = {.module = "ledger", .migrations = kMigrations};

int64_t column(uint64_t value) {
  CHECK(value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max()));
  return static_cast<int64_t>(value);
}

sql::Value column(const std::optional<EntryIndex>& entry) {
  if (!entry) return std::monostate();
  return column(entry->value());
}

// An account or balance that this program would not have written.
std::unexpected<Error> damaged(const std::string& what) {
  return fail(ErrorCode::data_loss, "the ledger is damaged: " + what + "; restore a backup with `tribute restore`");
}

Result<AccountId> account_in(const std::string& text) {
  auto account = AccountId::parse(text);
  if (!account) return damaged(account.error().message);
  return account;
}

Result<Amount> balance_in(const AccountId& account, int64_t millionths) {
  const bool in_range =
      millionths >= 0 || (account.may_be_negative() && millionths != std::numeric_limits<int64_t>::min());
  if (!in_range) return damaged("account " + account.text() + " has a balance of " + std::to_string(millionths));
  return Amount(millionths);
}

Result<Amount> amount_in(const std::string& key, int64_t millionths) {
  if (millionths <= 0) return damaged("transfer '" + key + "' is of " + std::to_string(millionths));
  return Amount(millionths);
}

// Columns: transfer_key, debit, credit, amount.
Result<Transfer> transfer_in(const sql::Row& row) {
  return Transfer{.key = row.text(0),
                  .debit = TRY(account_in(row.text(1))),
                  .credit = TRY(account_in(row.text(2))),
                  .amount = TRY(amount_in(row.text(0), row.integer(3)))};
}

Result<std::optional<Transfer>> find_posted(sql::Transaction& sql, const std::string& key) {
  const auto row = TRY(
      sql.query_one("SELECT transfer_key, debit, credit, amount FROM ledger_transfer WHERE transfer_key = ?", {key}));
  if (!row) return std::nullopt;
  return TRY(transfer_in(*row));
}

// What the tables know of the accounts and keys of a batch.
Result<Books> books_for(sql::Transaction& sql, const std::vector<Transfer>& transfers) {
  Books books;
  for (const Transfer& transfer : transfers) {
    for (const AccountId* account : {&transfer.debit, &transfer.credit}) {
      if (books.balances.contains(*account)) continue;
      const auto balance = TRY(find_balance(sql, *account));
      if (balance) books.balances.emplace(*account, *balance);
    }
    if (books.posted.contains(transfer.key)) continue;
    auto posted = TRY(find_posted(sql, transfer.key));
    if (posted) books.posted.emplace(transfer.key, std::move(*posted));
  }
  return books;
}

Result<uint64_t> last_sequence(sql::Transaction& sql) {
  const auto row = TRY(sql.query_one("SELECT MAX(sequence) FROM ledger_transfer"));
  return row && !row->is_null(0) ? static_cast<uint64_t>(row->integer(0)) : 0;
}

Result<void> write(sql::Transaction& sql, const std::vector<Posting>& postings, const Occasion& occasion) {
  std::map<AccountId, Amount> balances;
  uint64_t sequence = TRY(last_sequence(sql));
  for (const Posting& posting : postings) {
    const Transfer& transfer = posting.transfer;
    TRY(
        sql.execute("INSERT INTO ledger_transfer (sequence, transfer_key, debit, credit, amount, debit_balance, "
                    "credit_balance, entry, time_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {column(++sequence), transfer.key, transfer.debit.text(), transfer.credit.text(),
                     transfer.amount.millionths(), posting.debit_balance.millionths(),
                     posting.credit_balance.millionths(), column(occasion.entry), column(occasion.time_ms)}));
    balances.insert_or_assign(transfer.debit, posting.debit_balance);
    balances.insert_or_assign(transfer.credit, posting.credit_balance);
  }
  for (const auto& [account, balance] : balances) {
    const auto changed =
        TRY(sql.execute("UPDATE ledger_account SET balance = ? WHERE id = ?", {balance.millionths(), account.text()}));
    CHECK(changed == 1);
  }
  return {};
}

}  // namespace

const sql::Schema& ledger_schema() { return kSchema; }

Result<void> open_account(sql::Transaction& sql, const AccountId& account, uint64_t time_ms) {
  TRY(sql.execute("INSERT INTO ledger_account (id, balance, opened_ms) VALUES (?, 0, ?) ON CONFLICT (id) DO NOTHING",
                  {account.text(), column(time_ms)}));
  return {};
}

Result<std::optional<Refusal>> post(sql::Transaction& sql, const std::vector<Transfer>& transfers,
                                    const Occasion& occasion) {
  const Books books = TRY(books_for(sql, transfers));
  auto decision = decide(transfers, books);
  if (auto* refusal = std::get_if<Refusal>(&decision)) return std::move(*refusal);
  TRY(write(sql, std::get<std::vector<Posting>>(decision), occasion));
  return std::nullopt;
}

Result<std::optional<Amount>> find_balance(sql::Transaction& sql, const AccountId& account) {
  const auto row = TRY(sql.query_one("SELECT balance FROM ledger_account WHERE id = ?", {account.text()}));
  if (!row) return std::nullopt;
  return TRY(balance_in(account, row->integer(0)));
}

Result<std::vector<Transfer>> transfers_of(sql::Transaction& sql, EntryIndex entry) {
  std::vector<Transfer> transfers;
  for (const sql::Row& row : TRY(sql.query("SELECT transfer_key, debit, credit, amount FROM ledger_transfer "
                                           "WHERE entry = ? ORDER BY sequence",
                                           {column(entry.value())}))) {
    transfers.push_back(TRY(transfer_in(row)));
  }
  return transfers;
}

Result<std::vector<AccountBalance>> list_accounts(sql::Transaction& sql) {
  std::vector<AccountBalance> accounts;
  for (const sql::Row& row : TRY(sql.query("SELECT id, balance FROM ledger_account"))) {
    AccountId account = TRY(account_in(row.text(0)));
    const Amount balance = TRY(balance_in(account, row.integer(1)));
    accounts.push_back({std::move(account), balance});
  }
  // Databases order texts by locales of their own.
  std::ranges::sort(accounts, {}, &AccountBalance::account);
  return accounts;
}

Result<std::vector<StatementLine>> statement(sql::Transaction& sql, const AccountId& account,
                                             const StatementPage& page) {
  const auto rows = TRY(
      sql.query("SELECT sequence, transfer_key, debit, credit, amount, debit_balance, credit_balance, entry, time_ms "
                "FROM ledger_transfer WHERE (debit = ? OR credit = ?) AND sequence > ? ORDER BY sequence LIMIT ?",
                {account.text(), account.text(), column(page.after), column(page.limit)}));
  std::vector<StatementLine> lines;
  lines.reserve(rows.size());
  for (const sql::Row& row : rows) {
    const bool pays = row.text(2) == account.text();
    const int64_t amount = TRY(amount_in(row.text(1), row.integer(4))).millionths();
    StatementLine line{.sequence = static_cast<uint64_t>(row.integer(0)),
                       .time_ms = static_cast<uint64_t>(row.integer(8)),
                       .other_account = row.text(pays ? 3 : 2),
                       .change = Amount(pays ? -amount : amount),
                       .balance = TRY(balance_in(account, row.integer(pays ? 5 : 6))),
                       .key = row.text(1),
                       .entry = std::nullopt};
    if (!row.is_null(7)) line.entry = EntryIndex(static_cast<uint64_t>(row.integer(7)));
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace tribute::ledger
