#include "ledger/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>
#include <map>

#include "io/memory_file_system.h"

namespace tribute::ledger {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

const AccountId kOutside = AccountId::outside();
const AccountId kAlice = AccountId::payer("alice").value();
const AccountId kPlatform = AccountId::platform();
const AccountId kWriter = AccountId::of(AccountKind::contributor, EntryIndex(1));

// A database in memory with the ledger's tables.
struct Store {
  io::MemoryFileSystem files;
  std::unique_ptr<sql::Database> database;

  Store() {
    database = sql::Database::open(files, "tribute.db").value();
    const auto migrated = database->migrate({&ledger_schema(), 1});
    EXPECT_TRUE(migrated.has_value()) << (migrated ? "" : migrated.error().message);
  }

  sql::Transaction begin() { return database->begin().value(); }

  // Opens the accounts and posts the transfers in a transaction of its own.
  std::optional<Refusal> post_all(const std::vector<Transfer>& transfers, const Occasion& occasion = {}) {
    auto sql = begin();
    for (const AccountId& account : {kOutside, kAlice, kPlatform, kWriter}) {
      EXPECT_TRUE(open_account(sql, account, 5).has_value());
    }
    auto refusal = post(sql, transfers, occasion).value();
    EXPECT_TRUE(std::move(sql).commit().has_value());
    return refusal;
  }

  Result<Recount> recounted() {
    auto sql = begin();
    return recount(sql);
  }

  // What a hand in the file may do.
  void tamper(std::string_view statement) {
    auto sql = begin();
    EXPECT_TRUE(sql.execute(statement).has_value()) << statement;
    EXPECT_TRUE(std::move(sql).commit().has_value());
  }
};

const std::vector<Transfer> kDay = {
    {.key = "deposit", .debit = kOutside, .credit = kAlice, .amount = Amount(100)},
    {.key = "fee", .debit = kAlice, .credit = kPlatform, .amount = Amount(30)},
    {.key = "share", .debit = kAlice, .credit = kWriter, .amount = Amount(20)},
};

TEST(LedgerStore, KeepsBalancesAndStatements) {
  Store store;
  EXPECT_EQ(store.post_all(kDay, {.entry = EntryIndex(7), .time_ms = 1000}), std::nullopt);
  auto sql = store.begin();
  EXPECT_EQ(find_balance(sql, kAlice), Amount(50));
  EXPECT_EQ(find_balance(sql, AccountId::payer("bob").value()).value(), std::nullopt);
  EXPECT_THAT(list_accounts(sql).value(),
              ElementsAre(AccountBalance{kWriter, Amount(20)}, AccountBalance{kOutside, Amount(-100)},
                          AccountBalance{kAlice, Amount(50)}, AccountBalance{kPlatform, Amount(30)}));
  const std::optional<EntryIndex> seven(7);
  const StatementLine first{1, 1000, "outside", Amount(100), Amount(100), "deposit", seven};
  const StatementLine second{2, 1000, "platform", Amount(-30), Amount(70), "fee", seven};
  const StatementLine third{3, 1000, kWriter.text(), Amount(-20), Amount(50), "share", seven};
  EXPECT_THAT(statement(sql, kAlice).value(), ElementsAre(first, second, third));
  EXPECT_THAT(statement(sql, kAlice, {.after = 1, .limit = 1}).value(), ElementsAre(second));
  EXPECT_THAT(statement(sql, kAlice, {.after = 3}).value(), IsEmpty());
  EXPECT_THAT(statement(sql, kPlatform).value(),
              ElementsAre(StatementLine{2, 1000, kAlice.text(), Amount(30), Amount(30), "fee", seven}));
  EXPECT_THAT(statement(sql, AccountId::payer("bob").value()).value(), IsEmpty());
}

TEST(LedgerStore, FindsTheTransfersOfAnEntry) {
  Store store;
  store.post_all({kDay[0]});
  store.post_all({kDay[1], kDay[2]}, {.entry = EntryIndex(7), .time_ms = 1000});
  auto sql = store.begin();
  EXPECT_THAT(transfers_of(sql, EntryIndex(7)).value(), ElementsAre(kDay[1], kDay[2]));
  EXPECT_THAT(transfers_of(sql, EntryIndex(0)).value(), IsEmpty());
}

TEST(LedgerStore, OpeningAnOpenAccountChangesNothing) {
  Store store;
  store.post_all(kDay);
  store.post_all({});
  EXPECT_EQ(store.recounted(), (Recount{.account_count = 4, .transfer_count = 3}));
}

TEST(LedgerStore, ARefusedBatchLeavesNothingBehind) {
  Store store;
  EXPECT_EQ(store.post_all({kDay[0]}), std::nullopt);
  const auto refusal =
      store.post_all({kDay[1], {.key = "much", .debit = kAlice, .credit = kWriter, .amount = Amount(71)}, kDay[2]});
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, TransferRefusal::insufficient_funds);
  EXPECT_EQ(refusal->index, 1U);
  EXPECT_THAT(refusal->message, HasSubstr("payer:alice has 70 and 71 are needed"));
  EXPECT_EQ(store.recounted(), (Recount{.account_count = 4, .transfer_count = 1}));
}

TEST(LedgerStore, AKeyIsPostedOnce) {
  Store store;
  store.post_all(kDay);
  EXPECT_EQ(store.post_all(kDay), std::nullopt);
  EXPECT_EQ(store.recounted()->transfer_count, 3U);
  Transfer other = kDay[2];
  other.amount = Amount(21);
  EXPECT_EQ(store.post_all({other})->reason, TransferRefusal::key_reused);
}

TEST(LedgerStore, WhatWasCommittedIsThereAfterReopening) {
  Store store;
  store.post_all(kDay);
  store.database.reset();
  store.database = sql::Database::open(store.files, "tribute.db").value();
  EXPECT_EQ(store.recounted(), (Recount{.account_count = 4, .transfer_count = 3}));
}

TEST(Recount, FindsEveryTampering) {
  struct Case {
    std::string statement;
    std::string message;
  };
  for (const auto& [statement, message] : std::vector<Case>{
           {"UPDATE ledger_account SET balance = balance + 1 WHERE id = 'platform'", "account platform has 31"},
           {"UPDATE ledger_account SET balance = 0 WHERE id = 'outside'", "account outside has 0"},
           {"UPDATE ledger_transfer SET amount = 31 WHERE sequence = 2", "transfer 2 leaves account payer:alice"},
           {"UPDATE ledger_transfer SET amount = -1 WHERE sequence = 2", "transfer 2 is of -1"},
           {"UPDATE ledger_transfer SET debit_balance = 0 WHERE sequence = 2", "transfer 2 leaves account payer:alice"},
           {"UPDATE ledger_transfer SET credit_balance = 0 WHERE sequence = 3",
            "transfer 3 leaves account contributor:000000000001"},
           {"UPDATE ledger_transfer SET credit = 'payer:alice' WHERE sequence = 2", "to itself"},
           {"UPDATE ledger_transfer SET credit = 'contributor:000000000001' WHERE sequence = 2",
            "transfer 3 leaves account contributor:000000000001"},
           {"UPDATE ledger_transfer SET debit = 'platform', debit_balance = -100 WHERE sequence = 1", "below zero"},
           {"DELETE FROM ledger_transfer WHERE sequence = 1", "transfer 1 is missing"},
           {"DELETE FROM ledger_transfer WHERE sequence = 3", "account "},
           {"DELETE FROM ledger_account WHERE id = 'platform'", "account platform has transfers and is not there"},
           {"INSERT INTO ledger_account (id, balance, opened_ms) VALUES ('payer:eve', 5, 0)",
            "account payer:eve has 5"},
       }) {
    Store store;
    store.post_all(kDay);
    auto sql = store.begin();
    ASSERT_TRUE(sql.execute("PRAGMA defer_foreign_keys = ON").has_value());
    ASSERT_TRUE(sql.execute(statement).has_value()) << statement;
    const auto counted = recount(sql);
    ASSERT_FALSE(counted.has_value()) << statement;
    EXPECT_EQ(counted.error().code, ErrorCode::data_loss);
    EXPECT_THAT(counted.error().message, HasSubstr(message)) << statement;
  }
}

TEST(LedgerStore, DamagedRowsAreNamed) {
  Store store;
  store.post_all(kDay);
  store.tamper("UPDATE ledger_account SET balance = -5 WHERE id = 'platform'");
  store.tamper("INSERT INTO ledger_account (id, balance, opened_ms) VALUES ('nobody', 0, 0)");
  store.tamper("UPDATE ledger_transfer SET amount = 0 WHERE sequence = 3");
  auto sql = store.begin();
  EXPECT_THAT(statement(sql, kWriter).error().message, HasSubstr("transfer 'share' is of 0"));
  EXPECT_THAT(find_balance(sql, kPlatform).error().message, HasSubstr("account platform has a balance of -5"));
  EXPECT_EQ(list_accounts(sql).error().code, ErrorCode::data_loss);
  EXPECT_EQ(post(sql, kDay, {}).error().code, ErrorCode::data_loss);
}

TEST(LedgerStore, RandomDaysAgreeWithAMapAndTheRecount) {
  EXPECT_TRUE(rc::check("balances, statements and recount", [] {
    Store store;
    store.post_all({});
    const std::vector<AccountId> accounts = {kOutside, kAlice, kPlatform, kWriter};
    std::map<AccountId, int64_t> twin;
    uint64_t posted = 0;
    for (int i = 0; i < 25; ++i) {
      const auto& debit = *rc::gen::elementOf(accounts);
      const auto& credit = *rc::gen::elementOf(accounts);
      const int64_t amount = *rc::gen::inRange<int64_t>(0, 50);
      const bool legal = amount > 0 && debit != credit && (debit == kOutside || twin[debit] >= amount);
      const auto refusal = store.post_all(
          {{.key = "t" + std::to_string(i), .debit = debit, .credit = credit, .amount = Amount(amount)}});
      RC_ASSERT(refusal.has_value() != legal);
      if (!legal) continue;
      twin[debit] -= amount;
      twin[credit] += amount;
      ++posted;
    }
    RC_ASSERT(store.recounted().value() == (Recount{.account_count = 4, .transfer_count = posted}));
    auto sql = store.begin();
    for (const AccountId& account : accounts) {
      RC_ASSERT(find_balance(sql, account).value() == Amount(twin[account]));
      int64_t balance = 0;
      const auto lines = statement(sql, account).value();
      for (const StatementLine& line : lines) {
        balance += line.change.millionths();
        RC_ASSERT(line.balance == Amount(balance));
      }
      RC_ASSERT(balance == twin[account]);
    }
  }));
}

TEST(LedgerStore, TheLargestAmountsAreKept) {
  Store store;
  EXPECT_EQ(store.post_all({{.key = "all", .debit = kOutside, .credit = kAlice, .amount = Amount(kMax)}}),
            std::nullopt);
  EXPECT_EQ(store.post_all({{.key = "more", .debit = kOutside, .credit = kWriter, .amount = Amount(1)}})->reason,
            TransferRefusal::balance_overflow);
  EXPECT_TRUE(store.recounted().has_value());
}

}  // namespace
}  // namespace tribute::ledger
