#include "ledger/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <limits>

#include "base/checked.h"

namespace tribute::ledger {
namespace {

using testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

AccountId account(std::string_view text) { return AccountId::parse(text).value(); }

TEST(AccountId, ReadsWhatItWrites) {
  for (const std::string_view text :
       {"contributor:000000000012", "treasury:000000000000", "owner:999999999999", "stakers:000000000007",
        "owner:1000000000000", "contributor:9223372036854775807", "payer:alice", "payer:!~", "platform", "outside"}) {
    EXPECT_EQ(account(text).text(), text);
  }
  EXPECT_EQ(AccountId::of(AccountKind::stakers, EntryIndex(7)), account("stakers:000000000007"));
  EXPECT_EQ(AccountId::payer("alice").value(), account("payer:alice"));
  EXPECT_EQ(AccountId::platform(), account("platform"));
  EXPECT_EQ(account("treasury:000000000003").kind(), AccountKind::treasury);
  EXPECT_EQ(account("treasury:000000000003").entry(), EntryIndex(3));
  EXPECT_EQ(account("payer:a").entry(), std::nullopt);
  EXPECT_TRUE(AccountId::outside().may_be_negative());
  EXPECT_FALSE(AccountId::platform().may_be_negative());
  EXPECT_LT(account("contributor:000000000012"), account("contributor:000000000013"));
}

TEST(AccountId, HasOneSpellingAndNoOtherKinds) {
  for (const std::string& text : {std::string(),
                                  std::string("alice"),
                                  std::string("contributor"),
                                  std::string("contributor:"),
                                  std::string("contributor:12"),
                                  std::string("contributor:0000000000012"),
                                  std::string("contributor:-00000000012"),
                                  std::string("contributor:+00000000012"),
                                  std::string("contributor:00000000001x"),
                                  std::string("contributor:9223372036854775808"),
                                  std::string("contributor:99999999999999999999999"),
                                  std::string("Platform"),
                                  std::string("platform:"),
                                  std::string("outside:000000000001"),
                                  std::string("payer:"),
                                  std::string("payer:a b"),
                                  std::string("payer:a:b"),
                                  std::string("payer:é"),
                                  std::string("payer:\n"),
                                  "payer:" + std::string(129, 'a')}) {
    const auto parsed = AccountId::parse(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(AccountId::payer(std::string(128, 'a')).has_value());
}

const AccountId kAlice = account("payer:alice");
const AccountId kBob = account("payer:bob");
const AccountId kWriter = account("contributor:000000000001");
const AccountId kOutside = AccountId::outside();

// A transfer that may happen, and the books that it finds.
struct Situation {
  Transfer transfer{.key = "k", .debit = kAlice, .credit = kWriter, .amount = Amount(10)};
  Books books{.balances = {{kAlice, Amount(10)}, {kWriter, Amount(3)}}, .posted = {}};
};

// One refusal with what brings it about and what its message tells.
struct Reason {
  TransferRefusal refusal;
  std::function<void(Situation&)> bring_about;
  std::string message;
};

const std::vector<Reason> kReasons = {
    {TransferRefusal::invalid_key, [](Situation& s) { s.transfer.key = "\n"; }, "the key must be 1 to 256"},
    {TransferRefusal::amount_not_positive, [](Situation& s) { s.transfer.amount = Amount(0); }, "at least 1, not 0"},
    {TransferRefusal::same_account, [](Situation& s) { s.transfer.credit = s.transfer.debit; }, "cannot pay itself"},
    {TransferRefusal::key_reused,
     [](Situation& s) {
       for (const char* key : {"k", "\n"}) {
         s.books.posted.emplace(key, Transfer{.key = key, .debit = kBob, .credit = kAlice, .amount = Amount(7)});
       }
     },
     "names a transfer of 7 from payer:bob to payer:alice"},
    {TransferRefusal::unknown_debit_account, [](Situation& s) { s.books.balances.erase(kAlice); },
     "payer:alice is not open"},
    {TransferRefusal::unknown_credit_account, [](Situation& s) { s.books.balances.erase(kWriter); },
     "contributor:000000000001 is not open"},
    {TransferRefusal::insufficient_funds, [](Situation& s) { s.books.balances.at(kAlice) = Amount(9); },
     "has 9 and 10 are needed"},
    {TransferRefusal::balance_overflow, [](Situation& s) { s.books.balances.at(kWriter) = Amount(kMax - 9); },
     "would exceed"},
};

Refusal refusal_of(const Situation& situation) {
  return std::get<Refusal>(decide({situation.transfer}, situation.books));
}

TEST(Decide, PostsWhatNothingSpeaksAgainst) {
  const Situation situation;
  EXPECT_EQ(std::get<0>(decide({situation.transfer}, situation.books)),
            (std::vector<Posting>{{situation.transfer, Amount(0), Amount(13)}}));
}

TEST(Decide, EveryReasonAlone) {
  for (const Reason& reason : kReasons) {
    Situation situation;
    reason.bring_about(situation);
    const Refusal refusal = refusal_of(situation);
    EXPECT_EQ(refusal.reason, reason.refusal) << name_of(reason.refusal);
    EXPECT_THAT(refusal.message, HasSubstr(reason.message));
    EXPECT_EQ(refusal.index, 0U);
  }
}

TEST(Decide, OfTwoReasonsTheFirstInPrecedenceIsGiven) {
  for (size_t first = 0; first < kReasons.size(); ++first) {
    for (size_t second = first + 1; second < kReasons.size(); ++second) {
      Situation situation;
      kReasons[second].bring_about(situation);
      kReasons[first].bring_about(situation);
      EXPECT_EQ(refusal_of(situation).reason, kReasons[first].refusal)
          << name_of(kReasons[first].refusal) << " and " << name_of(kReasons[second].refusal);
    }
  }
}

TEST(Decide, ReasonsStandInTheOrderOfTheEnum) {
  for (size_t i = 0; i < kReasons.size(); ++i) EXPECT_EQ(static_cast<size_t>(kReasons[i].refusal), i);
}

TEST(Decide, KeysHaveALimit) {
  Situation situation;
  situation.transfer.key = std::string(kMaxKeyBytes, 'k');
  EXPECT_TRUE(std::holds_alternative<std::vector<Posting>>(decide({situation.transfer}, situation.books)));
  situation.transfer.key += 'k';
  EXPECT_EQ(refusal_of(situation).reason, TransferRefusal::invalid_key);
  situation.transfer.key = "";
  EXPECT_EQ(refusal_of(situation).reason, TransferRefusal::invalid_key);
}

TEST(Decide, WhatIsDoneIsNotDoneAgainAndNotRefused) {
  Situation situation;
  situation.books.posted.emplace("k", situation.transfer);
  situation.books.balances.at(kAlice) = Amount(0);
  EXPECT_TRUE(std::get<0>(decide({situation.transfer}, situation.books)).empty());

  const Situation fresh;
  EXPECT_EQ(std::get<0>(decide({fresh.transfer, fresh.transfer}, fresh.books)).size(), 1U) << "twice in a batch";
  Transfer other = fresh.transfer;
  other.amount = Amount(1);
  EXPECT_EQ(std::get<Refusal>(decide({fresh.transfer, other}, fresh.books)).reason, TransferRefusal::key_reused);
}

TEST(Decide, LaterTransfersFindWhatEarlierOnesLeft) {
  const Books books{.balances = {{kAlice, Amount(0)}, {kBob, Amount(5)}, {kWriter, Amount(0)}}, .posted = {}};
  const Transfer to_alice{.key = "1", .debit = kBob, .credit = kAlice, .amount = Amount(5)};
  const Transfer from_alice{.key = "2", .debit = kAlice, .credit = kWriter, .amount = Amount(5)};
  EXPECT_EQ(std::get<0>(decide({to_alice, from_alice}, books)).size(), 2U);
  const Refusal refusal = std::get<Refusal>(decide({from_alice, to_alice}, books));
  EXPECT_EQ(refusal.reason, TransferRefusal::insufficient_funds);
  EXPECT_EQ(refusal.index, 0U);
}

TEST(Decide, OnlyOutsideGoesBelowZeroAndNoBalanceLeavesItsRange) {
  Books books{.balances = {{kOutside, Amount(0)}, {kAlice, Amount(0)}}, .posted = {}};
  const Transfer all{.key = "1", .debit = kOutside, .credit = kAlice, .amount = Amount(kMax)};
  EXPECT_EQ(std::get<0>(decide({all}, books)), (std::vector<Posting>{{all, Amount(-kMax), Amount(kMax)}}));
  books.balances = {{kOutside, Amount(-kMax)}, {kAlice, Amount(0)}};
  const Transfer one{.key = "1", .debit = kOutside, .credit = kAlice, .amount = Amount(1)};
  EXPECT_EQ(std::get<Refusal>(decide({one}, books)).reason, TransferRefusal::balance_overflow);
}

// The twin: accounts by text, balances in 128 bits, and after each transfer a look at what must hold.
struct NaiveLedger {
  std::map<std::string, int128_t> balances;
  std::map<std::string, Transfer> posted;

  bool apply(const Transfer& transfer) {
    if (const auto earlier = posted.find(transfer.key); earlier != posted.end()) return earlier->second == transfer;
    if (transfer.key.empty() || transfer.amount.millionths() < 1) return false;
    auto next = balances;
    const std::string& debit = transfer.debit.text();
    const std::string& credit = transfer.credit.text();
    if (debit == credit || !next.contains(debit) || !next.contains(credit)) return false;
    next[debit] -= transfer.amount.millionths();
    next[credit] += transfer.amount.millionths();
    for (const auto& [text, balance] : next) {
      if (balance > kMax || balance < -int128_t{kMax} || (balance < 0 && text != "outside")) return false;
    }
    balances = next;
    posted.emplace(transfer.key, transfer);
    return true;
  }
};

Transfer any_transfer(int64_t most) {
  const auto any_account = [] {
    return *rc::gen::element(kOutside, kAlice, kBob, kWriter, AccountId::platform(), account("payer:unknown"));
  };
  return {.key = *rc::gen::oneOf(rc::gen::map(rc::gen::inRange(0, 40), [](int i) { return std::to_string(i); }),
                                 rc::gen::just(std::string())),
          .debit = any_account(),
          .credit = any_account(),
          .amount = Amount(*rc::gen::oneOf(rc::gen::inRange<int64_t>(-1, 20), rc::gen::inRange<int64_t>(0, most)))};
}

TEST(Decide, RandomDaysAgreeWithTheNaiveTwin) {
  EXPECT_TRUE(rc::check("a day of batches, each all or nothing", [] {
    const int64_t most = *rc::gen::element<int64_t>(20, kMax);
    Books books{.balances = {}, .posted = {}};
    NaiveLedger twin;
    for (const AccountId& open : {kOutside, kAlice, kBob, kWriter, AccountId::platform()}) {
      books.balances.emplace(open, Amount(0));
      twin.balances[open.text()] = 0;
    }
    for (int batch = 0; batch < 30; ++batch) {
      std::vector<Transfer> transfers;
      const auto size = *rc::gen::inRange(0, 4);
      for (int i = 0; i < size; ++i) transfers.push_back(any_transfer(most));

      NaiveLedger after = twin;
      bool all = true;
      for (const Transfer& transfer : transfers) all = all && after.apply(transfer);
      const auto decision = decide(transfers, books);
      RC_ASSERT(std::holds_alternative<std::vector<Posting>>(decision) == all);
      if (!all) continue;
      twin = after;
      for (const Posting& posting : std::get<0>(decision)) {
        books.balances.at(posting.transfer.debit) = posting.debit_balance;
        books.balances.at(posting.transfer.credit) = posting.credit_balance;
        books.posted.emplace(posting.transfer.key, posting.transfer);
      }
      int128_t sum = 0;
      for (const auto& [id, balance] : books.balances) {
        RC_ASSERT((twin.balances.at(id.text()) == balance.millionths()));
        sum += balance.millionths();
      }
      RC_ASSERT((sum == 0));
      RC_ASSERT(books.posted.size() == twin.posted.size());
    }
  }));
}

}  // namespace
}  // namespace tribute::ledger
